package sched

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"samerun/internal/keyed"

	"pgregory.net/rapid"
)

// allStrategies are texts of every strategy that serves one run.
func allStrategies() []string {
	return []string{"fifo", "random", "walk", "pct:1", "pct:3:16", "pct:4:1000", "pos", "delay:1:8", "delay:3:64", "urw", "urw:3,9-k3f9a", "surw", "surw:1,4-k3f9a2"}
}

func newStrategy(t tb, text string, seed uint64) Strategy {
	t.Helper()
	spec, err := ParseStrategy(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.New(seed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drawStrategy draws a strategy, some of them wrapped.
func drawStrategy(rt *rapid.T, deviations []Deviation) Strategy {
	seed := rapid.Uint64Range(0, 50).Draw(rt, "seed")
	s := newStrategy(rt, rapid.SampledFrom(allStrategies()).Draw(rt, "strategy"), seed)
	switch rapid.IntRange(0, 4).Draw(rt, "wrapped") {
	case 1:
		s = NewRecording(s)
	case 2:
		s = NewDeviating(s, deviations)
	case 3:
		s = NewRecording(NewDeviating(s, deviations))
	case 4:
		x, err := NewExhaustive(ExhaustiveOptions{})
		if err != nil {
			rt.Fatal(err)
		}
		s = x.Strategy()
	}
	return s
}

func drawDeviations(rt *rapid.T, tasks int) (list []Deviation) {
	for range rapid.IntRange(0, 12).Draw(rt, "deviations") {
		list = append(list, Deviation{
			Task:    taskID(rapid.IntRange(0, tasks-1).Draw(rt, "task")).Uint64(),
			Ready:   rapid.Uint64Range(1, 6).Draw(rt, "ready"),
			Resumed: rapid.Uint64Range(0, 1).Draw(rt, "resumed"),
			Shift:   rapid.Uint64Range(0, 5).Draw(rt, "shift"),
		})
	}
	return list
}

// Whatever a strategy decides, it gives each task that it was given back once,
// and says that it has none when it has none.
func TestStrategiesLoseNobody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const n = 8
		s := drawStrategy(rt, drawDeviations(rt, n))
		groups := []*Group{{}, {paused: true}, {frozen: true}}
		var tasks [n]*Task
		for i := range tasks {
			tasks[i] = &Task{id: taskID(i), group: groups[i%len(groups)], state: isReady}
			if tasks[i].group.frozen {
				tasks[i].state = frozen
			}
		}
		in, arrivals := map[*Task]bool{}, uint64(0)
		next := func() {
			got := s.Next()
			if got == nil && len(in) > 0 || got != nil && !in[got] {
				rt.Fatalf("Next gave %v; %d are ready", got, len(in))
			}
			delete(in, got)
		}
		for range rapid.IntRange(0, 60).Draw(rt, "calls") {
			if x := tasks[rapid.IntRange(0, n-1).Draw(rt, "who")]; !in[x] && rapid.Bool().Draw(rt, "add") {
				x.arrival, x.readied = arrivals, x.readied+1
				arrivals++
				in[x] = true
				s.Add(x)
			} else {
				next()
			}
		}
		for range len(in) + 1 {
			next()
		}
	})
}

// A run is a function of the seed, and seeds differ; but for FIFO, which has none.
func TestStrategiesAreFunctionsOfTheSeed(t *testing.T) {
	for _, text := range allStrategies() {
		seen := map[keyed.Digest]bool{}
		const seeds = 24
		for seed := range uint64(seeds) {
			var first keyed.Digest
			for i := range 2 {
				// The run's own seed stays, so that only the strategy differs.
				d := mustRun(t, Config{Seed: 1, Strategy: newStrategy(t, text, seed)}, everything).digest
				if i > 0 && d != first {
					t.Fatalf("%s, seed %d: digest %v, the first run had %v", text, seed, d, first)
				}
				first = d
			}
			seen[first] = true
		}
		least, most := seeds/2, seeds
		switch text {
		case "fifo":
			least, most = 1, 1
		case "delay:1:8":
			least, most = 4, 8 // there are only so many
		}
		if len(seen) < least || len(seen) > most {
			t.Errorf("%s: %d seeds have %d different runs, want %d to %d", text, seeds, len(seen), least, most)
		}
	}
}

// A walk takes each order of three tasks equally often.
func TestWalkIsUniform(t *testing.T) {
	const n = 6000
	count := map[string]int{}
	for seed := range uint64(n) {
		w := NewWalk(seed)
		names := map[*Task]string{}
		for i, name := range []string{"a", "b", "c"} {
			x := &Task{id: taskID(i), readied: 1}
			names[x] = name
			w.Add(x)
		}
		count[names[w.Next()]+names[w.Next()]+names[w.Next()]]++
	}
	for _, order := range []string{"abc", "acb", "bac", "bca", "cab", "cba"} {
		if c := count[order]; c < n/6-120 || c > n/6+120 { // four standard deviations
			t.Errorf("%d of %d walks go %s", c, n, order)
		}
	}
}

// Without a change of priority PCT runs each task to its end; each change makes it
// leave one task once.
func TestPCTLeavesATaskOncePerChange(t *testing.T) {
	most := map[int]int{}
	for depth := 1; depth <= 4; depth++ {
		for seed := range uint64(300) {
			order, _ := turnsOf(t, NewPCT(seed, depth, 12))
			stretches := len(slices.Compact([]byte(order)))
			if stretches > 3+depth-1 {
				t.Fatalf("depth %d, seed %d: %s", depth, seed, order)
			}
			most[depth] = max(most[depth], stretches)
		}
		if want := 3 + depth - 1; most[depth] != want {
			t.Errorf("depth %d: at most %d stretches in all seeds, want %d", depth, most[depth], want)
		}
	}
}

// A task that waits in a loop keeps the others out until twice length choices were
// made, and not longer.
func TestPCTIsFairInTheEnd(t *testing.T) {
	starved := 0
	for seed := range uint64(30) {
		turns := 0
		mustRun(t, Config{Strategy: NewPCT(seed, 1, 250), MaxSteps: 10_000}, func(s *Scheduler) {
			ready := false
			Go(func() { ready = true })
			for !ready {
				s.Yield()
				turns++
			}
		})
		if turns >= 499 {
			starved++
		}
	}
	if starved == 0 || starved == 30 {
		t.Errorf("in %d of 30 seeds the loop had the higher priority", starved)
	}
}

// POS draws anew for the rivals of a turn, and for nobody else; a turn that is not
// taken has no rivals.
func TestPOSDrawsAnewForRivals(t *testing.T) {
	for seed := range uint64(50) {
		g, other := &Group{}, &Group{}
		p := NewPOS(seed)
		for i, group := range []*Group{g, g, g, other, other, other} {
			p.Add(&Task{id: taskID(i), group: group, readied: 1})
		}
		prios := func() map[*Task]uint64 {
			m := map[*Task]uint64{}
			for _, r := range p.ready {
				m[r.t] = r.prio
			}
			return m
		}
		for range 6 {
			other.paused = !other.paused
			before := prios()
			taken := p.Next()
			for x, prio := range prios() {
				if drawn := prio != before[x]; drawn != (x.group == taken.group && !taken.group.paused) {
					t.Fatalf("seed %d: drawn anew: %v, same group: %v, paused: %v", seed, drawn, x.group == taken.group, taken.group.paused)
				}
			}
		}
	}
}

// Decisions that belong to tasks stay when another task is taken out: PCT's
// priorities, and with POS all but those of the same group.
func TestRemovingAStrangerKeepsTheOrder(t *testing.T) {
	order := func(strategy Strategy, stranger bool) string {
		var log []string
		mustRun(t, Config{Strategy: strategy}, func(s *Scheduler) {
			groups := []*Group{s.NewGroup("g0", nil, nil), s.NewGroup("g1", nil, nil)}
			for i := range 8 {
				if i == 3 && !stranger {
					continue
				}
				g := groups[0]
				if i == 3 {
					g = groups[1]
				}
				s.Spawn(g, "", taskID(i+1).Uint64(), func() {
					for k := range 6 {
						if i != 3 {
							log = append(log, fmt.Sprint(i, ".", k))
						}
						s.Yield()
					}
				})
			}
			s.Sleep(time.Second)
		})
		return fmt.Sprint(log)
	}
	for _, text := range []string{"random", "pct:1", "pos"} {
		for seed := range uint64(30) {
			if all, rest := order(newStrategy(t, text, seed), true), order(newStrategy(t, text, seed), false); all != rest {
				t.Errorf("%s, seed %d: with task 3\n%s, without it\n%s", text, seed, all, rest)
			}
		}
	}
}

// A delay lets one task be overtaken by those that are ready, and nothing else
// differs from FIFO.
func TestDelayIsCloseToFIFO(t *testing.T) {
	fifo, _ := turnsOf(t, &FIFO{})
	for delays := range 4 {
		most := 0
		for seed := range uint64(200) {
			rec := NewRecording(NewDelay(seed, delays, 12))
			order, _ := turnsOf(t, rec)
			n := len(rec.Deviations())
			if n > delays || n == 0 && order != fifo {
				t.Fatalf("%d delays, seed %d: %s with deviations %v", delays, seed, order, rec.Deviations())
			}
			most = max(most, n)
		}
		if most != delays {
			t.Errorf("%d delays: at most %d deviations in all seeds", delays, most)
		}
	}
}

// A choice is a pick among two or more.
func TestChoices(t *testing.T) {
	s := mustRun(t, Config{}, func(s *Scheduler) {
		s.Sleep(1) // alone
		Go(func() {})
		Go(func() {})
		s.Yield() // three, two, one
		s.Yield() // alone
	})
	if s.Choices() != 2 || s.Steps() != 6 {
		t.Errorf("%d choices in %d turns, want 2 in 6", s.Choices(), s.Steps())
	}
}
