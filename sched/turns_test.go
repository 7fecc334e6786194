package sched

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawProgram draws a program of some kinds of steps.
func drawProgram(rt *rapid.T, kinds []opKind) program {
	n := rapid.IntRange(1, 7).Draw(rt, "tasks")
	p := program{sizes: []int{0, 0, 1, 3}}
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
	got, s, err := p.real(cfg)
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
	if n := s.Steps(); n != steps {
		rt.Fatalf("program %v: %d turns, the reference has %d", p.tasks, n, steps)
	}
}

func TestTurnsAgainstReference(t *testing.T) {
	calm := []opKind{opYield, opSleep, opSend, opRecv, opLock, opUnlock, opYield, opSend, opRecv, opStart}
	locks := []opKind{opYield, opSleep, opLock, opUnlock, opLock, opUnlock}
	for _, c := range []struct {
		name  string
		kinds []opKind
	}{
		{"plain", calm},
		{"groups", append([]opKind{opPause, opResume, opResume, opFreeze}, calm...)},
		{"locks", locks},
		{"locks and groups", append([]opKind{opFreeze, opPause, opResume}, locks...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				p := drawProgram(rt, c.kinds)
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

// The memory of a run is linear in its tasks.
func TestMemoryIsLinear(t *testing.T) {
	perTask := func(n int) uint64 {
		var used uint64
		// On a busy machine the guard would look at the run, and a trace of 20,000
		// goroutines is larger than they are.
		mustRun(t, Config{Stall: time.Hour}, func(s *Scheduler) {
			before := inUse()
			for range n {
				Go(func() { s.Yield(); s.Sleep(time.Second) })
			}
			s.Sleep(time.Millisecond)
			used = inUse() - before
		})
		return used / uint64(n)
	}
	// What earlier tests have left may be freed in the middle of a measurement, so
	// that one is not enough.
	for range 3 {
		few, many := perTask(2_000), perTask(20_000)
		t.Logf("%d bytes a task among 2,000, %d among 20,000", few, many)
		if many <= 2*few && many <= 64<<10 {
			return
		}
	}
	t.Error("too much, three times")
}

func inUse() uint64 {
	runtime.GC()
	runtime.GC() // the first frees the stacks of what ended, the second counts without them
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// On the whole a turn costs at most two switches, however long the chain is, and
// between two tasks it costs one.
func TestSwitchesPerTurn(t *testing.T) {
	for _, c := range []struct {
		tasks, percent int
		seeds          []uint64
	}{
		{1, 1, []uint64{0, 1, 2}},
		{2, 101, []uint64{0, 1, 2}},
		{3, 135, []uint64{0}}, // twice up and twice down in three turns
		{500, 200, []uint64{0, 1, 2}},
	} {
		for _, seed := range c.seeds {
			switches, turns := countSwitches(t, seed, c.tasks)
			if 100*switches > c.percent*turns {
				t.Errorf("%d tasks, seed %d: %d switches for %d turns, want at most %d%%", c.tasks, seed, switches, turns, c.percent)
			}
		}
	}
}

func countSwitches(t *testing.T, seed uint64, tasks int) (switches, turns int) {
	rounds := 20_000 / tasks
	s := mustRun(t, Config{Seed: seed, MaxSteps: 1 << 30}, func(s *Scheduler) {
		var wg WaitGroup
		for range tasks {
			wg.Go(func() {
				w := s.cur.w
				resume, yield := w.resume, w.yield
				w.resume = func() (struct{}, bool) { switches++; return resume() }
				w.yield = func(x struct{}) bool { switches++; return yield(x) }
				for range rounds {
					s.Yield()
				}
			})
		}
		wg.Wait()
	})
	return switches, int(s.Steps())
}

// The engine's own pair: Block waits for Wake, and a Wake too many is harmless.
func TestBlockAndWake(t *testing.T) {
	var order []string
	s := mustRun(t, Config{}, func(s *Scheduler) {
		var sleeper *Task
		s.Go("sleeper", func() {
			sleeper = s.Current()
			for range 2 {
				s.Block(sleeper, "the test", nil)
				order = append(order, "woken")
			}
		})
		s.Yield()
		s.Wake(s.Current()) // runs: no effect
		for range 3 {
			s.Wake(sleeper)
		}
		s.Yield()
		order = append(order, "again")
		s.Wake(sleeper)
		s.Yield()
	})
	if got := strings.Join(order, " "); got != "woken again woken" || s.Steps() != 7 {
		t.Errorf("%s in %d turns", got, s.Steps())
	}
}

// The cause is handed on to whoever is woken, and comes back after a sleep.
func TestCause(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		want := func(n uint64) {
			t.Helper()
			if s.Cause() != n {
				t.Errorf("the cause is %d, want %d", s.Cause(), n)
			}
		}
		c := MakeChan[int](0)
		Go(func() {
			want(0)
			c.Recv()
			want(7)
			s.SetCause(8)
			s.Sleep(2)
			want(8)
			Go(func() { want(8) })
			s.Yield()
		})
		s.Yield()
		want(0)
		s.SetCause(7)
		c.Send(1)
		s.Sleep(1)
		want(7)
		s.SetCause(9)
		s.Sleep(5)
		want(9)
	})
}
