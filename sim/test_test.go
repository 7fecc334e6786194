package sim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"samerun/internal/wire"
)

// fakeT is a *testing.T that does not fail us.
type fakeT struct {
	name     string
	errors   []string
	failed   bool
	skipped  bool
	returned bool // from Test
}

func (f *fakeT) Name() string  { return f.name }
func (f *fakeT) Helper()       {}
func (f *fakeT) Failed() bool  { return f.failed }
func (f *fakeT) Skipped() bool { return f.skipped }
func (f *fakeT) FailNow()      { f.failed = true; runtime.Goexit() }
func (f *fakeT) SkipNow()      { f.skipped = true; runtime.Goexit() }
func (f *fakeT) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
	f.failed = true
}

// runTest calls Test with a fake, in a goroutine that it may end.
func runTest(f *fakeT, fn func(w *World)) *fakeT {
	if f.name == "" {
		f.name = "TestFake"
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		Test(f, fn)
		f.returned = true
	}()
	<-done
	return f
}

// setenv clears the environment but for these.
func setenv(t *testing.T, pairs ...string) {
	t.Helper()
	for _, name := range []string{"SAMERUN_STRATEGY", "SAMERUN_SEED", "SAMERUN_SEEDS", "SAMERUN_RESULTS", wire.List, wire.Trials, "SAMERUN_REPLAY", "SAMERUN_STRICT"} {
		t.Setenv(name, "")
	}
	t.Setenv("SAMERUN_OUT", t.TempDir()) // failures of fakes must not stay
	t.Setenv("SAMERUN_SHRINK", "0")
	for i := 0; i < len(pairs); i += 2 {
		t.Setenv(pairs[i], pairs[i+1])
	}
}

func TestSeedsFromTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want string
	}{
		{nil, "[0 1 2 3 4 5 6 7 8 9]"},
		{[]string{"SAMERUN_SEED", "0x2f"}, "[47]"},
		{[]string{"SAMERUN_SEED", "18446744073709551615"}, "[18446744073709551615]"},
		{[]string{"SAMERUN_SEEDS", "3-5,11"}, "[3 4 5 11]"},
		{[]string{"SAMERUN_SEED", "7", "SAMERUN_SEEDS", "1-100"}, "[7]"},
	} {
		setenv(t, c.env...)
		var ran []uint64
		f := runTest(&fakeT{}, func(w *World) { ran = append(ran, w.Seed()) })
		want(t, fmt.Sprint("seeds with ", c.env), fmt.Sprint(ran), c.want)
		want(t, "failed", f.failed, false)
		want(t, "returned", f.returned, true)
	}
}

func TestBadEnvironment(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no", "such", "folder")
	for _, c := range []struct{ name, value, want string }{
		{"SAMERUN_SEED", "x", "SAMERUN_SEED: seeds \"x\""},
		{"SAMERUN_SEED", "-1", "SAMERUN_SEED: seeds \"-1\": the number before the dash is missing"},
		{"SAMERUN_SEED", "1-3", `SAMERUN_SEED is "1-3"; it takes one seed (SAMERUN_SEEDS takes many)`},
		{"SAMERUN_SEED", "18446744073709551616", "SAMERUN_SEED: seeds"},
		{"SAMERUN_SEEDS", "1,,2", "SAMERUN_SEEDS: seeds \"\": there is nothing between two commas"},
		{"SAMERUN_SEEDS", "5-1", "SAMERUN_SEEDS: seeds \"5-1\""},
		{"SAMERUN_RESULTS", missing, "SAMERUN_RESULTS is "},
	} {
		setenv(t, c.name, c.value)
		f := runTest(&fakeT{}, func(w *World) { t.Error("a scenario ran") })
		if len(f.errors) != 1 || !f.failed || f.returned {
			t.Errorf("%s=%s: errors %q, failed %v, returned %v", c.name, c.value, f.errors, f.failed, f.returned)
			continue
		}
		wantIn(t, f.errors[0], c.want)
		if strings.Contains(f.errors[0], "\n") {
			t.Errorf("%s=%s is told in more than a line: %s", c.name, c.value, f.errors[0])
		}
	}
	setenv(t)
	f := runTest(&fakeT{}, nil)
	want(t, "a nil scenario", strings.Join(f.errors, "|"), "the scenario is nil: give sim.Run or sim.Test a func(w *sim.World)")
}

// readResults reads and forgets what Test wrote.
func readResults(t *testing.T, path string) []wire.Result {
	t.Helper()
	all, err := wire.ReadFile(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestResultLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results")
	setenv(t, "SAMERUN_SEEDS", "0-9", "SAMERUN_RESULTS", path)
	runs := 0
	f := runTest(&fakeT{name: "TestX/sub"}, func(w *World) {
		runs++
		w.Always("small", func() error {
			if w.Seed() == 4 && w.Elapsed() >= ms {
				return errBroken
			}
			return nil
		})
		w.Sleep(ms)
		w.Sleep(ms)
	})
	// The first seed that fails ends the test; it was run twice.
	want(t, "runs", runs, 6)
	want(t, "errors", len(f.errors), 1)
	all := readResults(t, path)
	want(t, "lines", len(all), 5)
	for i, r := range all {
		want(t, "test", r.Test, "TestX/sub")
		want(t, "seed", r.Seed, uint64(i))
		want(t, "ok", r.OK, i < 4)
		want(t, "length of the digest", len(r.Digest), 16)
		if r.Events == 0 || r.WallNS <= 0 {
			t.Errorf("a line without events or wall time: %+v", r)
		}
	}
	last := all[4]
	want(t, "virtual time", last.VirtualNS, int64(ms))
	want(t, "property", last.Property, "small")
	want(t, "error", last.Error, "it is broken")
	if last.Repeats == nil || !*last.Repeats {
		t.Error("the line does not say that the failure repeats")
	}
	want(t, "story", last.Story.String(), f.errors[0])
}

func TestDiscovery(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results")
	setenv(t, wire.List, newToken(t), "SAMERUN_RESULTS", path)
	f := runTest(&fakeT{name: "TestListed"}, func(w *World) { t.Error("a scenario ran") })
	want(t, "skipped", f.skipped, true)
	all := readResults(t, path)
	want(t, "lines", len(all), 1)
	want(t, "test", all[0].Test, "TestListed")
}

// newToken stands for the tool.
func newToken(t *testing.T) string {
	t.Helper()
	token, err := wire.NewToken(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What the tool says to its processes alone does not let a test pass when it was left
// in the environment.
func TestVariablesOfTheToolLeftBehind(t *testing.T) {
	for _, variable := range []string{wire.List, wire.Trials} {
		for _, value := range []string{"0", "1", "/tmp"} {
			setenv(t, variable, value)
			f := runTest(&fakeT{}, func(w *World) { t.Error("a scenario ran") })
			want(t, "failed", f.failed, true)
			wantIn(t, f.errors[0], variable+" is ", "unset it")
		}
	}
}

// What t.Error and its like do inside of a run, from a task or a check.
func TestTheTestingMethodsInsideARun(t *testing.T) {
	setenv(t)
	type call func(f *fakeT)
	errorf, fatal, skip := call(func(f *fakeT) { f.Errorf("mine") }), call(func(f *fakeT) { f.Errorf("mine"); f.FailNow() }), call((*fakeT).SkipNow)
	for _, c := range []struct {
		name    string
		do      call
		runs    int
		skipped bool
		story   string
	}{
		{"t.Errorf", errorf, 4, false, "the scenario marked the test as failed (the test's own output says why)"},
		{"t.Fatal", fatal, 4, false, "the scenario marked the test as failed at 1ms (the test's own output says why)"},
		{"t.FailNow", (*fakeT).FailNow, 4, false, "the scenario marked the test as failed at 1ms (the test's own output says why)"},
		{"t.SkipNow", skip, 3, true, ""},
		{"runtime.Goexit", func(*fakeT) { runtime.Goexit() }, 4, false, "the run was ended at 1ms"},
	} {
		for _, where := range []string{"main task", "task", "check", "condition"} {
			f, runs := &fakeT{}, 0
			runTest(f, func(w *World) {
				runs++
				do := func() {
					if w.Seed() == 2 && w.Elapsed() == ms {
						c.do(f)
					}
				}
				switch where {
				case "main task":
					w.Sleep(ms)
					do()
				case "task":
					w.Node("n").Start(func() { w.Sleep(ms); do() })
				case "check":
					w.Always("p", func() error { do(); return nil })
				case "condition":
					w.Eventually("p", time.Second, func() bool { do(); return w.Elapsed() > ms })
				}
				w.Sleep(ms)
				w.Sleep(ms)
			})
			what := c.name + " in a " + where
			want(t, what+": runs", runs, c.runs)
			want(t, what+": skipped", f.skipped, c.skipped)
			want(t, what+": failed", f.failed, !c.skipped)
			want(t, what+": returned", f.returned, false)
			if c.story != "" {
				wantIn(t, strings.Join(f.errors, "\n"), c.story, "it repeats", "again: SAMERUN_REPLAY=", "or: SAMERUN_SEED=2 ")
			}
		}
	}
}

// What a run leaves behind for the next is noticed.
func TestAScenarioThatRemembers(t *testing.T) {
	setenv(t, "SAMERUN_SEED", "3")
	calls := 0
	f := runTest(&fakeT{}, func(w *World) {
		calls++
		w.Sleep(time.Duration(calls) * ms)
		w.Failf("it always fails")
	})
	wantIn(t, f.errors[0], "seed 3 gave digest ", "when run again: the scenario depends on something outside of the world", "time.Now")
	// The same steps, and another end.
	calls = 0
	f = runTest(&fakeT{}, func(w *World) {
		w.Sleep(ms)
		calls++
		panic(fmt.Sprint("call ", calls))
	})
	wantIn(t, f.errors[0], "call 1", "both times, and ended otherwise when run again (panic at 1ms in task main: call 2): the scenario depends on")
}

// A stalled run is not tried again.
func TestAStallInTest(t *testing.T) {
	s := evidence{test: "TestX", failure: errBroken, first: &Report{Seed: 5}, stalled: true}
	wantIn(t, s.tell().String(), "it is broken", "seed 5; virtual time stood still", "again: SAMERUN_SEED=5")
	want(t, "repeats", s.repeats(), false)
}

// A test that had failed before is not failed by every seed.
func TestAFailureOfBefore(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "1-3")
	runs := 0
	f := runTest(&fakeT{failed: true}, func(w *World) { runs++ })
	want(t, "runs", runs, 3)
	want(t, "errors", len(f.errors), 0)
	want(t, "returned", f.returned, true)
}

func TestTheAgainCommand(t *testing.T) {
	for name, pattern := range map[string]string{
		"TestX":              "^TestX$",
		"TestX/a_b":          "^TestX$/^a_b$",
		"TestX/n=3/[x]":      `^TestX$/^n=3$/^\[x\]$`,
		"TestX/it's_$HOME`x": "^TestX$/^it's_\\$HOME`x$",
	} {
		s := evidence{test: name}
		cmd := s.command("SAMERUN_SEED=47")
		want(t, "the start", cmd[:len("SAMERUN_SEED=47 go test -run ")], "SAMERUN_SEED=47 go test -run ")
		want(t, "the package", cmd[len(cmd)-len(" ./sim"):], " ./sim")
		sh, err := exec.LookPath("sh")
		if err != nil {
			continue // no shell here to ask
		}
		// The shell itself says what it would pass on.
		out, err := exec.Command(sh, "-c", "printf '%s\\n' "+strings.TrimPrefix(cmd, "SAMERUN_SEED=47 ")).Output()
		if err != nil {
			t.Fatal(err)
		}
		want(t, "the words", string(out), "go\ntest\n-run\n"+pattern+"\n./sim\n")
	}
}

// Other packages' failures are minimised, saved and told like those of seeds, but for
// the seed, which does not make them.
func TestFailuresFoundElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	setenv(t, "SAMERUN_OUT", "", "SAMERUN_SHRINK", "20s", "SAMERUN_STRATEGY", "fifo")
	run := func(bad string) func(Config) (Config, *Report) {
		return func(cfg Config) (Config, *Report) {
			return cfg, Run(cfg, func(w *World) {
				for s := range w.Steps("numbers", 9, Durations{}) {
					if s.N == 4 && string(cfg.Data[0].Value) == bad {
						w.Failf("it is %s", bad)
					}
				}
			})
		}
	}
	call := func(bad string, data Datum) *fakeT {
		f := &fakeT{name: "TestX"}
		done := make(chan struct{})
		go func() {
			defer close(done)
			TestRuns(f, run(bad), func(base Config, fail func(Config)) {
				want(t, "the strategy", base.Strategy, "fifo")
				base.Seed, base.Data = 7, []Datum{data}
				fail(base)
				f.returned = true
			})
		}()
		<-done
		return f
	}
	good := Datum{Name: "n", Value: []byte("42")}
	f := call("41", good)
	want(t, "returned", f.returned, true)
	want(t, "errors", len(f.errors), 1)
	wantIn(t, f.errors[0], "does not fail when it is made again")

	f = call("42", Datum{Name: "n", Value: []byte("42"), Err: fmt.Errorf("the draw has no JSON")})
	want(t, "errors", len(f.errors), 1)
	wantIn(t, f.errors[0], "no replay file could be written: the draw has no JSON")
	if strings.Contains(f.errors[0], "SAMERUN_SEED") {
		t.Errorf("a seed is offered that does not make the failure:\n%s", f.errors[0])
	}

	f = call("42", good)
	want(t, "errors", len(f.errors), 1)
	for _, words := range []string{"it is 42", "minimised in", "5 steps → 1", "input: step 4 of numbers", "drawn: n = 42", "again: SAMERUN_REPLAY="} {
		wantIn(t, f.errors[0], words)
	}
	if strings.Contains(f.errors[0], "SAMERUN_SEED") {
		t.Errorf("a seed is offered that does not make the failure:\n%s", f.errors[0])
	}
	// The saved failure is run first, and plain not at all.
	f = call("42", good)
	want(t, "returned", f.returned, false)
	wantIn(t, f.errors[0], "the same run to the bit")
}

// Workloads that are made elsewhere have names of their own, and wait like Steps.
func TestWorkloadsMadeElsewhere(t *testing.T) {
	scenario := func(log *[]string) func(w *World) {
		return func(w *World) {
			for range 2 {
				name := w.Workload("work")
				for i := range 3 {
					if w.Begin(StepID{Of: name, N: i}, time.Duration(i)*ms) {
						*log = append(*log, fmt.Sprint(name, i, w.Elapsed()))
					}
				}
			}
		}
	}
	var log []string
	r := Run(Config{}, scenario(&log))
	want(t, "all", fmt.Sprint(log), "[work0 0s work1 1ms work2 2ms work#20 2ms work#21 2ms work#22 2ms]")
	want(t, "steps", len(r.Steps), 6)
	log = nil
	r = Run(Config{Steps: &Steps{{Of: "work", N: 2}, {Of: "work#2", N: 0}}}, scenario(&log))
	want(t, "some", fmt.Sprint(log), "[work2 2ms work#20 2ms]")
	want(t, "missed", len(r.Missed), 0)
	want(t, "without a name", Run(Config{}, func(w *World) { w.Workload("") }).Err == nil, false)
}

// signed is an error that says by what it is known.
type signed struct{ text string }

func (e *signed) Error() string     { return e.text }
func (e *signed) Signature() string { return "out of order" }

// The line of a failure has the signature that its error brings, wherever the error
// lies, and none if it brings none.
func TestSignaturesInResultLines(t *testing.T) {
	for name, c := range map[string]struct {
		fn   func(w *World)
		want string
	}{
		"failed":   {func(w *World) { w.Fail(&signed{"3 before 2"}) }, "out of order"},
		"wrapped":  {func(w *World) { w.Fail(fmt.Errorf("client: %w", &signed{"b before a"})) }, "out of order"},
		"property": {func(w *World) { w.Always("ordered", func() error { return &signed{"x"} }); w.Sleep(ms) }, "out of order"},
		"plain":    {func(w *World) { w.Failf("3 before 2") }, ""},
		"deadlock": {func(w *World) { w.Scheduler().Block(w.Scheduler().Current(), "x", nil) }, ""},
	} {
		path := filepath.Join(t.TempDir(), "results")
		setenv(t, "SAMERUN_SEED", "1", "SAMERUN_RESULTS", path)
		runTest(&fakeT{}, c.fn)
		if all := readResults(t, path); len(all) != 1 || all[0].OK || all[0].Signature != c.want {
			t.Errorf("%s: %+v", name, all)
		}
	}
}
