package ordinary

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/records"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/wire"
	"samerun/sim/shrink"
)

// someRunner returns a runner with the settings that a plain call of the tool has.
func someRunner(t *testing.T, change func(*Options)) *Runner {
	t.Helper()
	o := Options{Count: 1, Workers: 1, RunOptions: RunOptions{Turn: 200 * time.Microsecond, Watchdog: 30 * time.Second, Net: "test", Go: "any", Limit: DefaultLimit, Date: "2000-01-01"}}
	if change != nil {
		change(&o)
	}
	return New(&gocmd.Caller{Dir: "/home/ann", Self: "samerun"}, &gocmd.Build{}, o, t.TempDir())
}

func failing(name string, ns int64) wire.Result {
	return wire.Result{Test: name, VirtualNS: ns, Digest: "aa"}
}

func passing(name string) wire.Result {
	return wire.Result{Test: name, OK: true}
}

// Which test is to blame, and why, whatever ended the process.
func TestBlame(t *testing.T) {
	// TestA says 20 bytes before TestB begins, or what the race detector says as well.
	raced := func(before int) testproc.Ending {
		end := testproc.Ending{Output: "says twenty bytes..\nWARNING: DATA RACE\n--- FAIL: TestB (0.00s)\n", Begins: []testproc.Begin{{Test: "TestA", At: 0}, {Test: "TestB", At: before}}}
		if before == 0 {
			end.Begins[1].At = strings.Index(end.Output, "--- FAIL")
		}
		return end
	}
	const died = "samerun: TestB: seed 4, virtual time 1.500000000s, turn 12\n"
	for _, c := range []struct {
		name string
		run  Run
		want string
	}{
		{"a test fails", Run{Tests: []wire.Result{passing("TestA"), failing("TestB", 1500000)}}, "TestB: failed, at 1.5ms of its virtual time"},
		{"it fails for a race", Run{End: raced(20), Tests: []wire.Result{passing("TestA"), failing("TestB", 1500000)}}, "TestB: data race, at 1.5ms of its virtual time"},
		{"another test had one", Run{End: raced(0), Tests: []wire.Result{passing("TestA"), failing("TestB", 1500000)}}, "TestB: failed, at 1.5ms of its virtual time"},
		{"the process dies in a test", Run{End: testproc.Ending{Output: "panic: out of luck\n" + died}, Tests: []wire.Result{passing("TestA")}},
			"TestB: panic: out of luck, at 1.5s of virtual time"},
		{"the overlay says why", Run{End: testproc.Ending{Output: "samerun: a test calls os.Exit(1)\n" + died + "samerun: again: samerun test\n", Status: "exit status 1"}},
			"TestB: a test calls os.Exit(1), at 1.5s of virtual time"},
		{"a test leaves goroutines", Run{Tests: []wire.Result{{Test: "TestB", VirtualNS: 2e6, Leaked: &wire.Leaked{Count: 1, Fails: true, Places: []wire.LeakedPlace{{Place: "b.go:1: f waits", Count: 1}}}}}},
			"TestB: leaves goroutines that wait for ever: b.go:1: f waits, at 2ms of its virtual time"},
		{"a test that fails leaves goroutines, too", Run{Tests: []wire.Result{{Test: "TestB", VirtualNS: 2e6, Leaked: &wire.Leaked{Count: 1, Places: []wire.LeakedPlace{{Place: "b.go:1: f waits", Count: 1}}}}}},
			"TestB: failed, at 2ms of its virtual time"},
		{"it dies outside of the tests", Run{End: testproc.Ending{Status: "exit status 3"}}, ": the process ended with exit status 3"},
	} {
		test, reason := someRunner(t, nil).Blame(&c.run)
		if got := test + ": " + reason; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The command has each setting that decides a run, and none that is as ever.
func TestRepeat(t *testing.T) {
	pkg := &gocmd.Package{Arg: "./bank", Dir: "/home/ann/bank"}
	plain := someRunner(t, nil)
	if got := plain.Repeat(pkg, 14, Spec{Pattern: "^TestMoves$"}, false); got != "samerun test -seeds 14 -run '^TestMoves$' ./bank" {
		t.Error(got)
	}
	all := someRunner(t, func(o *Options) {
		o.Turn, o.Net, o.Date, o.Short, o.Skip, o.Count, o.Forced, o.Timeout = time.Millisecond, "real", "2026-11-29", true, "Slow|Big", 2, true, time.Minute
		o.Args, o.Leaks = []string{"-x", "a b"}, LeaksFail
	})
	all.build = &gocmd.Build{Race: true, Tags: "a", Exec: []string{"qemu", "-L", "/"}}
	const want = "samerun test -seeds 14 -overlay on -strategy pct:2 -turn 1ms -net real -date 2026-11-29 -leaks fail -race -tags a -picks bank/x.picks -short -skip 'Slow|Big' -count 2 -exec 'qemu -L /' -timeout 1m0s -run 'TestMoves' ./bank -args -x 'a b'"
	if got := all.Repeat(pkg, 14, Spec{Pattern: "TestMoves", Strategy: "pct:2", Picks: "/home/ann/bank/x.picks"}, true); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A process is told what decides its run, in words that the overlay reads.
func TestSettings(t *testing.T) {
	u := someRunner(t, func(o *Options) { o.Date = "2026-11-29" })
	env := u.Settings(&gocmd.Package{Arg: "."}, 7, Spec{Strategy: "fifo"})
	for _, want := range []string{"SAMERUN_SEED=7", "SAMERUN_TURN_NS=200000", "SAMERUN_NET=test", "SAMERUN_DATE=2026-11-29", "SAMERUN_WATCHDOG=30s", "SAMERUN_LEAKS=tell", "SAMERUN_STRATEGY=fifo"} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %q", want, env)
		}
	}
}

func TestSameFailure(t *testing.T) {
	run := func(tests ...wire.Result) *Run { return &Run{Tests: tests} }
	died := func(turn string) *Run {
		return &Run{End: testproc.Ending{Output: "samerun: TestA: seed 4, virtual time 1.0s, turn " + turn + "\n"}}
	}
	for _, c := range []struct {
		name string
		a, b *Run
		want bool
	}{
		{"alike", run(failing("TestA", 5)), run(failing("TestA", 5)), true},
		{"at another time", run(failing("TestA", 5)), run(failing("TestA", 6)), false},
		{"another test", run(failing("TestA", 5)), run(passing("TestA"), failing("TestB", 5)), false},
		{"good", run(failing("TestA", 5)), &Run{End: testproc.Ending{OK: true}}, false},
		{"both die at one turn", died("3"), died("3"), true},
		{"they die at two turns", died("3"), died("4"), false},
	} {
		if got := sameFailure("TestA", c.a, c.b); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// Runs fail alike if the test, and the first thing that it complains of, are the same
// up to numbers.
func TestSignature(t *testing.T) {
	c := &calmer{u: someRunner(t, nil), f: &runner.Failure{Test: "TestA"}}
	sign := func(test, line string) string {
		return c.signature(&Run{End: testproc.Ending{Output: "--- FAIL: " + test + " (0.00s)\n    " + line + "\n"}, Tests: []wire.Result{failing(test, 5)}})
	}
	base := sign("TestA", "a_test.go:12: the bank has 90 coins")
	if base == "" || base != sign("TestA", "a_test.go:12: the bank has 110 coins") {
		t.Errorf("%q is another failure with another number", base)
	}
	for _, other := range []string{sign("TestA", "a_test.go:13: the bank has 90 coins"), sign("TestA", "a_test.go:12: no bank"), sign("TestB", "a_test.go:12: the bank has 90 coins")} {
		if other == base {
			t.Errorf("%q counts as the same failure", other)
		}
	}
	for _, end := range []testproc.Ending{{OK: true}, {TimedOut: true}} {
		if got := c.signature(&Run{End: end}); got != "" {
			t.Errorf("%+v has the signature %q", end, got)
		}
	}
}

func TestRemarks(t *testing.T) {
	u := someRunner(t, nil)
	pkg := &gocmd.Package{Arg: "./a", Path: "m/a"}
	for seed, left := range []int{0, 3, 1} {
		starts := passing("TestC")
		starts.Processes = left
		u.noteLeftovers(pkg, uint64(seed), &Run{Tests: []wire.Result{starts}})
		r := passing("TestA")
		r.Left = left
		waits := passing("TestB")
		waits.IO = left
		waits.Held = "for a process, in a.TestB"
		u.noteLeftovers(pkg, uint64(seed), &Run{Tests: []wire.Result{r, waits}})
	}
	want := []string{
		"./a  TestC started other processes in 2 of 3 runs: what those do, and when, is real, and may differ from run to run",
		"./a  TestB waited for a process, in a.TestB, in 2 of 3 runs: those may differ from run to run",
		"./a: goroutines that wait are left by 1 test, up to 3 (TestA)",
	}
	if got := u.Remarks(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What tests leave behind is a line or two a package, the same whatever run ends first.
func TestRemarksOfLeaks(t *testing.T) {
	pkg := &gocmd.Package{Arg: "./a", Path: "m/a", Dir: "/home/ann/a"}
	run := func(name string, left, leaked int, place string) *Run {
		r := passing(name)
		r.Left = left
		if leaked > 0 {
			r.Leaked = &wire.Leaked{Count: leaked, Places: []wire.LeakedPlace{{Place: place, Count: leaked}}}
		}
		return &Run{Tests: []wire.Result{passing("TestNone"), r}}
	}
	type noted struct {
		seed uint64
		run  *Run
	}
	all := []noted{
		{9, run("TestB", 7, 7, "b.go:1: f waits")}, {4, run("TestB", 1, 1, "b.go:2: g waits")}, {4, run("TestA", 5, 2, "b.go:2: g waits")},
		{6, run("TestC", 3, 0, "")}, {3, run("TestC", 0, 0, "")}, {8, run("TestA", 6, 6, "b.go:2: g waits")},
	}
	want := []string{
		"./a: goroutines that wait for ever are left by 2 tests, up to 7, mostly at b.go:2: g waits; first at seed 4, TestA: samerun test -seeds 4 -leaks fail -run '^TestA$' ./a",
		"./a: goroutines that wait are left by 2 tests, up to 3 (TestA)",
	}
	for range len(all) {
		u := someRunner(t, nil)
		for _, n := range all {
			u.noteLeftovers(pkg, n.seed, n.run)
		}
		if got := u.Remarks(); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		all = append(all[1:], all[0])
	}
	// Where such tests fail, the failures say it.
	u := someRunner(t, func(o *Options) { o.Leaks = LeaksFail })
	u.noteLeftovers(pkg, 4, all[0].run)
	if got := u.Remarks(); len(got) != 0 {
		t.Errorf("%q, want nothing", got)
	}
}

// What the minimiser came to is a file, which save copies into the package once and
// which the command then names. What fails in the calm run needs none.
func TestEnterAndSave(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "record")
	const record = "test TestA seed 7\ndraw 1 select 1 0000000000000003 0000000000000001 a.TestA:3\n"
	if err := os.WriteFile(file, []byte(record), 0o666); err != nil {
		t.Fatal(err)
	}
	left, err := records.ReadDeviations(file)
	if err != nil {
		t.Fatal(err)
	}
	u := someRunner(t, nil)
	u.by.Dir = dir
	seed, pattern := uint64(7), "^TestA$"
	f := runner.Failure{Pkg: &gocmd.Package{Arg: ".", Dir: dir}, Test: "TestA", Seed: &seed, Pattern: &pattern, Command: "the old one"}
	end := failing("TestA", 5)
	end.Digest = "00000000000000aa"
	small := &calmed{run: Run{Tests: []wire.Result{end}}, left: left, words: "smaller", stats: shrink.Stats{Tries: 4}, whole: true}
	if err := u.enter(&f, small); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Output, "turn 1: select looks at its cases in another order, in a.TestA:3") || f.Minimised != "smaller" || f.Numbers.Tries != 4 {
		t.Errorf("%+v", f)
	}
	u.Save(&f)
	saved, err := os.ReadFile(filepath.Join(dir, f.Saved))
	if err != nil || f.Unsaved != nil || !strings.HasPrefix(f.Saved, "testdata/replay/TestA-") {
		t.Fatal(f.Saved, f.Unsaved, err)
	}
	want := "samerun replay " + f.Saved
	if u.Again(&f) != want || !strings.Contains(string(saved), `{"draw": {"of": "0000000000000001", "stream": "select", "nth": 1, "value": 3}, "place": `) {
		t.Errorf("%q, and in the file\n%s\nwant %q", u.Again(&f), saved, want)
	}
	calm := runner.Failure{Pkg: f.Pkg, Test: "TestA", Seed: &seed, Pattern: &pattern}
	if err := u.enter(&calm, &calmed{run: small.run, left: &records.Deviations{}}); err != nil {
		t.Fatal(err)
	}
	u.Save(&calm)
	saved, err = os.ReadFile(filepath.Join(dir, calm.Saved))
	if err != nil || strings.Contains(string(saved), "deviations") || !strings.Contains(string(saved), `"strategy": "fifo"`) {
		t.Errorf("%+v", calm)
	}
}

// A file that cannot be saved is told, with the command that needs none.
func TestSaveFails(t *testing.T) {
	u := someRunner(t, nil)
	seed, pattern := uint64(7), ""
	f := runner.Failure{Pkg: &gocmd.Package{Arg: ".", Dir: t.TempDir()}, Seed: &seed, Pattern: &pattern, Command: "by its seed", Replay: filepath.Join(t.TempDir(), "none.picks")}
	u.Save(&f)
	if !errors.Is(f.Unsaved, os.ErrNotExist) || f.Saved != "" || u.Again(&f) != "by its seed" {
		t.Errorf("%+v", f)
	}
}

// A failure is narrowed to the failing test where that fails alike by itself, without -v
// where that makes no difference, and it is said what it needs.
func TestNarrow(t *testing.T) {
	const alone = "^TestB$"
	type key struct {
		pattern string
		verbose bool
	}
	fails := func(ns int64, said string) Run {
		return Run{End: testproc.Ending{Status: "exit status 1", Output: "--- FAIL: TestB (0.00s)\n    b_test.go:3: " + said + "\n"}, Tests: []wire.Result{passing("TestA"), failing("TestB", ns)}}
	}
	good := Run{End: testproc.Ending{OK: true}, Tests: []wire.Result{passing("TestB")}}
	first, likeIt, another := fails(5, "bad 1"), fails(6, "bad 2"), fails(5+1, "worse")
	for _, c := range []struct {
		name    string
		verbose bool
		runs    map[key]Run // each as often as it is asked for
		command string
		remark  string
		smaller bool
		again   bool // it fails again at all
	}{
		{"the same by itself", false, map[key]Run{{alone, false}: first}, "-run '^TestB$'", "", true, true},
		{"alike by itself", false, map[key]Run{{alone, false}: likeIt}, "-run '^TestB$'", otherCourse, true, true},
		{"alike without -v", true, map[key]Run{{alone, false}: likeIt}, "-run '^TestB$'", withoutV, true, true},
		{"otherwise by itself", false, map[key]Run{{alone, false}: another, {"", false}: first}, "", needsOthers, true, true},
		{"in company only", false, map[key]Run{{alone, false}: good, {"", false}: first}, "", needsOthers, true, true},
		{"in company, in another course", false, map[key]Run{{alone, false}: good, {"", false}: likeIt}, "", notKnown, false, false},
		{"never again", false, map[key]Run{{alone, false}: good, {"", false}: good}, "", notKnown, false, false},
		{"-v makes no difference", true, map[key]Run{{alone, false}: first}, "-run '^TestB$'", "", true, true},
		{"with -v only", true, map[key]Run{{alone, false}: good, {alone, true}: first}, "-v -run '^TestB$'", needsV, false, true},
		{"in company, without -v", true, map[key]Run{{alone, false}: good, {alone, true}: good, {"", false}: first}, "", needsOthers, true, true},
	} {
		u := someRunner(t, func(o *Options) { o.Verbose = c.verbose })
		seed, runs := uint64(7), 0
		f := &runner.Failure{Pkg: &gocmd.Package{Arg: "."}, Test: "TestB", Reason: "why", Seed: &seed, Command: "as it was"}
		_, err := u.narrowBy(t.Context(), f, &first, func(_ context.Context, spec Spec) (Run, error) {
			if !spec.Quiet {
				t.Errorf("%s: a run of the tool's own is printed", c.name)
			}
			if runs++; runs > 6 {
				t.Fatalf("%s: it does not end", c.name)
			}
			run, ok := c.runs[key{spec.Pattern, spec.Verbose}]
			if !ok {
				t.Errorf("%s: a run too many: %+v", c.name, spec)
			}
			return run, nil
		})
		want := strings.Join(strings.Fields("samerun test -seeds 7 "+c.command+" ."), " ")
		if !c.again {
			want = "as it was"
		}
		if err != nil || f.Command != want || f.Remark != c.remark || f.Smaller != c.smaller || strings.Contains(f.Reason, "not every time") == c.again {
			t.Errorf("%s: %v, %q %q %q, smaller: %t", c.name, err, f.Command, f.Remark, f.Reason, f.Smaller)
		}
	}
}

// A test that takes another course each time does not repeat, whatever it fails with; nor
// does one that nothing ran before, when it takes another course by itself.
func TestNarrowRefuses(t *testing.T) {
	for _, before := range [][]wire.Result{{passing("TestA")}, nil} {
		n := int64(5)
		fails := func() Run {
			if n++; n > 6 && before == nil {
				n = 7
			}
			return Run{End: testproc.Ending{Output: "--- FAIL: TestB (0.00s)\n    b_test.go:3: bad\n"}, Tests: append(before, failing("TestB", n))}
		}
		u := someRunner(t, nil)
		seed, first := uint64(7), fails()
		f := &runner.Failure{Pkg: &gocmd.Package{Arg: "."}, Test: "TestB", Reason: "why", Seed: &seed, Command: "as it was"}
		_, err := u.narrowBy(t.Context(), f, &first, func(context.Context, Spec) (Run, error) { return fails(), nil })
		if err != nil || f.Command != "as it was" || f.Smaller || f.Remark != notKnown || !strings.Contains(f.Reason, "not every time") {
			t.Errorf("%d tests before it: %v, %+v", len(before), err, f)
		}
	}
}

// What another test says whose name begins in the same way is not what this one says;
// what its subtests say is.
func TestComplaintIsOfTheTest(t *testing.T) {
	other := "--- FAIL: TestAB (0.00s)\n    b_test.go:1: of another\n"
	for _, c := range []struct{ output, want string }{
		{other + "--- FAIL: TestA (0.00s)\n    a_test.go:2: its own\n", "its own"},
		{other + "--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\n        a_test.go:3: of a subtest\n", "of a subtest"},
		{"=== RUN   TestAB\n    b_test.go:1: of another\n=== RUN   TestA\n    a_test.go:2: its own\n--- FAIL: TestA (0.00s)\n", "its own"},
		{other, ""},
	} {
		if _, said := complaint(c.output, "TestA"); said != c.want {
			t.Errorf("%q, want %q of\n%s", said, c.want, c.output)
		}
	}
}
