package proptest

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/wire"
	"samerun/sched"
	"samerun/sim"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// adding is a property that draws of all sorts and fails for some seeds: calls that
// are repeated are executed twice, and clients start again when they crash.
func adding(p *P) {
	faults := p.Faults(Names("n0", "client0", "client1"), Horizon(2*time.Second), Budget(12), AllKinds)
	by := Draw(p, rapid.SliceOfN(rapid.IntRange(1, 9), 1, 5), "by")
	ops := Draw(p, Workloads(2, 30, 300*time.Millisecond, rapid.IntRange(0, 4)), "which")
	p.Run(faults, func(w *sim.World) {
		rn, all := stores(w, "n0")
		want := 0
		for _, s := range ops {
			want += by[s.Op%len(by)]
		}
		w.Always("every addition counts once", func() error {
			if all[0].value > want {
				return fmt.Errorf("the total is %d after additions of %d", all[0].value, want)
			}
			return nil
		})
		done := ops.Start(w, func(_, op int) {
			end, total := rn.dial("n0"), 0
			for !end.Call("Store.Add", by[op%len(by)], &total) {
			}
		})
		w.Eventually("all are answered", time.Minute, done)
	})
}

// lines reads the result lines that a test left.
func lines(t *testing.T, path string) []wire.Result {
	t.Helper()
	all, err := wire.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(path)
	return all
}

// sweep runs the property for these seeds.
func sweep(t *testing.T, seeds string, property func(*P)) []wire.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "results")
	setenv(t, "SAMERUN_SEEDS", seeds, "SAMERUN_RESULTS", path, "SAMERUN_OUT", os.Getenv("SAMERUN_OUT"), "SAMERUN_SHRINK", os.Getenv("SAMERUN_SHRINK"))
	check(t, "TestSwept", property)
	return lines(t, path)
}

// A seed is the same run every time, alone or in a sweep, on any number of cores.
func TestSeedsAreTheSameRuns(t *testing.T) {
	setenv(t)
	all := map[uint64]wire.Result{}
	digests := map[string]bool{}
	failed := 0
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for seed := range uint64(40) {
		runtime.GOMAXPROCS(1 + int(seed)%2)
		l := sweep(t, fmt.Sprint(seed), adding)
		if len(l) != 1 || l[0].Seed != seed || l[0].Digest == "" || l[0].Test != "TestSwept" {
			t.Fatalf("seed %d left %+v; it should be one line", seed, l)
		}
		all[seed], digests[l[0].Digest] = l[0], true
		if !l[0].OK {
			failed++
		}
	}
	runtime.GOMAXPROCS(2)
	t.Logf("%d of 40 seeds failed", failed)
	if len(digests) < 30 || failed == 0 || failed == 40 {
		t.Errorf("40 seeds gave %d digests and %d failures; they should differ, and some fail", len(digests), failed)
	}
	for seed := uint64(0); seed < 40; {
		for _, l := range sweep(t, fmt.Sprintf("%d-39", seed), adding) {
			if l.Digest != all[l.Seed].Digest || l.OK != all[l.Seed].OK {
				t.Fatalf("seed %d gave %s (%v) in a sweep, and %s (%v) alone", l.Seed, l.Digest, l.OK, all[l.Seed].Digest, all[l.Seed].OK)
			}
			seed = l.Seed + 1 // a failure ends the sweep
		}
	}
}

// What these seeds mean is promised, on every machine: a change is told in CHANGELOG.md.
func TestSeedsMeanWhatTheyMeant(t *testing.T) {
	var text strings.Builder
	for _, seed := range []uint64{0, 1, 2, 47, math.MaxInt32, math.MaxInt32 + 1, 1 << 40, math.MaxUint64} {
		s := newSession(t, func(p *P) {
			ops := Draw(p, Workloads(3, 9, time.Second, rapid.IntRange(0, 99)), "operations")
			fmt.Fprintf(&text, "seed %d\n%v\n%s\n", p.Seed, ops, tell(p.Faults(Nodes(3), Budget(4))))
		}, nil)
		s.run(sim.Config{Seed: seed})
	}
	path := filepath.Join("testdata", "seeds.txt")
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("the seeds draw\n%s\nand not what stands in %s (REWRITE=1 writes it)", text.String(), path)
	}
}

// Small seeds have a stream of words each, and all fit an int of 32 bits.
func TestWordsOfSeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64Range(0, math.MaxInt32).Draw(t, "b")
		n := words(a)
		if int64(n) < math.MinInt32 || int64(n) > math.MaxInt32 || words(b) != int(b) || a > math.MaxInt32 && n >= 0 {
			t.Fatalf("the words of %d are %d, of %d they are %d", a, n, b, words(b))
		}
	})
}

// A property's own panic, a generator's complaint and one that finds nothing are
// failures of the seed.
func TestOtherFailuresOfSeeds(t *testing.T) {
	setenv(t)
	for want, property := range map[string]func(*P){
		"the property panicked: boom":        func(p *P) { panic("boom") },
		"proptest.Budget was given -1":       func(p *P) { p.Faults(Nodes(3), Budget(-1)) },
		"the draws found no value that fits": func(p *P) { Draw(p, rapid.Int().Filter(func(int) bool { return false }), "x") },
		"P.Fail was called with a nil":       func(p *P) { p.Fail(nil) },
		"is it?":                             func(p *P) { p.Fail(errors.New("is it?")) },
		"the scenario is nil":                func(p *P) { p.Run(fault.Schedule{}, nil) },
	} {
		all := sweep(t, "7", property)
		if len(all) != 1 || all[0].OK || !strings.Contains(all[0].Story.String(), want) {
			t.Errorf("the seed left %+v; it should fail and say %q", all, want)
		}
	}
}

// The strategy that a test asks for is in the file of its failure.
func TestStrategyIsKept(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "3")
	check(t, "TestSwept", func(p *P) {
		p.Run(p.Faults(Nodes(3)), func(w *sim.World) { w.Failf("always") })
	}, Strategy("fifo"), nil)
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SAMERUN_OUT"), "*.json"))
	if len(files) != 1 {
		t.Fatalf("saved: %q", files)
	}
	if p, err := replay.Read(files[0]); err != nil || p.Strategy != "fifo" {
		t.Errorf("%v: the strategy in the file is %q; it should be fifo", err, p.Strategy)
	}
	var order string
	s := newSession(t, func(p *P) { order = p.config(sim.Config{}).Strategy }, []Setting{Strategy("pct:3")})
	for given, want := range map[string]string{"": "pct:3", "fifo": "fifo"} {
		if s.run(sim.Config{Seed: 1, Strategy: given}); order != want {
			t.Errorf("with SAMERUN_STRATEGY=%q the strategy is %q; it should be %q", given, order, want)
		}
	}
}

// A search of every order is made in the property's own runs, too: the lost update
// needs one task between two steps of another.
func TestEveryOrderIsTried(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "1", "SAMERUN_STRATEGY", "exhaustive", "SAMERUN_SHRINK", "0")
	tries := 0
	r := check(t, "TestSwept", func(p *P) {
		tries++
		p.Run(fault.Schedule{}, func(w *sim.World) {
			n := 0
			for range 2 {
				w.Go("add", func() {
					old := n
					sched.Yield()
					n = old + 1
				})
			}
			w.Sleep(time.Second)
			if n != 2 {
				w.Failf("%d of 2 additions count", n)
			}
		})
	}, nil)
	if !r.failed || tries < 2 {
		t.Errorf("failed %v in %d tries", r.failed, tries)
	}
	passing := 0
	r = check(t, "TestSwept", func(p *P) {
		passing++
		p.Run(fault.Schedule{}, func(w *sim.World) {
			for range 2 {
				w.Go("add", func() { sched.Yield() })
			}
			w.Sleep(time.Second)
		})
	}, nil)
	if r.failed || passing < 3 {
		t.Errorf("failed %v after %d orders; it should be tried under several and pass:\n%s", r.failed, passing, r.log.String())
	}
}
