package sched

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"time"
)

// crowd starts tasks that wait in every way, for runs which end under them.
func crowd(s *Scheduler, n int) {
	var mu Mutex
	cond := NewCond(&mu)
	ch, never := MakeChan[int](0), MakeChan[int](0)
	var wg WaitGroup
	wg.Add(1)
	mu.Lock()
	//lint:ignore SA2001 ties the mutex to the run
	mu.Unlock()
	for i := range n {
		Go(func() {
			switch i % 6 {
			case 0:
				mu.Lock()
				defer mu.Unlock() // finds it unlocked: Cond.Wait let it go
				cond.Wait()
			case 1:
				defer ch.Send(1)
				ch.Recv()
			case 2:
				defer wg.Wait()
				wg.Wait()
			case 3:
				defer s.Sleep(time.Hour)
				s.Sleep(time.Hour)
			case 4:
				defer Select(never.OnSend(1), ch.OnRecv(nil, nil))
				Select(never.OnRecv(nil, nil), never.OnSend(1))
			case 5:
				defer func() {
					if r := recover(); r != nil {
						panic(fmt.Sprint("a task that is unwound recovered ", r))
					}
				}()
				for {
					s.Yield()
					s.Sleep(time.Second)
				}
			}
		})
	}
	s.Sleep(time.Millisecond)
}

// Each kind of end, with many tasks waiting: the error is the right one, every
// task is unwound, and no goroutine stays.
func TestEnds(t *testing.T) {
	boom := errors.New("boom")
	anything := func(error) bool { return true }
	for _, c := range []struct {
		name string
		end  func(s *Scheduler)
		want func(err error) bool
	}{
		{"return", func(s *Scheduler) {}, func(err error) bool { return err == nil }},
		{"panic", func(s *Scheduler) { panic(boom) }, is[*PanicError]},
		{"panic in another task", func(s *Scheduler) { Go(func() { panic(boom) }); s.Sleep(1) }, is[*PanicError]},
		{"panic in an event", func(s *Scheduler) {
			s.Clock().AfterFunc(1, 0, func() { panic(boom) })
			s.Sleep(2)
		}, is[*PanicError]},
		{"goexit", func(s *Scheduler) { runtime.Goexit() }, is[*GoexitError]},
		{"goexit in another task", func(s *Scheduler) { Go(runtime.Goexit); s.Sleep(1) }, is[*GoexitError]},
		{"goexit in an event", func(s *Scheduler) {
			s.Clock().AfterFunc(1, 0, runtime.Goexit)
			s.Sleep(2)
		}, is[*GoexitError]},
		{"goexit in an event on an idle worker's stack", func(s *Scheduler) {
			s.Clock().AfterFunc(1, 0, runtime.Goexit)
			Go(func() {})
			s.Sleep(2)
		}, is[*GoexitError]},
		{"goexit in a deferred call", func(s *Scheduler) { defer runtime.Goexit() }, is[*GoexitError]},
		{"goexit in a deferred call of a goexit", func(s *Scheduler) { defer runtime.Goexit(); runtime.Goexit() }, is[*GoexitError]},
		{"goexit while a deferred call waits", func(s *Scheduler) { defer s.Sleep(time.Second); runtime.Goexit() }, is[*GoexitError]},
		{"panic in a deferred call of a goexit", func(s *Scheduler) {
			defer func() { panic(boom) }()
			runtime.Goexit()
		}, anything},
		{"fail", func(s *Scheduler) { s.Fail(boom) }, func(err error) bool { return err == boom }},
		{"fail in an event", func(s *Scheduler) {
			s.Clock().AfterFunc(1, 0, func() { s.Fail(boom) })
			s.Sleep(2)
		}, func(err error) bool { return err == boom }},
		{"fail in Quiet", func(s *Scheduler) {
			s.cfg.Quiet = func() { s.Fail(boom) }
			s.Sleep(2)
		}, func(err error) bool { return err == boom }},
		{"fail in a deferred call of a goexit", func(s *Scheduler) { defer s.Fail(boom); runtime.Goexit() }, func(err error) bool { return err == boom }},
		{"freeze main", func(s *Scheduler) { s.Root().Freeze("crashed") }, is[*DeadlockError]},
	} {
		for _, n := range []int{0, 1, 6, 300} {
			t.Run(fmt.Sprintf("%s/%d", c.name, n), func(t *testing.T) {
				defer leaks(t)()
				over, returned := 0, false
				s, err := run(t, Config{Seed: uint64(n)}, func(s *Scheduler) {
					defer func() { over++ }()
					crowd(s, n)
					c.end(s)
					returned = c.name != "return"
				})
				if !c.want(err) {
					t.Errorf("the run ended with %T %v", err, err)
				}
				if over != 1 || returned && !strings.Contains(c.name, "deferred") {
					t.Errorf("main's deferred call ran %d times; it went on after its end: %v", over, returned)
				}
				if !s.Over() {
					t.Error("the run is not over")
				}
			})
		}
	}
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// A task whose Goexit meets a panic on its way must not take others along while
// they still believe in the world: their deferred calls find the run closing.
func TestGoexitAndPanicStayInTheirTask(t *testing.T) {
	defer leaks(t)()
	var during []bool
	e := fails[*PanicError](t, Config{}, func(s *Scheduler) {
		for range 5 {
			Go(func() {
				defer func() { during = append(during, s.closing) }()
				s.Sleep(time.Second)
			})
		}
		Go(func() {
			defer func() { panic("in a deferred call") }()
			runtime.Goexit()
		})
		defer func() { during = append(during, s.closing) }()
		s.Sleep(time.Second)
	})
	if e.Value != "in a deferred call" {
		t.Errorf("the panic's value is %v", e.Value)
	}
	for _, closing := range during {
		if !closing {
			t.Fatal("a bystander was unwound while its calls still had effects")
		}
	}
	if len(during) != 6 {
		t.Errorf("%d tasks were unwound, want 6", len(during))
	}
}

// What t.FailNow in an event unwinds is whoever happens to be on the stack: that
// task's deferred calls are without effect, like those of all others.
func TestGoexitInAnEventUnwindsWithoutEffect(t *testing.T) {
	var during []bool
	fails[*GoexitError](t, Config{}, func(s *Scheduler) {
		for range 3 {
			Go(func() {
				defer func() { during = append(during, s.closing) }()
				s.Sleep(time.Second)
			})
		}
		s.Clock().AfterFunc(time.Millisecond, 0, runtime.Goexit)
		defer func() { during = append(during, s.closing) }()
		s.Sleep(time.Second)
	})
	if fmt.Sprint(during) != "[true true true true]" {
		t.Errorf("unwound while closing: %v, want four times true", during)
	}
}

func TestPanicTellsWhere(t *testing.T) {
	e := fails[*PanicError](t, Config{}, func(s *Scheduler) {
		g := s.NewGroup("n0", nil, nil)
		s.Spawn(g, "ticker", 7, func() {
			s.Sleep(1500 * time.Millisecond)
			culprit(nil)
		})
		s.Sleep(time.Hour)
	})
	wantIn(t, e.Error(), "at 1.5s in task n0/ticker", "nil map")
	wantIn(t, e.Stack, "sched.culprit", "ends_test.go:")
	if strings.Contains(e.Stack, "worker.go") || strings.Contains(e.Stack, "runtime/") {
		t.Errorf("the stack has frames of the simulator or of the runtime:\n%s", e.Stack)
	}
	var re runtime.Error
	if !errors.As(e, &re) {
		t.Error("the runtime's error is not to be had from the PanicError")
	}
}

func culprit(m map[string]int) { m["x"] = 1 }

func TestPanicValues(t *testing.T) {
	e := fails[*PanicError](t, Config{}, func(*Scheduler) { panic(fs.ErrNotExist) })
	if !errors.Is(e, fs.ErrNotExist) {
		t.Error("an error that was panicked with does not unwrap")
	}
	e = fails[*PanicError](t, Config{}, func(*Scheduler) { panic("words") })
	if e.Value != "words" || errors.Unwrap(e) != nil {
		t.Errorf("value %v, unwraps to %v", e.Value, errors.Unwrap(e))
	}
	var none *runtime.PanicNilError
	e = fails[*PanicError](t, Config{}, func(*Scheduler) { panic(nil) })
	if !errors.As(e, &none) {
		t.Errorf("panic(nil) was told as %v", e)
	}
	e = fails[*PanicError](t, Config{}, func(s *Scheduler) {
		s.Clock().AfterFunc(time.Second, 0, func() { panic("in an event") })
		s.Sleep(time.Hour)
	})
	wantIn(t, e.Error(), "at 1s in an event", "in an event")
	wantIn(t, e.Stack, "ends_test.go:")
}

// The first failure is the one that is told.
func TestFirstFailureWins(t *testing.T) {
	e := fails[*PanicError](t, Config{}, func(s *Scheduler) {
		defer func() { panic("while being unwound") }()
		Go(func() { panic("the first") })
		s.Sleep(time.Second)
	})
	if e.Value != "the first" {
		t.Errorf("the run failed with %v", e)
	}
}

// t.FailNow and its like are Goexit: whoever called Run lives on.
func TestFailNowInATask(t *testing.T) {
	fake := &fakeT{}
	for _, body := range []func(s *Scheduler){
		func(s *Scheduler) { fake.FailNow() },
		func(s *Scheduler) { Go(fake.FailNow); s.Sleep(time.Second) },
		func(s *Scheduler) { defer fake.FailNow() },
		func(s *Scheduler) { s.Clock().AfterFunc(1, 0, fake.FailNow); s.Sleep(time.Second) },
	} {
		fake.failed = false
		_, err := run(t, Config{}, body)
		if !fake.failed || !is[*GoexitError](err) {
			t.Errorf("failed is %v, the run ended with %v", fake.failed, err)
		}
	}
}

type fakeT struct{ failed bool }

func (f *fakeT) FailNow() {
	f.failed = true
	runtime.Goexit()
}

// Unwinding has no effect on the world, in whatever order it happens.
func TestUnwindingHasNoEffect(t *testing.T) {
	spawned, late := false, false
	s := mustRun(t, Config{}, func(s *Scheduler) {
		for range 3 {
			Go(func() {
				defer func() {
					Go(func() { spawned = true })
					s.Spawn(s.Root(), "x", 1, func() { spawned = true })
					AfterFunc(1, func() { spawned = true })
					var mu Mutex
					if msg := recovered(mu.Unlock); msg != "" {
						t.Errorf("a deferred Unlock panicked with %q", msg)
					}
					s.Sleep(time.Hour)
					late = true
				}()
				s.Sleep(time.Hour)
			})
		}
		s.Sleep(time.Second)
	})
	if spawned || late {
		t.Errorf("a deferred call of an unwound task started a task (%v) or got through a wait (%v)", spawned, late)
	}
	if now := s.Clock().Now(); now != time.Second {
		t.Errorf("time is %v after the run, want 1s", now)
	}
}

func TestRunTwice(t *testing.T) {
	s := mustRun(t, Config{}, func(*Scheduler) {})
	ran := false
	err := s.Run(func() { ran = true })
	if ran || err == nil || !strings.Contains(err.Error(), "New") {
		t.Errorf("the second Run ran: %v, and answered %v", ran, err)
	}
}

func TestManyBlockedTasksAreUnwound(t *testing.T) {
	defer leaks(t)()
	const n = 20_000
	unwound := 0
	mustRun(t, Config{}, func(s *Scheduler) {
		var mu Mutex
		mu.Lock()
		for range n {
			Go(func() {
				defer func() { unwound++ }()
				mu.Lock()
			})
		}
		s.Sleep(1)
	})
	if unwound != n {
		t.Errorf("%d of %d tasks were unwound", unwound, n)
	}
}

func TestBadConfig(t *testing.T) {
	for _, c := range []Config{{MaxSteps: -1}, {Stall: -1}} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), "negative") {
			t.Errorf("New(%+v) answered %v", c, err)
		}
	}
}
