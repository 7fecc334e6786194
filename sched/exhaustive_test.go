package sched

import (
	"fmt"
	"slices"
	"testing"

	"samerun/internal/keyed"

	"pgregory.net/rapid"
)

func newExhaustive(t tb, opts ExhaustiveOptions) *Exhaustive {
	t.Helper()
	x, err := NewExhaustive(opts)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// orders searches a program of tasks that yield so many times, and returns the
// orders of turns in the order in which they were found.
func orders(t tb, opts ExhaustiveOptions, yields ...int) (*Exhaustive, []string) {
	x := newExhaustive(t, opts)
	var list []string
	for x.More() {
		order := ""
		mustRun(t, Config{Strategy: x.Strategy()}, func(s *Scheduler) {
			var wg WaitGroup
			for i, n := range yields {
				wg.Go(func() {
					for range n {
						order += string(rune('a' + i))
						s.Yield()
					}
					order += string(rune('a' + i))
				})
			}
			wg.Wait()
		})
		list = append(list, order)
		if err := x.Done(); err != nil {
			t.Fatal(err)
		}
	}
	return x, list
}

// The number of schedules is known: that of the ways to merge the tasks' turns.
func TestExhaustiveCountsSchedules(t *testing.T) {
	for _, c := range []struct {
		yields []int
		want   int
	}{
		{nil, 1},
		{[]int{5}, 1},
		{[]int{0, 0}, 2},
		{[]int{4, 4}, 252}, // 10! / (5! 5!)
		{[]int{0, 0, 0, 0, 0}, 120},
		{[]int{1, 2, 3}, 1260}, // 9! / (2! 3! 4!)
	} {
		x, list := orders(t, ExhaustiveOptions{}, c.yields...)
		slices.Sort(list)
		if different := len(slices.Compact(list)); different != c.want || x.Runs() != c.want || x.Schedules() != c.want || !x.Covered() {
			t.Errorf("%v: %d orders in %d runs, covered %v, want %d", c.yields, different, x.Runs(), x.Covered(), c.want)
		}
		if want := fmt.Sprintf("all %d schedules", c.want); x.String() != want {
			t.Errorf("%v: it says %q", c.yields, x)
		}
	}
}

// With a bound, the schedules come in the order of their deviations.
func TestExhaustiveGoesFromFewToMany(t *testing.T) {
	_, all := orders(t, ExhaustiveOptions{}, 1, 2, 2)
	for bound := 1; ; bound++ {
		x, list := orders(t, ExhaustiveOptions{Deviations: bound}, 1, 2, 2)
		if list[0] != "abcabcbc" {
			t.Fatalf("the first run is %s", list[0])
		}
		var first []string // without those that were run again
		for _, order := range list {
			if !slices.Contains(first, order) {
				first = append(first, order)
			}
		}
		if x.Schedules() != len(first) || x.Runs() != len(list) {
			t.Errorf("bound %d: %d schedules in %d runs, want %d in %d", bound, x.Schedules(), x.Runs(), len(first), len(list))
		}
		if !x.Covered() {
			want := fmt.Sprintf("%d schedules, all with at most %d deviations from FIFO among them", len(first), bound)
			if x.CoveredDeviations() != bound || x.String() != want {
				t.Errorf("bound %d: it covered %d, and says %q", bound, x.CoveredDeviations(), x)
			}
			continue
		}
		slices.Sort(first)
		slices.Sort(all)
		if !slices.Equal(first, all) {
			t.Errorf("bound %d covers everything with %d orders of %d", bound, len(first), len(all))
		}
		if most := x.CoveredDeviations(); most != bound {
			t.Errorf("bound %d is the first that covers everything, and the schedule with the most deviations has %d", bound, most)
		}
		break
	}
}

func TestExhaustiveBoundOnRuns(t *testing.T) {
	x, list := orders(t, ExhaustiveOptions{Runs: 10}, 3, 3)
	if len(list) != 10 || x.Covered() || x.CoveredDeviations() != -1 || x.String() != "10 schedules, not all" {
		t.Errorf("%d runs, %q", len(list), x)
	}
	x, _ = orders(t, ExhaustiveOptions{Runs: 70}, 3, 3)
	if x.Runs() != 70 || !x.Covered() {
		t.Errorf("%d runs, %q", x.Runs(), x)
	}
	for _, bad := range []ExhaustiveOptions{{Deviations: -1}, {Runs: -1}} {
		if x, err := NewExhaustive(bad); err == nil || x != nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// Whatever another strategy comes to, a search that has covered everything has
// seen; with groups that are paused and frozen, too. Its first run is FIFO.
func TestExhaustiveMissesNothing(t *testing.T) {
	covered := 0
	rapid.Check(t, func(rt *rapid.T) {
		p := drawProgram(rt, []opKind{opYield, opYield, opSend, opRecv, opLock, opUnlock, opStart, opPause, opResume, opResume, opFreeze})
		for i, ops := range p.tasks {
			p.tasks[i] = ops[:min(len(ops), 3)]
			for k := range p.tasks[i] {
				// Main must not stop: reports of deadlocks take their time.
				if o := &ops[k]; o.kind == opPause || o.kind == opFreeze {
					o.arg = max(o.arg, 1)
				}
			}
		}
		p.tasks[0] = nil
		for i := 1; i < len(p.tasks); i++ {
			p.tasks[0] = append(p.tasks[0], op{opStart, i})
		}
		p.tasks[0] = append(p.tasks[0], op{opYield, 0}, op{opResume, 1}, op{opSleep, 3})
		x := newExhaustive(rt, ExhaustiveOptions{Runs: 300})
		seen := map[keyed.Digest]bool{}
		for x.More() {
			_, s, _ := p.real(Config{Strategy: x.Strategy()})
			if seen[s.digest] {
				rt.Fatalf("run %d is one that was made before", x.Runs()+1)
			}
			if len(seen) == 0 {
				if _, fifo, _ := p.real(Config{Strategy: &FIFO{}}); fifo.digest != s.digest {
					rt.Fatal("the first run is not FIFO's")
				}
			}
			seen[s.digest] = true
			if err := x.Done(); err != nil {
				rt.Fatal(err)
			}
		}
		if !x.Covered() {
			return
		}
		covered++
		for range 20 {
			if log, s, _ := p.real(Config{Strategy: drawStrategy(rt, drawDeviations(rt, len(p.tasks)))}); !seen[s.digest] {
				rt.Fatalf("program %v: the search missed %v", p.tasks, log)
			}
		}
	})
	if covered < 10 {
		t.Errorf("only %d of the programs were covered", covered)
	}
}

// A program that depends on earlier runs is found out.
func TestExhaustiveTellsNondeterminism(t *testing.T) {
	for _, c := range []struct {
		name    string
		started func(run int) []int // the tasks that the run starts, by number
		want    string
	}{
		{"fewer tasks", func(run int) []int { return []int{1, 2, 3}[:3-run] }, "run 2 is not deterministic: at choice 1 2 tasks could run, and 3 in an earlier run"},
		{"other tasks", func(run int) []int { return []int{1, 2, 3 + run} }, "at choice 1 3 other tasks could run than in an earlier run"},
		{"no choices", func(run int) []int { return []int{1, 2, 3}[:3-2*run] }, "it ended after 0 choices"},
	} {
		x := newExhaustive(t, ExhaustiveOptions{})
		var err error
		for run := 0; x.More() && run < 2; run++ {
			mustRun(t, Config{Strategy: x.Strategy()}, func(s *Scheduler) {
				for _, i := range c.started(run) {
					s.Spawn(s.Root(), "", taskID(i).Uint64(), func() {})
				}
				s.Sleep(1)
			})
			err = x.Done()
		}
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		wantIn(t, err.Error(), c.want)
		if x.More() || x.Covered() || x.Done() != err {
			t.Errorf("%s: the search goes on", c.name)
		}
	}
}

// A failed run is a run like others, and its record repeats it.
func TestExhaustiveFindsTheFewestDeviations(t *testing.T) {
	x := newExhaustive(t, ExhaustiveOptions{Deviations: 3})
	for x.More() {
		rec := NewRecording(x.Strategy())
		bug, err := twoChanges.run(t, rec)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Done(); err != nil {
			t.Fatal(err)
		}
		if bug {
			if x.CoveredDeviations() != 1 {
				t.Errorf("found when all with %d deviations had been run, want 1", x.CoveredDeviations())
			}
			if again, _ := twoChanges.run(t, NewDeviating(&FIFO{}, rec.Deviations())); !again {
				t.Error("the record does not repeat it")
			}
			return
		}
	}
	t.Error("not found")
}
