package sim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// inPackage makes the test run in a package's folder below a module's root.
func inPackage(t *testing.T, env ...string) {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "pkg")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	setenv(t, append([]string{"SAMERUN_OUT", ""}, env...)...)
}

// system is a scenario with ways to change what it does.
type system struct {
	sound bool          // it does not fail
	late  time.Duration // before it begins
	calm  bool          // it sends no message
	other bool          // another property breaks
}

func (s *system) run(w *World) {
	var b box
	a, n := w.Node("a"), w.Node("b")
	n.Start(func() {})
	a.Start(func() {
		w.Sleep(s.late)
		for range 20 {
			if !s.calm {
				w.Link(a, n).Send(&Message{Kind: w.Kind("ping"), Size: 8}, 0, &b)
			}
			w.Sleep(10 * ms)
		}
	})
	w.Inject(fault.Schedule{Faults: []fault.Fault{
		{Kind: fault.Cut, From: []string{"a"}, To: []string{"b"}, At: 20 * ms, For: 50 * ms},
		{Kind: fault.Crash, Nodes: []string{"b"}, At: 150 * ms, For: 10 * ms},
	}}, time.Second)
	w.Sleep(100 * ms)
	name := "no ping is lost"
	if s.other {
		name = "another"
	}
	lost := s.calm || strings.Contains(b.String(), "cut")
	w.Always(name, func() error {
		if lost && !s.sound {
			return errBroken
		}
		return nil
	})
	w.Sleep(100 * ms)
}

// saved is a failed run as it is saved.
func saved(test string, cfg Config, r *Report, failure error) *replay.File {
	return (&attempt{cfg: cfg, report: r, failure: failure}).file(test)
}

// record lets the system fail and returns the saved file, from the package.
func record(t *testing.T) string {
	t.Helper()
	var s system
	f := runTest(&fakeT{}, s.run)
	wantIn(t, f.errors[0], "it repeats", "again: SAMERUN_REPLAY=pkg/testdata/replay/TestFake-", "-run '^TestFake$' ./pkg")
	files, err := filepath.Glob("testdata/replay/*")
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v", files, err)
	}
	return files[0]
}

func TestOutcomesOfAReplay(t *testing.T) {
	inPackage(t)
	file := record(t)
	results := filepath.Join(t.TempDir(), "results")
	for _, c := range []struct {
		name string
		system
		outcome replay.Outcome
		words   []string
	}{
		{"nothing changed", system{}, replay.Same, []string{"the same run to the bit", "it repeats"}},
		{"a delay", system{late: ms}, replay.Different, []string{"the same failure by a different run (digest ", "the code has changed"}},
		{"another property", system{other: true}, replay.Other, []string{`another failure; recorded was property "no ping is lost"`, `property "another" broken`}},
		{"fixed", system{sound: true}, replay.Fixed, nil},
		{"no messages", system{sound: true, calm: true}, replay.Unmet, []string{
			"no failure, but the one key of its input was not met any more", "cut  a → b  until 0.070s: it met nothing", "record the failure anew"}},
	} {
		for _, env := range [][]string{nil, {"SAMERUN_REPLAY", file}, {"SAMERUN_REPLAY", "pkg/" + file, "SAMERUN_SEEDS", "3"}} {
			setenv(t, append([]string{"SAMERUN_OUT", ""}, env...)...)
			if env != nil {
				t.Setenv("SAMERUN_RESULTS", results)
			}
			f := runTest(&fakeT{}, c.run)
			text := strings.Join(f.errors, "\n")
			wantIn(t, text, c.words...)
			want(t, c.name+": failed", f.failed, c.outcome != replay.Fixed)
			if c.words != nil {
				wantIn(t, text, "replay of ", "testdata/replay/TestFake-")
			}
			if env == nil {
				continue // a regression run writes no result lines
			}
			all := readResults(t, results)
			want(t, c.name+": lines", len(all), 1)
			want(t, c.name+": outcome", all[0].Outcome, c.outcome)
			want(t, c.name+": unmet", len(all[0].Unmet) > 0, c.outcome == replay.Unmet)
		}
	}
	// A replay, and a regression run, save nothing.
	if files, _ := filepath.Glob("testdata/replay/*"); len(files) != 1 {
		t.Errorf("%q", files)
	}
}

// Saved failures run before the seeds, and only where no seeds were asked for.
func TestRegressionRuns(t *testing.T) {
	inPackage(t)
	record(t)
	var seeds []uint64
	fixed := func(w *World) {
		seeds = append(seeds, w.Seed())
		(&system{sound: true}).run(w)
	}
	for _, c := range []struct {
		name string
		env  []string
		runs int
	}{
		{"TestFake", nil, 11},
		{"TestOther", nil, 10},
		{"TestFake", []string{"SAMERUN_SEED", "3"}, 1},
		{"TestFake", []string{"SAMERUN_SEEDS", "3-4"}, 2},
		{"TestFake", []string{wire.List, newToken(t)}, 0},
	} {
		setenv(t, append([]string{"SAMERUN_OUT", ""}, c.env...)...)
		seeds = nil
		f := runTest(&fakeT{name: c.name}, fixed)
		if len(seeds) != c.runs || f.failed {
			t.Errorf("%s, %q: seeds %v, want %d of them; %q", c.name, c.env, seeds, c.runs, f.errors)
		}
	}
	// A failure that is still there ends the test before its seeds.
	setenv(t, "SAMERUN_OUT", "")
	runs := 0
	f := runTest(&fakeT{}, func(w *World) { runs++; new(system).run(w) })
	want(t, "runs", runs, 2)
	want(t, "errors", len(f.errors), 1)
	wantIn(t, f.errors[0], "replay of pkg/testdata/replay/TestFake-", ": the same run to the bit")
}

func TestReplayFilesThatCannotBeUsed(t *testing.T) {
	inPackage(t)
	none := func(w *World) { t.Error("a scenario ran") }
	r := Run(Config{}, func(w *World) { w.Failf("it fails") })
	data, err := saved("TestX", Config{}, r, r.Err).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll("testdata/replay", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/replay/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("notes.txt", "not looked at")
	write(".hidden.json", "not looked at")
	f := runTest(&fakeT{}, func(w *World) {})
	want(t, "failed", f.failed, false)
	write("a.json", good[:100])
	write("b.json", strings.Replace(good, `"version": 3`, `"version": 9`, 1))
	f = runTest(&fakeT{}, none)
	want(t, "errors", len(f.errors), 2)
	wantIn(t, f.errors[0], "the replay file testdata/replay/a.json cannot be used: line 6: this is not JSON: it ends too early", "record the failure anew")
	wantIn(t, f.errors[1], "b.json cannot be used: it has format version 9", "update samerun")
	// One of ordinary Go is for the tool, whatever the test is called.
	write("b.json", strings.NewReplacer(`"tasks"`, `"goroutines"`, `"failure"`, `"settings": {"turn": "0s", "net": "test", "date": "2000-01-01"}, "failure"`, "TestX", "TestFake").Replace(good))
	if err := os.Remove("testdata/replay/a.json"); err != nil {
		t.Fatal(err)
	}
	f = runTest(&fakeT{}, func(w *World) {})
	want(t, "failed with a file of ordinary Go", f.failed, false)
	write("a.json", good[:100])
	for path, text := range map[string]string{
		"testdata/replay/b.json": "SAMERUN_REPLAY: testdata/replay/b.json is a failure of ordinary Go, which go test alone cannot run; use samerun replay testdata/replay/b.json",
		"testdata/replay/a.json": "SAMERUN_REPLAY: the replay file testdata/replay/a.json cannot be used",
		"nowhere.json":           `SAMERUN_REPLAY is "nowhere.json", and there is no such file in the package's folder (./pkg) nor in the module's root; correct the path`,
		"/nowhere/at/all.json":   `SAMERUN_REPLAY is "/nowhere/at/all.json", and there is no such file; correct the path`,
	} {
		setenv(t, "SAMERUN_REPLAY", path)
		f := runTest(&fakeT{}, none)
		want(t, "errors", len(f.errors), 1)
		wantIn(t, f.errors[0], text)
	}
	// Tests that the file is not of are skipped.
	write("c.json", good)
	setenv(t, "SAMERUN_REPLAY", "testdata/replay/c.json")
	f = runTest(&fakeT{}, none)
	want(t, "skipped", f.skipped, true)
}

// A failure is recognised by what stays when code moves.
func TestFailuresThatAreAlike(t *testing.T) {
	fail := func(fn func(w *World)) *attempt {
		r := Run(Config{}, fn)
		return &attempt{report: r, failure: r.Err}
	}
	index := func(n int) func(w *World) {
		return func(w *World) { w.Sleep(time.Duration(n) * ms); _ = make([]int, n)[n] }
	}
	failf := func(text string) func(w *World) { return func(w *World) { w.Failf("%s", text) } }
	hang := func(w *World) { w.Scheduler().Block(w.Scheduler().Caller("test"), "for ever", nil) }
	for _, c := range []struct {
		a, b func(w *World)
		like bool
	}{
		{index(3), index(5), true},
		{index(3), failf("index out of range"), false},
		{failf("n0 and n3 lead term 4"), failf("n1 and n2 lead term 17\nand more"), true},
		{failf("n0 and n3 lead term 4"), failf("nobody leads"), false},
		{hang, hang, true},
		{hang, failf("deadlock at 1s"), false},
		{func(w *World) { w.Always("p", func() error { return errBroken }) }, failf("it is broken"), false},
	} {
		a, b := fail(c.a), fail(c.b)
		p := saved("TestX", Config{}, a.report, a.failure)
		if got := b.fails(p); got != c.like {
			t.Errorf("alike %v, want %v:\n%v\n%v", got, c.like, a.failure, b.failure)
		}
	}
}

// If a failure cannot be saved, its story says so, and how to see it without.
func TestSaveWhereNobodyCan(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	setenv(t, "SAMERUN_SEED", "2", "SAMERUN_OUT", file)
	f := runTest(&fakeT{}, func(w *World) { w.Failf("it fails") })
	wantIn(t, f.errors[0], "it repeats", "no replay file could be written: ", "again: SAMERUN_SEED=2 ")
	if len(f.errors) != 1 || strings.Contains(f.errors[0], "SAMERUN_REPLAY") {
		t.Errorf("%q", f.errors)
	}
}

func TestStrict(t *testing.T) {
	setenv(t, "SAMERUN_SEEDS", "1-4", "SAMERUN_STRICT", "1")
	scenario := func(met, lossy uint64) func(w *World) {
		return func(w *World) {
			w.Sometimes("a second election", w.Seed() == met)
			if w.Seed() == lossy {
				w.Link(w.Main(), w.Node("b")).Set(LinkConfig{Loss: 10})
			}
			w.Sleep(ms)
		}
	}
	f := runTest(&fakeT{}, scenario(3, 0))
	want(t, "failed", f.failed, false)
	f = runTest(&fakeT{}, scenario(9, 2))
	want(t, "failed", f.failed, true)
	wantIn(t, strings.Join(f.errors, ""), "vacuous in all of its seeds (1-4):", `sometimes "a second election" never happened`, "fault loss was asked for and never took effect")
	// Each sentence is in the result lines once, and once when it stops being true.
	results := filepath.Join(t.TempDir(), "results")
	setenv(t, "SAMERUN_SEEDS", "1-4", "SAMERUN_RESULTS", results)
	f = runTest(&fakeT{}, scenario(3, 0))
	want(t, "failed", f.failed, false)
	text := ""
	for _, r := range readResults(t, results) {
		text += strings.Join(r.Vacuous, ",") + "|" + strings.Join(r.Reached, ",") + ";"
	}
	sentence := `sometimes "a second election" never happened`
	want(t, "told", text, sentence+"|;|;|"+sentence+";|;")
}

// Whatever a plan drew, the saved run is the run, and meets all keys that it met.
func TestSavedRunsAreTheSame(t *testing.T) {
	for seed := range uint64(40) {
		scenario := func(w *World) {
			var b box
			nodes := []*Node{w.Node("a"), w.Node("b"), w.Node("c")}
			w.Inject(fault.Chaos(), time.Second)
			for i, n := range nodes {
				to := nodes[(i+1)%len(nodes)]
				n.Start(func() {
					for {
						w.Link(n, to).Send(&Message{Kind: w.Kind("ping"), Size: 8}, 0, &b)
						w.Sleep(10 * ms)
					}
				})
			}
			w.Sleep(700 * ms) // some faults come too late
			w.Failf("%d pings arrived", b.got)
		}
		r := Run(Config{Seed: seed}, scenario)
		data, err := saved("TestX", Config{}, r, r.Err).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		p, err := replay.Parse(data)
		if err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		again := Run(Config{Seed: p.Seed, Faults: p.Schedule, Deviations: p.Turns()}, scenario)
		came := (&attempt{report: again, failure: again.Err}).cameTo(p)
		keys := p.Schedule.Size() - len(p.Idle)
		if o := p.Judge(came); o != replay.Same || len(came.Unmet) > 0 || keys == 0 && len(r.Outcomes) > 3 {
			t.Errorf("seed %d: %s, %d keys, unmet %q\n%s", seed, o, keys, came.Unmet, data)
		}
	}
}
