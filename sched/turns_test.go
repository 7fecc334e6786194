package sched

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawProgram draws a program. Pauses and freezes are rare, because they end
// much of what a program could do.
func drawProgram(rt *rapid.T, groups bool) program {
	n := rapid.IntRange(1, 7).Draw(rt, "tasks")
	p := program{sizes: []int{0, 0, 1, 3}}
	kinds := []opKind{opYield, opSleep, opSend, opRecv, opLock, opUnlock, opYield, opSend, opRecv, opStart}
	if groups {
		kinds = append(kinds, opPause, opResume, opResume, opFreeze)
	}
	step := rapid.Custom(func(rt *rapid.T) op {
		o := op{kind: rapid.SampledFrom(kinds).Draw(rt, "kind")}
		limit := map[opKind]int{opYield: 1, opSleep: 4, opSend: len(p.sizes), opRecv: len(p.sizes), opLock: refMutexes,
			opUnlock: refMutexes, opStart: n, opPause: refGroups, opResume: refGroups, opFreeze: refGroups}[o.kind]
		o.arg = rapid.IntRange(0, limit-1).Draw(rt, "arg")
		return o
	})
	for i := range n {
		ops := rapid.SliceOfN(step, 0, 24).Draw(rt, "steps")
		if i == 0 {
			// Main starts most of them at once and gives them time at the end.
			var first []op
			for j := 1; j < n; j++ {
				first = append(first, op{opStart, j})
			}
			ops = append(append(first, ops...), op{opSleep, 3}, op{opSleep, 3}, op{opSleep, 3})
		}
		p.tasks = append(p.tasks, ops)
	}
	return p
}

func checkAgainstReference(rt *rapid.T, p program, seed uint64, random bool) {
	cfg := Config{Seed: seed, Strategy: &FIFO{}}
	if random {
		cfg.Strategy = NewRandom(seed)
	}
	want, steps, deadlock := p.reference(seed, random)
	got, n, err := p.real(cfg)
	var dead *DeadlockError
	if errors.As(err, &dead) != deadlock || err != nil && !deadlock {
		rt.Fatalf("program %v: the run ended with %v, the reference says deadlock=%v", p.tasks, err, deadlock)
	}
	if !slices.Equal(got, want) {
		i := 0
		for i < len(got) && i < len(want) && got[i] == want[i] {
			i++
		}
		rt.Fatalf("program %v, seed %d, random %v: the logs part at line %d:\n got %v\nwant %v", p.tasks, seed, random, i, got[i:], want[i:])
	}
	if n != steps {
		rt.Fatalf("program %v: %d turns, the reference has %d", p.tasks, n, steps)
	}
}

func TestTurnsAgainstReference(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups bool
	}{{"plain", false}, {"groups", true}} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				p := drawProgram(rt, c.groups)
				seed := rapid.Uint64Range(0, 5).Draw(rt, "seed")
				checkAgainstReference(rt, p, seed, rapid.Bool().Draw(rt, "random"))
			})
		})
	}
}

// Tasks that all give way: the chain of drivers becomes as long as there are
// tasks, and is taken back whenever the first one's turn comes.
func TestManyTasksYield(t *testing.T) {
	const n, rounds = 10_000, 5
	for _, seed := range []uint64{0, 1} {
		defer leaks(t)()
		turns := 0
		mustRun(t, Config{Seed: seed}, func(s *Scheduler) {
			var wg WaitGroup
			for range n {
				wg.Go(func() {
					for range rounds {
						s.Yield()
						turns++
					}
				})
			}
			wg.Wait()
		})
		if turns != n*rounds {
			t.Errorf("seed %d: %d turns, want %d", seed, turns, n*rounds)
		}
	}
}

// On the whole a turn costs at most two switches, however long the chain is.
func TestSwitchesPerTurn(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2} {
		const n, rounds = 500, 50
		switches, wrapped := 0, map[*worker]bool{}
		s, err := New(Config{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Run(func() {
			var wg WaitGroup
			for range n {
				wg.Go(func() {
					if w := s.cur.w; !wrapped[w] {
						wrapped[w] = true
						resume, yield := w.resume, w.yield
						w.resume = func() (struct{}, bool) { switches++; return resume() }
						w.yield = func(x struct{}) bool { switches++; return yield(x) }
					}
					for range rounds {
						s.Yield()
					}
				})
			}
			wg.Wait()
		})
		if err != nil {
			t.Fatal(err)
		}
		if limit := 2 * int(s.Steps()); switches > limit {
			t.Errorf("seed %d: %d switches for %d turns", seed, switches, s.Steps())
		}
	}
}
