package labrpc

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"samerun/sim"
)

// busy is a run with everything in it: clients on nodes of their own call one
// server over an unreliable network and faulty links, while it crashes, moves,
// and ends are disabled. It returns what each client saw.
func busy(t *testing.T, seed uint64, clients ...string) (*sim.Report, map[string][]string) {
	t.Helper()
	saw := map[string][]string{}
	cfg := sim.Config{Seed: seed, Link: sim.LinkConfig{Loss: 20_000, Duplicate: 50_000, Reorder: 50_000}}
	r := run(t, cfg, func(w *sim.World) {
		l := newLab(w)
		l.Reliable(false)
		l.LongReordering(seed%2 == 0)
		n0 := w.Node("n0")
		n0.Start(func() { l.addServer("far") })
		for _, name := range clients {
			w.Node(name).Start(func() {
				end := l.addEnd(name, "far")
				for i := range 25 {
					for _, method := range []string{"Echo.Slow", "Echo.Double"} {
						var arg any = i
						if method == "Echo.Slow" {
							arg = time.Duration(i*7) * ms
						}
						w.Go("", func() {
							o := l.call(end, method, arg)
							saw[name] = append(saw[name], fmt.Sprintf("%s %d: %v %d at %v", method, i, o.ok, o.reply, o.at))
						})
					}
					w.Sleep(30 * ms)
				}
			})
		}
		w.Sleep(200*ms + 1)
		l.Enable(clients[0], false)
		w.Sleep(50 * ms)
		l.Enable(clients[0], true)
		n0.Restart()
		w.Sleep(200 * ms)
		n0.Pause()
		w.Sleep(100 * ms)
		n0.Resume()
		w.Sleep(10 * time.Second)
	})
	for _, lines := range saw {
		slices.Sort(lines) // what happens at one instant may happen in any order
	}
	return r, saw
}

func TestSameSeedSameRun(t *testing.T) {
	seeds := []uint64{0, 1, 2, 3, 1 << 60}
	first := map[uint64]string{}
	for _, seed := range seeds {
		r, _ := busy(t, seed, "n1", "n2", "n3")
		first[seed] = r.Digest
	}
	if n := len(slices.Compact(slices.Sorted(maps.Values(first)))); n != len(seeds) {
		t.Errorf("%d seeds gave %d digests", len(seeds), n)
	}
	for _, procs := range []int{1, 2, 4} {
		old := runtime.GOMAXPROCS(procs)
		var wg sync.WaitGroup // and in parallel: one run never sees another
		for _, seed := range seeds {
			wg.Go(func() {
				if r, _ := busy(t, seed, "n1", "n2", "n3"); r.Digest != first[seed] {
					t.Errorf("GOMAXPROCS %d: seed %d gave %s, and %s before", procs, seed, r.Digest, first[seed])
				}
			})
		}
		wg.Wait()
		runtime.GOMAXPROCS(old)
	}
}

// Rule D4 of the design: without one client, all that the others see is the same,
// to the nanosecond.
func TestTakingAClientOutChangesNothing(t *testing.T) {
	for seed := range uint64(20) {
		_, all := busy(t, seed, "n1", "n2", "n3")
		for out, rest := range map[string][]string{"n2": {"n1", "n3"}, "n3": {"n1", "n2"}} {
			_, less := busy(t, seed, rest...)
			for _, name := range rest {
				if a, b := strings.Join(all[name], "\n"), strings.Join(less[name], "\n"); a != b {
					t.Fatalf("seed %d: without %s, %s saw\n%s\ninstead of\n%s", seed, out, name, b, a)
				}
			}
		}
	}
}

// Another method's traffic on the same end changes nothing either.
func TestTakingAMethodOutChangesNothing(t *testing.T) {
	saw := func(seed uint64, both bool) string {
		var b strings.Builder
		run(t, sim.Config{Seed: seed}, func(w *sim.World) {
			l := newLab(w)
			l.Reliable(false)
			for i := range 50 {
				if both {
					l.background(l.end, "Echo.Len", "noise")
				}
				fmt.Fprintln(&b, l.call(l.end, "Echo.Double", i))
			}
		})
		return b.String()
	}
	for seed := range uint64(20) {
		if a, b := saw(seed, true), saw(seed, false); a != b {
			t.Errorf("seed %d:\n%s\n%s", seed, a, b)
		}
	}
}

// An end that is made anew under its old name has luck of its own.
func TestAnEndMadeAgainDrawsAnew(t *testing.T) {
	ok := 0
	run(t, sim.Config{Seed: 5}, func(w *sim.World) {
		l := newLab(w)
		l.Reliable(false)
		for range 300 {
			if o := l.call(l.addEnd("again", "server"), "Echo.Double", 1); o.ok {
				ok++
			}
			l.DeleteEnd("again")
		}
	})
	if !about(ok, 300, 81, 100) {
		t.Errorf("%d of 300 first calls of an end succeeded, want about 81 %%", ok)
	}
}
