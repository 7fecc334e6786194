package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sim/fault"
)

// town is a world of five nodes that all send to each other, use their disks,
// and are crashed and paused by hand now and then if rough.
func town(w *World, rough bool) {
	names := []string{"n0", "n1", "n2", "n3", "n4"}
	for _, name := range names {
		n := w.Node(name)
		n.Start(func() {
			for {
				for _, to := range w.Nodes() {
					w.Link(n, to).Send(&Message{Size: 50}, 0, &count{})
				}
				if f, err := n.Disk().Create("log"); err == nil {
					f.Write([]byte("x"))
					f.Sync()
				}
				w.Sleep(7 * ms)
			}
		})
	}
	w.Role("leader", func() []*Node { return []*Node{w.Node(names[w.Elapsed()/(50*ms)%5])} })
	w.Domain("rack", w.Node("n3"), w.Node("n4"))
	if rough {
		w.Go("rough", func() {
			for i := 0; ; i++ {
				w.Sleep(31 * ms)
				n := w.Node(names[i%5])
				switch i / 5 % 4 {
				case 0:
					n.Pause()
				case 1:
					n.Resume()
				case 2:
					n.Crash()
				default:
					if !n.Up() {
						n.Restart()
					}
				}
			}
		})
	}
}

// genElement draws an element of any kind for the town.
func genElement() *rapid.Generator[fault.Fault] {
	infos := slices.DeleteFunc(fault.Kinds(), func(i fault.Info) bool { return i.Group == fault.Sockets })
	lists := [][]string{{"*"}, {"n0"}, {"n1", "n2"}, {"@leader"}, {"%rack"}, {"n4", "@leader"}, {"main", "n3"}, {"late"}}
	return rapid.Custom(func(t *rapid.T) fault.Fault {
		info := rapid.SampledFrom(infos).Draw(t, "kind")
		span := func(what string, min, max int) time.Duration {
			return time.Duration(rapid.IntRange(min, max).Draw(t, what)) * ms
		}
		f := fault.Fault{Kind: info.Kind}
		set := func(field fault.Fields, do func()) {
			if info.Required&field != 0 || info.Optional&field != 0 && rapid.Bool().Draw(t, field.String()) {
				do()
			}
		}
		set(fault.FieldAt, func() { f.At = span("at", 0, 400) })
		set(fault.FieldFor, func() { f.For = span("for", 20, 300) })
		set(fault.FieldFrom, func() { f.From = rapid.SampledFrom(lists).Draw(t, "from") })
		set(fault.FieldTo, func() { f.To = rapid.SampledFrom(lists).Draw(t, "to") })
		set(fault.FieldNodes, func() { f.Nodes = rapid.SampledFrom(lists).Draw(t, "nodes") })
		set(fault.FieldBoot, func() { f.Boot = rapid.IntRange(1, 3).Draw(t, "boot") })
		set(fault.FieldDir, func() { f.Dir = fault.Dir(rapid.IntRange(1, 2).Draw(t, "dir")) })
		set(fault.FieldNth, func() { f.Nth = uint64(rapid.IntRange(1, 9).Draw(t, "nth")) })
		set(fault.FieldFile, func() { f.File = rapid.SampledFrom([]string{"log", "/"}).Draw(t, "file") })
		set(fault.FieldSectors, func() { f.Sectors = rapid.SampledFrom([]int64{1, -3}).Draw(t, "sectors") })
		set(fault.FieldPPM, func() { f.PPM = rapid.SampledFrom([]int64{1, 100_000, 500_000}).Draw(t, "ppm") })
		set(fault.FieldMin, func() { f.Min = span("min", 1, 20) })
		set(fault.FieldMax, func() { f.Max = f.Min + span("max", 1, 20) })
		set(fault.FieldShape, func() { f.Shape = fault.Shape(rapid.IntRange(0, 3).Draw(t, "shape")) })
		set(fault.FieldBytes, func() { f.Bytes = int64(rapid.IntRange(1, 9999).Draw(t, "bytes")) })
		set(fault.FieldQueue, func() { f.Queue = rapid.IntRange(1, 9).Draw(t, "queue") })
		set(fault.FieldPeriod, func() { f.Period = span("period", 1, 10) })
		set(fault.FieldOffset, func() { f.Offset = span("offset", -500, 500) })
		return f
	}).Filter(func(f fault.Fault) bool { return f.Validate() == nil })
}

// Whatever the schedule: a run repeats, the counts add up, a run by Inject and
// its replay by Config.Faults are the same run, taking an element out leaves what
// the others decide, and in the quiet period everything is healed.
func TestAnySchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const quiet = 450 * ms
		s := fault.Schedule{Faults: rapid.SliceOfN(genElement(), 0, 12).Draw(t, "faults"), Quiet: quiet}
		rough := rapid.Bool().Draw(t, "rough")
		seed := rapid.Uint64Range(0, 3).Draw(t, "seed")
		live := func(s fault.Schedule, given bool) (*Report, map[[3]string]int64) {
			decided := map[[3]string]int64{}
			cfg := Config{Seed: seed, decided: func(d decision) {
				key := [3]string{fmt.Sprint(d.Fault), d.Who, d.What}
				if before, again := decided[key]; again && before != d.Result {
					t.Fatalf("%v was decided twice, %d and %d", key, before, d.Result)
				}
				decided[key] = d.Result
			}}
			if given {
				cfg.Faults = &s
			}
			r := Run(cfg, func(w *World) {
				town(w, rough)
				w.Inject(s, time.Second)
				w.Sleep(quiet + ms)
				if !rough {
					calm(t, w)
				}
			})
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			return r, decided
		}
		r, all := live(s, false)
		c := r.Messages
		if c.Sent+c.Duplicated != c.Delivered+c.Lost+c.Cut+c.NodeDown+c.InFlight {
			t.Fatalf("the counts do not add up: %+v", c)
		}
		if again, _ := live(s, true); again.Digest != r.Digest {
			t.Fatalf("the replay differs: %s, %s", again.Digest, r.Digest)
		}
		for _, o := range r.Outcomes {
			if (o.Fired > 0) == (o.Why != "") {
				t.Fatalf("%v took effect %d times, and why not: %q", o.Fault, o.Fired, o.Why)
			}
		}
		if len(s.Faults) > 0 {
			i := rapid.IntRange(0, len(s.Faults)-1).Draw(t, "dropped")
			_, less := live(s.Without(i), false)
			for key, result := range less {
				if before, both := all[key]; both && before != result {
					t.Fatalf("without element %d, %v is %d instead of %d", i, key, result, before)
				}
			}
		}
	})
}

// calm makes sure that nothing is left of a schedule.
func calm(t *rapid.T, w *World) {
	for _, n := range w.Nodes() {
		if n.Name() != "late" && (!n.Up() || n.Paused()) || n.Clock().Offset() != 0 {
			t.Errorf("%v: up %v, paused %v, clock ahead by %v", n, n.Up(), n.Paused(), n.Clock().Offset())
		}
		if len(n.downs)+len(n.stills)+len(n.slowed)+len(n.diskFaults) > 0 {
			t.Errorf("%v still suffers", n)
		}
	}
	for _, x := range w.inj.all {
		if x.on || len(x.held) > 0 || len(x.undo) > 0 {
			t.Errorf("%v is not over", x.f)
		}
	}
	for _, l := range w.links {
		if len(l.rules()) > 0 {
			t.Errorf("%v still suffers", l)
		}
	}
}
