package sim

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/sched"
)

var errBroken = errors.New("it is broken")

// brokenAt runs a scenario that must break the property and returns when.
func brokenAt(t *testing.T, cfg Config, name string, fn func(w *World)) time.Duration {
	t.Helper()
	e := fails[*PropertyError](t, cfg, fn)
	want(t, "property", e.Name, name)
	return e.At
}

// In the middle of an instant a property need not hold.
func TestAlwaysIsLookedAtWhenAllStandsStill(t *testing.T) {
	for seed := range uint64(20) {
		mustRun(t, Config{Seed: seed}, func(w *World) {
			a, b := 0, 0
			w.Always("equal", func() error {
				if a != b {
					return fmt.Errorf("%d and %d", a, b)
				}
				return nil
			})
			for i := range 5 {
				w.Go("", func() {
					for range 5 {
						a++
						w.Sleep(0)
						w.Sleep(0)
						b++
						w.Sleep(time.Duration(i) * ms)
					}
				})
			}
			w.Sleep(6 * ms)
			// The scenario returns in the middle of what the last task does.
			w.Go("last", func() {
				a++
				w.Sleep(0)
				b++
			})
			w.Sleep(0)
		})
	}
}

func TestAlwaysSeesEveryInstant(t *testing.T) {
	x := 0
	at := brokenAt(t, Config{}, "small", func(w *World) {
		w.Always("small", func() error {
			if x > 2 {
				return errBroken
			}
			return nil
		})
		w.Go("", func() {
			for {
				w.Sleep(ms)
				x++
			}
		})
		w.Sleep(time.Second)
	})
	want(t, "broken at", at, 3*ms)
	// A glitch within one instant is nobody's business, one of a nanosecond is.
	glitch := func(d time.Duration) *Report {
		x := 0
		return Run(Config{}, func(w *World) {
			w.Always("zero", func() error {
				if x != 0 {
					return errBroken
				}
				return nil
			})
			x = 1
			w.Sleep(d)
			x = 0
		})
	}
	if r := glitch(0); r.Err != nil {
		t.Errorf("a glitch within an instant: %v", r.Err)
	}
	if r := glitch(1); !errors.Is(r.Err, errBroken) {
		t.Errorf("a glitch of a nanosecond: %v", r.Err)
	}
}

func TestAlwaysIsLookedAtAtTheEnd(t *testing.T) {
	x := 0
	at := brokenAt(t, Config{Seed: 2}, "zero", func(w *World) {
		w.Always("zero", func() error {
			if x != 0 {
				return errBroken
			}
			return nil
		})
		w.Sleep(5 * ms)
		x = 1
	})
	want(t, "broken at", at, 5*ms)
	// What is stated last is looked at too.
	at = brokenAt(t, Config{}, "never", func(w *World) { w.Always("never", func() error { return errBroken }) })
	want(t, "broken at", at, 0)
}

func TestEventuallyDeadline(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2, 3} {
		for _, c := range []struct {
			comes time.Duration
			ok    bool
		}{{0, true}, {9 * ms, true}, {10*ms - 1, true}, {10 * ms, true}, {10*ms + 1, false}, {time.Hour, false}} {
			x := false
			r := Run(Config{Seed: seed}, func(w *World) {
				w.Go("", func() { w.Sleep(c.comes); x = true })
				w.Eventually("true", 10*ms, func() bool { return x })
			})
			var e *PropertyError
			switch {
			case c.ok && r.Err != nil:
				t.Errorf("seed %d, true at %v: %v", seed, c.comes, r.Err)
			case c.ok:
				// The run lasts until it is met, and no longer.
				want(t, "end", r.Virtual, c.comes)
			case !errors.As(r.Err, &e) || e.At != 10*ms:
				t.Errorf("seed %d, true at %v: %v, want it broken at 10ms", seed, c.comes, r.Err)
			}
		}
	}
}

// A message that arrives at the deadline is in time, whatever its tie-break.
func TestEventuallyAndAMessageAtTheDeadline(t *testing.T) {
	for seed := range uint64(20) {
		var b box
		mustRun(t, Config{Seed: seed, Link: fixed(10 * ms)}, func(w *World) {
			n := w.Node("n")
			n.Start(func() {})
			w.Eventually("arrives", 10*ms, func() bool { return b.got > 0 })
			w.Link(w.Main(), n).Send(&Message{}, 0, &b)
		})
	}
}

func TestEventuallyOfNoTime(t *testing.T) {
	mustRun(t, Config{}, func(w *World) {
		x := false
		w.Eventually("now", 0, func() bool { return x })
		x = true
		w.Sleep(ms)
		x = false
	})
	brokenAt(t, Config{}, "now", func(w *World) { w.Eventually("now", 0, func() bool { return false }) })
}

func TestEventuallyKeepsTheRunGoing(t *testing.T) {
	r := mustRun(t, Config{Seed: 1}, func(w *World) {
		w.Go("", func() {
			w.Sleep(3 * time.Second)
			w.Eventually("later still", time.Hour, func() bool { return w.Elapsed() >= 5*time.Second })
			for range 20 {
				w.Sleep(time.Second)
			}
		})
		w.Eventually("later", time.Hour, func() bool { return w.Elapsed() >= 3*time.Second })
	})
	want(t, "end", r.Virtual, 5*time.Second)
}

// A condition that has come true is not looked at again.
func TestEventuallyIsMetOnce(t *testing.T) {
	looks := 0
	r := mustRun(t, Config{}, func(w *World) {
		w.Eventually("x", time.Second, func() bool { looks++; return looks == 3 })
		for range 10 {
			w.Sleep(ms)
		}
	})
	want(t, "looks", looks, 3)
	want(t, "count", r.Properties[0], PropertyCount{"x", "eventually", 3, 1})
	// Its deadline is no instant any more.
	r = mustRun(t, Config{}, func(w *World) {
		w.Always("a", func() error { return nil })
		w.Eventually("x", time.Second, func() bool { return true })
		w.Sleep(time.Hour)
	})
	want(t, "instants", r.Properties[0].Checked, 2)
}

func TestStatementsInsideConditions(t *testing.T) {
	stated := false
	r := mustRun(t, Config{}, func(w *World) {
		w.Always("outer", func() error {
			if !stated {
				stated = true
				w.Always("inner", func() error { return nil })
				w.Eventually("inner too", time.Second, func() bool { return w.Elapsed() > 4*ms })
			}
			return nil
		})
		w.Eventually("first", time.Second, func() bool {
			if w.Elapsed() < 2*ms {
				return false
			}
			w.Eventually("second", time.Second, func() bool { return w.Elapsed() >= 7*ms })
			w.Sometimes("said in a condition", true)
			return true
		})
		for range 10 {
			w.Sleep(ms)
		}
	})
	var got []string
	for _, p := range r.Properties {
		got = append(got, p.Name)
		if p.Met == 0 {
			t.Errorf("%q was never met", p.Name)
		}
	}
	want(t, "properties", strings.Join(got, ", "), "outer, first, inner, inner too, second, said in a condition")
}

func TestSometimes(t *testing.T) {
	lines, r := traced(Config{}, func(w *World) {
		for i := range 5 {
			w.Sometimes("three", i == 3)
			w.Sometimes("even", i%2 == 0)
			w.Sometimes("never", false)
		}
	})
	want(t, "counts", fmt.Sprint(r.Properties), "[{three sometimes 5 1} {even sometimes 5 3} {never sometimes 5 0}]")
	want(t, "records", len(lines), 2)
}

// One name may be stated more than once, and as different kinds.
func TestPropertiesOfOneName(t *testing.T) {
	r := mustRun(t, Config{}, func(w *World) {
		for range 3 {
			w.Eventually("x", time.Second, func() bool { return true })
		}
		w.Always("x", func() error { return nil })
		w.Sleep(ms)
	})
	want(t, "counts", fmt.Sprint(r.Properties), "[{x eventually 3 3} {x always 2 2}]")
}

func TestTheFirstFailureCounts(t *testing.T) {
	e := fails[*PropertyError](t, Config{}, func(w *World) {
		w.Always("a", func() error {
			if w.Elapsed() >= ms {
				return errBroken
			}
			return nil
		})
		w.Always("b", func() error { return nil })
		w.Eventually("c", ms, func() bool { return false })
		w.Sleep(time.Second)
	})
	want(t, "property", e.Name, "a")
	if !errors.Is(e, errBroken) || e.At != ms {
		t.Errorf("the error is %v", e)
	}
	// Of two that end together the one that was stated first.
	e = fails[*PropertyError](t, Config{}, func(w *World) {
		w.Eventually("d", 2*ms, func() bool { return false })
		w.Eventually("e", 2*ms, func() bool { return false })
		w.Sleep(time.Second)
	})
	want(t, "property", e.Name, "d")
	wantIn(t, e.Error(), `property "d" broken at 2ms: it has not come true in time (2ms)`)
}

func TestPanicsInChecks(t *testing.T) {
	for _, state := range map[string]func(w *World){
		"always":     func(w *World) { w.Always("p", func() error { panic("boo") }) },
		"eventually": func(w *World) { w.Eventually("p", time.Second, func() bool { panic("boo") }) },
	} {
		e := fails[*sched.PanicError](t, Config{}, state)
		want(t, "value", e.Value, any("boo"))
		wantIn(t, e.Stack, "property_test.go")
		says(t, Config{}, state, `while property "p" was looked at`, "boo")
		// In an instant of its own too, when a task drives.
		says(t, Config{Seed: 1}, func(w *World) {
			w.Sleep(ms)
			state(w)
			w.Sleep(ms)
		}, `seed 1 at 1ms: while property "p" was looked at`)
	}
	// A panic elsewhere is not the property's.
	r := Run(Config{}, func(w *World) {
		w.Always("p", func() error { return nil })
		w.Sleep(ms)
		panic("boo")
	})
	if r.Err == nil || strings.Contains(r.Err.Error(), "property") {
		t.Errorf("a panic in a task: %v", r.Err)
	}
}

func TestLocksInChecks(t *testing.T) {
	var mu sched.Mutex
	x := 0
	check := func() error {
		mu.Lock()
		defer mu.Unlock()
		x++
		return nil
	}
	mustRun(t, Config{Seed: 1}, func(w *World) {
		w.Always("locks", check)
		for range 5 {
			w.Sleep(ms)
			mu.Lock()
			x++
			mu.Unlock()
		}
	})
	mu = sched.Mutex{}
	says(t, Config{Seed: 1}, func(w *World) {
		w.Always("locks", check)
		mu.Lock()
		w.Sleep(ms) // the check finds it locked
		mu.Unlock()
	}, `while property "locks" was looked at`, "Mutex.Lock would have to wait", "events cannot wait")
	says(t, Config{Seed: 1}, func(w *World) {
		w.Always("sleeps", func() error { w.Sleep(ms); return nil })
	}, `while property "sleeps" was looked at`, "Sleep would have to wait")
}

func TestFailInsideAndOutsideOfChecks(t *testing.T) {
	says(t, Config{Seed: 4}, func(w *World) {
		w.Always("p", func() error { w.Failf("enough of %d", 7); return nil })
		w.Sleep(ms)
	}, "seed 4: enough of 7")
	after := false
	r := Run(Config{Seed: 4}, func(w *World) {
		w.Sleep(ms)
		defer w.Logf("a deferred call")
		w.Fail(errBroken)
		after = true
	})
	if !errors.Is(r.Err, errBroken) || after {
		t.Errorf("Fail ended the run with %v, and returned: %v", r.Err, after)
	}
	want(t, "text", r.Err.Error(), "seed 4 at 1ms: it is broken")
	says(t, Config{}, func(w *World) { w.Fail(nil) }, "nil error")
}
