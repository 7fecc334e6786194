package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// doings runs a scenario of two workloads and returns what each step did, by step:
// its virtual time and what it drew.
func doings(t testing.TB, cfg Config, slow time.Duration) (map[StepID]string, *Report) {
	t.Helper()
	did := map[StepID]string{}
	r := mustRun(t, cfg, func(w *World) {
		for _, name := range []string{"a", "b"} {
			w.Go(name, func() {
				for s := range w.Steps(name, 8, Durations{Min: ms, Max: 20 * ms}) {
					did[StepID{Of: name, N: s.N}] = fmt.Sprint(w.Elapsed(), s.Rand().Uint64())
					w.Sleep(slow)
				}
			})
		}
		w.Sleep(time.Second)
	})
	return did, r
}

// A step does what it does, when it does it, whatever other steps are left out.
func TestStepsAreIndependent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(0, 100).Draw(rt, "seed")
		all, r := doings(t, Config{Seed: seed}, 0)
		if len(all) != 16 || len(r.Steps) != 16 {
			rt.Fatalf("%d steps, %d in the report", len(all), len(r.Steps))
		}
		var kept Steps
		for _, id := range r.Steps {
			if rapid.Bool().Draw(rt, "kept") {
				kept = append(kept, id)
			}
		}
		some, r := doings(t, Config{Seed: seed, Steps: &kept}, 0)
		// At one instant the steps of two tasks may come in either order.
		byName := func(a, b StepID) int { return cmp.Or(strings.Compare(a.Of, b.Of), a.N-b.N) }
		slices.SortFunc(kept, byName)
		slices.SortFunc(r.Steps, byName)
		if len(some) != len(kept) || !slices.Equal(r.Steps, kept) || len(r.Missed) > 0 {
			rt.Fatalf("kept %v, did %v, missed %v", kept, r.Steps, r.Missed)
		}
		for id, did := range some {
			if did != all[id] {
				rt.Fatalf("step %v did %s, and %s among all", id, did, all[id])
			}
		}
	})
}

// Who is late does not wait, and catches up.
func TestLateStepsGoOnAtOnce(t *testing.T) {
	var at []time.Duration
	mustRun(t, Config{}, func(w *World) {
		for s := range w.Steps("x", 4, Durations{Min: 10 * ms, Max: 10 * ms}) {
			at = append(at, w.Elapsed())
			if s.N == 0 {
				w.Sleep(25 * ms)
			}
		}
	})
	if want := []time.Duration{10 * ms, 35 * ms, 35 * ms, 40 * ms}; !slices.Equal(at, want) {
		t.Errorf("steps at %v, want %v", at, want)
	}
}

func TestAWorkloadUsedAgainIsAnother(t *testing.T) {
	r := mustRun(t, Config{}, func(w *World) {
		for range 2 {
			for s := range w.Steps("x", 5, Durations{}) {
				if s.N == 1 {
					break
				}
			}
		}
	})
	if want := (Steps{{Of: "x", N: 0}, {Of: "x", N: 1}, {Of: "x#2", N: 0}, {Of: "x#2", N: 1}}); !slices.Equal(r.Steps, want) {
		t.Errorf("%v", r.Steps)
	}
}

func TestSizesAndHorizons(t *testing.T) {
	ask := func(cfg Config) (n, m int, d time.Duration, r *Report) {
		r = mustRun(t, cfg, func(w *World) {
			n, m = w.Size("nodes", 3, 5), w.Size("clients", 1, 9)
			if again := w.Size("nodes", 3, 5); again != n {
				t.Errorf("nodes is %d, and then %d", n, again)
			}
			d = w.Horizon(10 * time.Second)
		})
		return
	}
	met := map[int]bool{}
	for seed := range uint64(40) {
		n, _, d, r := ask(Config{Seed: seed})
		if n < 3 || n > 5 || d != 10*time.Second || r.Horizon != d || seed == 0 && n != 4 {
			t.Errorf("seed %d: %d nodes for %v", seed, n, d)
		}
		met[n] = true
	}
	if len(met) != 3 {
		t.Errorf("of 3 to 5 only %v came up", met)
	}
	_, clients, _, _ := ask(Config{Seed: 7})
	n, m, d, r := ask(Config{Seed: 7, Sizes: []Size{{Name: "nodes", Value: 3}}, Horizon: time.Second})
	if n != 3 || m != clients || d != time.Second || len(r.Missed) > 0 {
		t.Errorf("%d nodes, %d clients instead of %d, %v, missed %v", n, m, clients, d, r.Missed)
	}
	// What the scenario does not ask for, or could not be given, is told.
	_, _, _, r = ask(Config{Seed: 7, Sizes: []Size{{Name: "nodes", Value: 9}, {Name: "racks", Value: 1}}, Steps: &Steps{{Of: "x", N: 3}}})
	if want := []string{"step x 3 was not reached", "size nodes = 9 was not asked for", "size racks = 1 was not asked for"}; len(r.Missed) != 3 {
		t.Errorf("missed %q, want %q", r.Missed, want)
	} else {
		for i := range want {
			wantIn(t, r.Missed[i], want[i])
		}
	}
}

func TestMisuseOfWorkloads(t *testing.T) {
	for name, c := range map[string]struct {
		fn   func(w *World)
		want string
	}{
		"no name":      {func(w *World) { w.Steps("", 1, Durations{})(func(Step) bool { return true }) }, "World.Steps was given no name"},
		"negative":     {func(w *World) { w.Steps("x", -1, Durations{})(func(Step) bool { return true }) }, "the number cannot be negative"},
		"range":        {func(w *World) { w.Steps("x", 1, Durations{Min: 2, Max: 1})(func(Step) bool { return true }) }, "0 ≤ Min ≤ Max"},
		"size":         {func(w *World) { w.Size("x", 5, 3) }, "World.Size(\"x\", 5, 3) needs"},
		"horizon":      {func(w *World) { w.Horizon(0) }, "must be positive"},
		"attach":       {func(w *World) { w.Attach("json", func(string) error { return nil }) }, "World.Attach(\"json\") needs"},
		"attach slash": {func(w *World) { w.Attach("a/b", func(string) error { return nil }) }, "without slashes"},
	} {
		t.Run(name, func(t *testing.T) { says(t, Config{}, c.fn, c.want) })
	}
	for want, cfg := range map[string]Config{
		"sim.Config.Calm is 3": {Calm: 3}, "sim.Config.Horizon is -1s": {Horizon: -time.Second}, "there is no such strategy": {Strategy: "fist come"},
	} {
		if r := Run(cfg, func(*World) {}); r.Err == nil || !strings.Contains(r.Err.Error(), want) {
			t.Errorf("%v instead of %q", r.Err, want)
		}
	}
}

// The loop over steps ends when it would with all of them, whichever are left out.
func TestLoopsLastAsLongWithFewerSteps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(0, 100).Draw(rt, "seed")
		var all Steps
		end := func(cfg Config) time.Duration {
			r := mustRun(t, cfg, func(w *World) {
				for range w.Steps("x", 8, Durations{Max: 20 * ms}) {
					_ = 0
				}
			})
			if cfg.Steps == nil {
				all = r.Steps
			}
			return r.Virtual
		}
		whole := end(Config{Seed: seed})
		kept := Steps{}
		for _, id := range all {
			if rapid.Bool().Draw(rt, "kept") {
				kept = append(kept, id)
			}
		}
		if some := end(Config{Seed: seed, Steps: &kept}); some != whole {
			rt.Fatalf("%v with %v, %v with all", some, kept, whole)
		}
	})
}

// A failure that comes while the main task waits for its next step is minimised: the
// run without that step does not end before.
func TestAMainTaskOfStepsIsMinimised(t *testing.T) {
	fn := func(w *World) {
		pokes := 0
		w.Node("n").Start(func() {
			w.Sleep(3 * time.Second)
			if pokes > 2 {
				w.Failf("poked")
			}
		})
		for range w.Steps("pokes", 100, Durations{Min: 50 * ms, Max: 150 * ms}) {
			pokes++
		}
	}
	r := failing(t, 1, fn)[0]
	x := &tester{t: &fakeT{name: "TestPokes"}, env: &environment{shrink: time.Hour}, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, fn) }}
	small, _, words := x.minimise(&attempt{cfg: Config{Seed: r.Seed}, report: r, failure: r.Err})
	if small == nil {
		t.Fatal(words)
	}
	if n := len(*small.cfg.Steps); n != 3 {
		t.Errorf("%d steps are left: %s", n, words)
	}
}
