package proptest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sim"
	"samerun/sim/fault"
)

// Every schedule that is drawn is valid, keeps to its options, and runs.
func TestSchedulesKeepToTheirOptions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "nodes")
		horizon := time.Duration(rapid.Int64Range(int64(10*time.Millisecond), int64(1000*time.Hour)).Draw(t, "horizon"))
		budget := rapid.IntRange(0, 300).Draw(t, "budget")
		down := rapid.IntRange(0, n).Draw(t, "down")
		s := Schedules(Nodes(n), Horizon(horizon), Budget(budget), MaxDown(down), Methods("A.B"), AllKinds).Draw(t, "schedule")
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		if s.Size() > budget || s.Quiet != horizon-horizon/5 {
			t.Fatalf("%d faults and quiet at %v; the budget is %d and the horizon %v", s.Size(), s.Quiet, budget, horizon)
		}
		if !slices.IsSortedFunc(s.Faults, func(a, b fault.Fault) int { return int(a.At - b.At) }) && horizon < time.Second {
			t.Fatal("the faults are not in the order of time")
		}
		names := nodeNames(n)
		for _, f := range s.Faults {
			if end, ends := f.End(); f.At >= s.Quiet || ends && end > s.Quiet {
				t.Fatalf("%v lasts beyond quiet at %v", f, s.Quiet)
			}
			for _, name := range slices.Concat(f.From, f.To, f.Nodes) {
				if !slices.Contains(names, name) {
					t.Fatalf("%v befalls %q, which is none of %d nodes", f, name, n)
				}
			}
		}
		mostDown(t, s, down)
	})
}

// mostDown counts at each beginning how many nodes are down.
func mostDown(t *rapid.T, s fault.Schedule, limit int) {
	for _, f := range s.Faults {
		down := map[string]bool{}
		for _, g := range s.Faults {
			end, ends := g.End()
			if goesDown(g.Kind) && g.At <= f.At && (!ends || f.At < end) {
				down[g.Nodes[0]] = true
			}
		}
		if len(down) > limit {
			t.Fatalf("%d nodes are down at %v; at most %d may be", len(down), f.At, limit)
		}
	}
}

// Sizes vary over the whole range, and every kind is drawn about as often as the
// others.
func TestSchedulesVary(t *testing.T) {
	const draws = 2000
	g := Schedules(Nodes(5), Budget(40), MaxDown(5), AllKinds)
	var empty, upToFive, half, full, total int
	kinds := map[fault.Kind]int{}
	for i := range draws {
		s := g.Example(i + 1)
		switch n := s.Size(); {
		case n == 0:
			empty++
		case n == 40:
			full++
			fallthrough
		case n >= 20:
			half++
		}
		if s.Size() <= 5 {
			upToFive++
		}
		total += s.Size()
		for _, f := range s.Faults {
			kinds[f.Kind]++
		}
	}
	t.Logf("of %d schedules %d are empty, %d have up to 5 faults, %d have 20 or more, %d have 40", draws, empty, upToFive, half, full)
	for _, c := range []struct {
		name       string
		count      int
		least, top int // percent
	}{{"empty", empty, 10, 30}, {"up to 5 faults", upToFive, 40, 70}, {"20 or more", half, 12, 35}, {"40", full, 3, 20}} {
		if c.count*100 < c.least*draws || c.count*100 > c.top*draws {
			t.Errorf("%d of %d schedules are %s; it should be from %d to %d %%", c.count, draws, c.name, c.least, c.top)
		}
	}
	all := slices.DeleteFunc(fault.Kinds(), func(i fault.Info) bool { return i.Group == fault.Sockets || needsFile(i) })
	for _, k := range all {
		mean := total / len(all)
		if n := kinds[k.Kind]; n < mean/2 || n > 2*mean {
			t.Errorf("%s was drawn %d times; the mean is %d", k.Kind, n, mean)
		}
	}
	names := Topologies(1, 7)
	var sizes [8]int
	for i := range draws {
		sizes[len(names.Example(i+1))]++
	}
	for n, count := range sizes[1:] {
		if count < draws/7*2/3 || count > draws/7*3/2 {
			t.Errorf("%d of %d topologies have %d nodes; every seventh should", count, draws, n+1)
		}
	}
}

// The empty input, which is what everything shrinks to, is the calm run.
func TestZeroIsCalm(t *testing.T) {
	var cfg sim.Config
	var ops Workload[int]
	var names []string
	t.Run("fuzz", func(t *testing.T) {
		MakeFuzz(func(p *P) {
			names = Draw(p, Topologies(3, 9), "names")
			cfg = Draw(p, Configs(Names(names...), AllKinds), "config")
			ops = Draw(p, Workloads(5, 100, time.Second, rapid.IntRange(0, 9)), "operations")
			if p.Seed != 0 {
				p.Fail(nil)
			}
		})(t, nil)
	})
	if cfg.Seed != 0 || cfg.Link != sim.DefaultLink() || cfg.Faults == nil || cfg.Faults.Size() != 0 || len(ops) != 0 || len(names) != 3 {
		t.Errorf("zeros give %+v, %v, %v; it should be a calm run without operations on 3 nodes", cfg, ops, names)
	}
}

// Whatever configuration is drawn is one that a world accepts.
func TestConfigsRun(t *testing.T) {
	Check(t, func(p *P) {
		cfg := Draw(p, Configs(Nodes(4), Horizon(time.Second), AllKinds, Methods("Store.Add")), "config")
		p.RunConfig(cfg, func(w *sim.World) {
			rn, _ := stores(w, "n0", "n1", "n2", "n3")
			end := rn.dial("n0")
			for w.Elapsed() < time.Second {
				var total int
				end.Call("Store.Add", 1, &total)
				w.Sleep(10 * time.Millisecond)
			}
		})
	})
}

func TestBadOptions(t *testing.T) {
	for want, options := range map[string][]Option{
		"Nodes was given 0":            {Nodes(0)},
		"Names was given no name":      {Names()},
		"faults need nodes to befall":  nil,
		"Horizon was given 0s":         {Nodes(3), Horizon(0)},
		"QuietAt was given -1ns":       {Nodes(3), QuietAt(-1)},
		"Budget was given -1":          {Nodes(3), Budget(-1)},
		"MaxDown was given -1":         {Nodes(3), MaxDown(-1)},
		"Kinds was given no kind":      {Nodes(3), Kinds()},
		`"meteor", which is no kind`:   {Nodes(3), Kinds("meteor")},
		"none of the kinds can befall": {Nodes(3), Kinds(fault.Ring)},
		"an option is nil":             {nil},
	} {
		r := fails(t, func(p *P) { p.Faults(options...) }, want)
		if text := r.log.String(); strings.Contains(text, "panic") || strings.Contains(text, "Traceback") {
			t.Errorf("the report has a stack:\n%s", text)
		}
	}
	int1 := rapid.IntRange(0, 1)
	for want, draw := range map[string]func(*P){
		"0 to 3 nodes":             func(p *P) { Draw(p, Topologies(0, 3), "x") },
		"4 to 3 nodes":             func(p *P) { Draw(p, Topologies(4, 3), "x") },
		"was given 0 clients":      func(p *P) { Draw(p, Workloads(0, 1, 0, int1), "x") },
		"was given -1 steps":       func(p *P) { Draw(p, Workloads(1, -1, 0, int1), "x") },
		"a think time of -1ns":     func(p *P) { Draw(p, Workloads(1, 1, -1, int1), "x") },
		"no generator of oper":     func(p *P) { Draw(p, Workloads[int](1, 1, 0, nil), "x") },
		"P.Fail was called with a": func(p *P) { p.Fail(nil) },
		`for "x" inside a run`:     func(p *P) { p.Run(fault.Schedule{}, func(w *sim.World) { Draw(p, int1, "x") }) },
		"no property":              nil,
		"the scenario is nil":      func(p *P) { p.Run(fault.Schedule{}, nil) },
	} {
		fails(t, draw, want)
	}
}
