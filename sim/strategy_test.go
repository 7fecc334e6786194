package sim

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/sched"
	"samerun/sim/replay"
)

// unlocked is a lost update: two tasks add one to a number without a lock, and each
// lets others run between reading and writing.
func unlocked(w *World) {
	n, done := 0, 0
	for range 2 {
		w.Go("adder", func() {
			for range 2 {
				old := n
				w.Scheduler().Yield()
				n = old + 1
			}
			done++
		})
	}
	w.Sleep(time.Second)
	if n != 4 {
		w.Fail(&PropertyError{Name: "no addition is lost", At: w.Elapsed(), Err: fmt.Errorf("%d of 4", n)})
	}
}

// sequential needs one preemption at one place: FIFO never fails it.
func sequential(w *World) {
	ready := false
	w.Go("first", func() { ready = true })
	w.Go("second", func() {
		if !ready {
			w.Fail(&PropertyError{Name: "the first is first", At: w.Elapsed(), Err: errors.New("it was not")})
		}
	})
	w.Sleep(time.Second)
}

// A run under any strategy is, with its recorded order, the same run under FIFO.
func TestRecordedOrderIsTheRun(t *testing.T) {
	for _, order := range []string{"", "random", "walk", "pct:3:64", "pos", "delay:2:64", "urw:2", "surw", "fifo"} {
		for seed := range uint64(30) {
			exec := func(cfg Config) (Config, *Report) { return cfg, Run(cfg, lossy) }
			cfg := Config{Seed: seed, Strategy: order}
			_, want := exec(cfg)
			p := probe(cfg, exec)
			_, got := exec(Config{Seed: seed, Strategy: "fifo", Deviations: p.Deviations})
			if got.Digest != want.Digest || len(got.Unmet) > 0 {
				t.Fatalf("seed %d under %q: digest %s, and %s with its order recorded (%d deviations)", seed, order, want.Digest, got.Digest, len(p.Deviations))
			}
		}
	}
}

// What was counted in the calm run is in the replay file, which so is of the very run.
func TestCountedEventsAreSaved(t *testing.T) {
	for _, strategy := range []string{"urw", "surw"} {
		dir := t.TempDir()
		setenv(t, "SAMERUN_SHRINK", "0", "SAMERUN_STRATEGY", strategy, "SAMERUN_SEEDS", "1-50", "SAMERUN_OUT", dir)
		f := runTest(&fakeT{name: "TestOrder"}, unlocked)
		files, err := filepath.Glob(filepath.Join(dir, "*.json"))
		if err != nil || len(files) != 1 || len(f.errors) != 1 {
			t.Fatalf("%v, %q, %v", files, f.errors, err)
		}
		file, err := replay.Read(files[0])
		if err != nil || !strings.HasPrefix(file.Strategy, strategy+":") {
			t.Fatalf("%q, %v", file.Strategy, err)
		}
		if r := Run(ConfigOf(file), unlocked); r.Digest != file.Digest {
			t.Errorf("the file has digest %s, its run %s", file.Digest, r.Digest)
		}
	}
}

// An order that matters is minimised to the decisions that matter.
func TestOrdersAreMinimised(t *testing.T) {
	setenv(t, "SAMERUN_SHRINK", "1m")
	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fn   func(w *World)
		most int // deviations
	}{{sequential, 1}, {unlocked, 0}} {
		found := 0
		for seed := uint64(1); seed < 30; seed++ {
			r := Run(Config{Seed: seed, Strategy: "walk"}, c.fn)
			if r.Err == nil {
				continue
			}
			found++
			x := &tester{t: &fakeT{name: "TestOrder"}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, c.fn) }}
			small, _, words := x.minimise(&attempt{cfg: Config{Seed: seed, Strategy: "walk"}, report: r, failure: r.Err})
			if small == nil {
				t.Fatal(words)
			}
			if small.cfg.Strategy != "fifo" || len(small.cfg.Deviations) > c.most {
				t.Errorf("seed %d: %q with %v", seed, small.cfg.Strategy, small.cfg.Deviations)
			}
			removable(t, saved("TestOrder", small.cfg, small.report, small.failure), c.fn)
		}
		if found < 5 {
			t.Errorf("only %d of 29 seeds fail", found)
		}
	}
}

// A search that finds nothing says what it has covered, one that finds says the
// order as data.
func TestExhaustive(t *testing.T) {
	setenv(t, "SAMERUN_STRATEGY", "exhaustive", "SAMERUN_SEED", "5")
	f := runTest(&fakeT{}, sequential)
	if len(f.errors) != 1 {
		t.Fatalf("%q", f.errors)
	}
	wantIn(t, f.errors[0], `property "the first is first"`, "in order of readiness but for 1 deviation", ", ready for the 1st time: ", " first\n", "it repeats", "again: SAMERUN_REPLAY=")

	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	fine := func(w *World) {
		for i := range 3 {
			w.Go(fmt.Sprint(i), func() { w.Scheduler().Yield() })
		}
		w.Sleep(time.Second)
	}
	x := &tester{t: &fakeT{}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, fine) }}
	a, covered := everyOrder(Config{Seed: 1}, sched.ExhaustiveOptions{}, x.run)
	if a.failure != nil || covered != "all 90 schedules" {
		t.Errorf("%v, %q", a.failure, covered)
	}
	if _, covered = everyOrder(Config{Seed: 1}, sched.ExhaustiveOptions{Runs: 10}, x.run); covered != "10 schedules, not all" {
		t.Errorf("%q", covered)
	}
	last := 0
	x.exec = func(cfg Config) (Config, *Report) {
		last++
		return cfg, Run(cfg, func(w *World) {
			for range 2 + last%2 {
				w.Go("x", func() {})
			}
		})
	}
	if a, _ := everyOrder(Config{Seed: 1}, sched.ExhaustiveOptions{}, x.run); a.failure == nil {
		t.Error("a scenario that depends on earlier runs was searched to the end")
	} else {
		wantIn(t, a.failure.Error(), "is not deterministic")
	}
}

// What a seed does under PCT does not depend on the seeds before it; nor under URW.
func TestLengthsAreCalibratedAlike(t *testing.T) {
	digests := func(strategy, seeds string) map[uint64]string {
		setenv(t, "SAMERUN_STRATEGY", strategy, "SAMERUN_SEEDS", seeds)
		env, err := readEnv(replay.Tasks)
		if err != nil {
			t.Fatal(err)
		}
		x := &tester{t: &fakeT{}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, lossy) }}
		all := map[uint64]string{}
		for seed := range env.seeds.All() {
			a, _ := x.oneSeed(seed)
			all[seed] = a.cfg.Strategy + a.report.Digest
		}
		return all
	}
	for _, strategy := range []string{"pct:2", "urw", "surw"} {
		few, many := digests(strategy, "7"), digests(strategy, "1-9")
		if few[7] != many[7] || !strings.HasPrefix(few[7], strategy+":") {
			t.Errorf("%q alone, %q among others", few[7], many[7])
		}
	}
	setenv(t, "SAMERUN_STRATEGY", "pct:x")
	f := runTest(&fakeT{}, lossy)
	if len(f.errors) != 1 {
		t.Fatalf("%q", f.errors)
	}
	wantIn(t, f.errors[0], "SAMERUN_STRATEGY: ", "the depth is a whole number")
}

// A test can have a strategy and links of its own; the environment overrides the
// strategy.
func TestWithAStrategyOfItsOwn(t *testing.T) {
	run := func(env string, base Config, fn func(w *World)) []string {
		setenv(t, "SAMERUN_STRATEGY", env, "SAMERUN_SEEDS", "1-20")
		f := &fakeT{name: "TestFake"}
		done := make(chan struct{})
		go func() { defer close(done); TestWith(f, base, fn) }()
		<-done
		return f.errors
	}
	if errs := run("", Config{Strategy: "fifo"}, sequential); len(errs) > 0 {
		t.Errorf("first come first served: %q", errs)
	}
	if errs := run("walk", Config{Strategy: "fifo"}, sequential); len(errs) != 1 {
		t.Errorf("a walk: %q", errs)
	}
	run("", Config{Link: fixed(7 * ms)}, func(w *World) {
		if c := w.Link(w.Main(), w.Node("a")).Config(); c.Latency != (Durations{Min: 7 * ms, Max: 7 * ms}) {
			t.Errorf("the links have %v", c.Latency)
		}
	})
	for want, base := range map[string]Config{
		"Config.Strategy: strategy \"x\"": {Strategy: "x"}, "a Config with Seed;": {Seed: 3}, "a Config with Calm;": {Calm: 1},
	} {
		if errs := run("", base, sequential); len(errs) != 1 {
			t.Errorf("%q", errs)
		} else {
			wantIn(t, errs[0], want)
		}
	}
}

// twoNodes is a world of two nodes, each with as many turns of its own.
func twoNodes(turns int, turn func(w *World)) func(w *World) {
	return func(w *World) {
		for i := range 2 {
			w.Node(fmt.Sprint("n", i)).Start(func() {
				for k := range turns {
					if k > 0 {
						w.Scheduler().Yield()
					}
					turn(w)
				}
			})
		}
		w.Sleep(time.Second)
	}
}

// What nodes do by themselves needs one order, and what they do to each other all.
func TestExhaustiveThatPrunes(t *testing.T) {
	setenv(t, "SAMERUN_STRATEGY", "exhaustive:dpor", "SAMERUN_SEED", "5")
	env, err := readEnv(replay.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	ownThings := func(w *World) {
		n := w.Here()
		n.Save("x", []byte("y"))
		n.Load("x")
		n.Rand().Int()
		n.Disk()
		w.Rand().Int()
		w.Logf("a line")
		w.Sometimes("it is so", true)
		w.Buggify("it is otherwise")
		w.Begin(StepID{Of: n.Name()}, 0)
	}
	send := func(w *World) {
		to := w.Main()
		w.Link(w.Here(), to).Send(&Message{}, 0, &timer{})
	}
	meet := func(w *World) func(w *World) {
		x := sched.MakeChan[int](100)
		return func(*World) { x.TrySend(1) }
	}
	for _, c := range []struct {
		name string
		fn   func(w *World)
		want string
	}{
		{"nothing", twoNodes(10, func(*World) {}), "all 184756 schedules by 1 run"},
		{"what is their own", twoNodes(10, ownThings), "all 184756 schedules by 1 run"},
		{"messages", twoNodes(10, send), "all 184756 schedules by 1 run"},
		{"a channel of both", func(w *World) { twoNodes(3, meet(w))(w) }, "all 20 schedules by 20 runs"},
		{"two tasks of one node", func(w *World) {
			for range 2 {
				w.Go("", func() { w.Scheduler().Yield() })
			}
			w.Sleep(time.Second)
		}, "all 6 schedules by 6 runs"},
	} {
		x := &tester{t: &fakeT{}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, c.fn) }}
		a, covered := x.oneSeed(5)
		if a.failure != nil || covered != c.want {
			t.Errorf("%s: %v, %q, want %q", c.name, a.failure, covered, c.want)
		}
	}

	// A failure is found, and told as any other.
	f := runTest(&fakeT{}, func(w *World) {
		x := sched.MakeChan[int](1)
		w.Node("first").Start(func() { x.Send(1) })
		w.Node("alone").Start(func() {
			for range 5 {
				w.Scheduler().Yield()
			}
		})
		w.Node("second").Start(func() {
			if x.Len() == 0 {
				w.Failf("the second was first")
			}
		})
		w.Sleep(time.Second)
	})
	if len(f.errors) != 1 {
		t.Fatalf("%q", f.errors)
	}
	wantIn(t, f.errors[0], "the second was first", "in order of readiness but for 2 deviations", "it repeats", "again: SAMERUN_REPLAY=")

	// Runs that are given up are no failures.
	lastZero := func(w *World) {
		var a [4]int
		w.Node("reader").Start(func() {
			for i := 3; ; i-- {
				sched.Touch(&a[i], sched.ToRead)
				if a[i] == 0 {
					return
				}
				w.Scheduler().Yield()
			}
		})
		for j := 1; j < len(a); j++ {
			w.Node(fmt.Sprint("writer", j)).Start(func() {
				sched.Touch(&a[j-1], sched.ToRead)
				v := a[j-1]
				w.Scheduler().Yield()
				sched.Touch(&a[j], sched.ToWrite)
				a[j] = v + 1
			})
		}
		w.Sleep(time.Second)
	}
	x := &tester{t: &fakeT{}, env: env, exec: func(cfg Config) (Config, *Report) { return cfg, Run(cfg, lastZero) }}
	if a, covered := x.oneSeed(5); a.failure != nil || a.report.Err != nil || covered != "all 920 schedules by 13 runs (1 given up as redundant)" {
		t.Errorf("%v, %v, %q", a.failure, a.report.Err, covered)
	}
}
