package ordinary

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/wire"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// plan reads what -faults says.
func plan(t *testing.T, what string) *faultplan.Plan {
	t.Helper()
	p, err := faultplan.Read(what, func(path string) string { return path })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// struck is a run of TestA in which elements of a schedule took effect so often.
func struck(s fault.Schedule, ok bool, hits ...int64) *Run {
	end := wire.Result{Test: "TestA", OK: ok, Digest: "00000000000000aa", Faults: ends("TestA = main", "listener 1 = 127.0.0.1:80")}
	for i, n := range hits {
		end.Faults.Rules = append(end.Faults.Rules, wire.Struck{Element: i, Hits: n})
	}
	run := &Run{Tests: []wire.Result{end}, given: []faultplan.Given{{Test: "TestA", Schedule: s}}}
	if run.End.OK = ok; !ok {
		run.End.Output = "--- FAIL: TestA (0.00s)\n    a_test.go:7: it broke\n"
	}
	return run
}

// ends is what a result has of a test with these ends of links.
func ends(names ...string) *wire.Faults { return &wire.Faults{Ends: names} }

func cut(from string, at time.Duration) fault.Fault {
	return fault.Fault{Kind: fault.Cut, At: at, For: time.Second, From: []string{from}, To: []string{"*"}}
}

// A test has at a seed what it has by itself: the command that repeats it says when its
// faults begin, and with that the calm run need not be as it was among the others.
func TestFaultsOfATestAlone(t *testing.T) {
	pkg := &gocmd.Package{Arg: "./bank", Dir: "/home/ann/bank", Path: "bank"}
	u := someRunner(t, func(o *Options) { o.Faults = plan(t, "chaos") })
	u.noteCalm(pkg, []Run{{Tests: []wire.Result{{Test: "TestA", VirtualNS: 5e6, Faults: ends("listener 1")}, {Test: "TestB", VirtualNS: 7e9}}}})
	among := u.Given(pkg, 3)
	if len(among) != 2 {
		t.Fatalf("%v", among)
	}
	const command = "samerun test -seeds 3 -faults chaos -horizon 5ms -run '^TestA$' ./bank"
	if got := u.Repeat(pkg, 3, Spec{Pattern: "^TestA$"}, false); got != command {
		t.Errorf("%s\nwant %s", got, command)
	}
	if got := u.Repeat(pkg, 3, Spec{}, false); got != "samerun test -seeds 3 -faults chaos ./bank" {
		t.Error(got)
	}
	alone := someRunner(t, func(o *Options) { o.Faults = plan(t, "chaos"); o.Faults.Horizon = 5 * time.Millisecond })
	alone.noteCalm(pkg, []Run{{Tests: []wire.Result{{Test: "TestA", VirtualNS: 9e9, Faults: ends("listener 1")}}}})
	if one := alone.Given(pkg, 3); len(one) != 1 || !one[0].Schedule.Equal(among[0].Schedule) {
		t.Errorf("alone: %v\namong others: %v", one, among[0])
	}
	if none := u.Given(pkg, 0); none == nil || len(none) != 0 {
		t.Errorf("seed 0 has %v", none)
	}
	if none := someRunner(t, nil).Given(pkg, 3); none != nil {
		t.Errorf("without -faults there are %v", none)
	}
}

// The replay file of a failure has its faults, and says which of them did nothing.
func TestFileWithFaults(t *testing.T) {
	s := fault.Schedule{Faults: []fault.Fault{cut("TestA", 1), cut("listener 1", 2), cut("*", 3)}}
	u := someRunner(t, nil)
	seed, pattern := uint64(7), "^TestA$"
	f := &runner.Failure{Pkg: &gocmd.Package{Dir: t.TempDir()}, Test: "TestA", Seed: &seed, Pattern: &pattern}
	p := u.fileOf(f, struck(s, false, 2, 0, 1), "walk")
	if p.Schedule == nil || !p.Schedule.Equal(s) || !slices.Equal(p.Idle, []int{1}) {
		t.Fatalf("%v %v", p.Schedule, p.Idle)
	}
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if q, err := replay.Parse(data); err != nil || !q.SameRun(p) {
		t.Errorf("%v\n%s", err, data)
	}
	own := u.asSaved(p, &gocmd.Package{})
	if own.opts.Faults != nil {
		t.Error("a file is run with the faults of the flag")
	}
	spec, err := own.specOf(p)
	if err != nil || len(spec.Faults) != 1 || spec.Faults[0].Test != "TestA" || !spec.Faults[0].Schedule.Equal(s) {
		t.Errorf("%v %v", spec.Faults, err)
	}
	// A process that died says nothing of its faults: then a replay asks for all of them.
	died := struck(s, false)
	died.Died, died.Tests = &wire.Result{Test: "TestA", Digest: "00000000000000bb", Died: true}, nil
	if p := u.fileOf(f, died, "fifo"); p.Schedule == nil || len(p.Idle) > 0 || p.Digest != "00000000000000bb" {
		t.Errorf("%v did nothing, and that is not known", p.Idle)
	} else if v, err := u.judge(f.Pkg, p, died); err != nil || v.Outcome != replay.Same || len(v.Unmet) > 0 {
		t.Errorf("%+v %v", v, err)
	} else if v, _ := u.judge(f.Pkg, p, struck(s, true, 1, 1, 0)); v.Outcome != replay.Unmet || len(v.Unmet) != 1 {
		t.Errorf("%+v", v)
	}
	if none := u.fileOf(f, &Run{Tests: []wire.Result{{Test: "TestA", Digest: "00000000000000aa"}}}, "walk"); none.Schedule != nil {
		t.Errorf("a run without faults has the schedule %v", none.Schedule)
	}
}

// A fault that took effect when the failure was recorded, and does not any more, proves
// that nothing was tested; one that never did is asked for by nobody.
func TestJudgeWithFaults(t *testing.T) {
	s := fault.Schedule{Faults: []fault.Fault{cut("TestA", 1), cut("listener 1", 2)}}
	u := someRunner(t, nil)
	pkg := &gocmd.Package{Arg: "./bank", Dir: t.TempDir()}
	seed, pattern := uint64(7), "^TestA$"
	p := u.fileOf(&runner.Failure{Pkg: pkg, Test: "TestA", Seed: &seed, Pattern: &pattern}, struck(s, false, 2, 0), "fifo")
	for _, c := range []struct {
		run   *Run
		want  replay.Outcome
		unmet int
	}{
		{struck(s, false, 2, 0), replay.Same, 0},
		{struck(s, true, 1, 0), replay.Fixed, 0},
		{struck(s, true, 1, 5), replay.Fixed, 0},
		{struck(s, true, 0, 5), replay.Unmet, 1},
		{struck(s, true), replay.Unmet, 1},
	} {
		v, err := u.judge(pkg, p, c.run)
		if err != nil || v.Outcome != c.want || len(v.Unmet) != c.unmet {
			t.Errorf("%v: %s, %q, %v; want %s", c.run.Tests[0].Faults, v.Outcome, v.Unmet, err, c.want)
		}
		if c.unmet > 0 && !strings.Contains(v.Unmet[0], "cut  TestA → *") {
			t.Errorf("%q", v.Unmet)
		}
	}
	if v, _ := u.judge(pkg, p, struck(s, false, 2, 0)); !strings.Contains(v.Story, "faults:\n  0.000000001s  cut  TestA → *") || !strings.Contains(v.Story, "(met nothing)") {
		t.Errorf("the story has no faults:\n%s", v.Story)
	}
}

// faulty makes a calmer whose failure is made up: it needs those of its twelve faults that
// need says, and two of its forty deviations.
func faulty(t *testing.T, need func(s *fault.Schedule) bool, deviations bool) (c *calmer, all fault.Schedule) {
	c, whole, fails := madeUp(t)
	for i := range 12 {
		all.Faults = append(all.Faults, cut("*", time.Duration(i+1)*time.Millisecond))
	}
	c.f.Pkg = &gocmd.Package{Arg: ".", Dir: t.TempDir(), Path: "bank"}
	c.begin = Spec{Strategy: "walk", Faults: []faultplan.Given{{Test: "TestA", Schedule: all}}}
	c.begins = func(*Run) error { return nil }
	c.exec = func(_ context.Context, spec Spec) (Run, error) {
		s := &fault.Schedule{}
		if len(spec.Faults) > 0 {
			s = &spec.Faults[0].Schedule
		}
		run := madeUpRun(t, spec, whole, func(picks string) bool { return need(s) && (!deviations || fails(picks)) })
		run.given = spec.Faults
		run.Tests[0].Faults = ends("TestA = main", "listener 1 = 127.0.0.1:80")
		for i := range s.Faults {
			run.Tests[0].Faults.Rules = append(run.Tests[0].Faults.Rules, wire.Struck{Element: i, Hits: 1})
		}
		return run, nil
	}
	return c, all
}

// A failure that needs no fault keeps none; one that needs two keeps these, milder, aimed at
// names that there are, and only the deviations that it needs besides.
func TestCalmerTakesFaultsOut(t *testing.T) {
	none, _ := faulty(t, func(*fault.Schedule) bool { return true }, true)
	small, err := none.minimise(context.Background())
	if err != nil || small.input.Schedule.Size() != 0 || len(small.left.All) != 2 || !strings.Contains(small.words, ": 12 faults → 0, 40 deviations from the calm run → 2") {
		t.Errorf("%v %+v", err, small)
	}
	two := func(s *fault.Schedule) bool {
		n := 0
		for _, f := range s.Faults {
			if (f.At == 3*time.Millisecond || f.At == 9*time.Millisecond) && f.For >= 100*time.Millisecond && (f.From[0] == "*" || slices.Contains(f.From, "listener 1")) {
				n++
			}
		}
		return n >= 2
	}
	c, _ := faulty(t, two, false)
	small, err = c.minimise(context.Background())
	if err != nil || !small.whole || small.input.Schedule.Size() != 2 || len(small.left.All) != 0 {
		t.Fatalf("%v %+v", err, small)
	}
	for _, f := range small.input.Schedule.Faults {
		if f.For != 100*time.Millisecond || f.From[0] != "listener 1" {
			t.Errorf("%v is left", f)
		}
	}
	seed := uint64(7)
	c.f.Seed = &seed
	if err := c.u.enter(c.f, small); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"faults:\n  0.003s  cut  \"listener 1\" → ", "no more is needed"} {
		if !strings.Contains(c.f.Output, want) {
			t.Errorf("%q is missing in\n%s", want, c.f.Output)
		}
	}
	if c.f.Numbers.Faults != [2]int{12, 2} {
		t.Errorf("%+v", c.f.Numbers)
	}
}

// A chance becomes the stroke that matters, as the process has noted it.
func TestCalmerResolvesChance(t *testing.T) {
	needs := func(s *fault.Schedule) bool {
		return slices.ContainsFunc(s.Faults, func(f fault.Fault) bool {
			return f.Kind == fault.Loss && f.PPM == 90_000 && f.For == 0 || f.Kind == fault.Drop && f.Nth == 40
		})
	}
	c, _ := faulty(t, needs, false)
	c.begin.Faults[0].Schedule.Faults = append(c.begin.Faults[0].Schedule.Faults, fault.Fault{Kind: fault.Loss, From: []string{"*"}, To: []string{"*"}, PPM: 90_000})
	exec := c.exec
	c.exec = func(ctx context.Context, spec Spec) (Run, error) {
		run, err := exec(ctx, spec)
		if len(spec.Faults) == 0 {
			return run, err
		}
		for i, f := range spec.Faults[0].Schedule.Faults {
			if f.Kind == fault.Loss {
				for _, what := range []string{`drop nth=12 dir=1 from "TestA" to "listener 1"`, `drop conn=1 from "TestA" to "listener 1"`, `drop nth=40 dir=1 from "TestA" to "listener 1"`} {
					run.Tests[0].Faults.Picks = append(run.Tests[0].Faults.Picks, wire.Pick{Element: i, What: what})
				}
			}
		}
		return run, err
	}
	small, err := c.minimise(context.Background())
	if err != nil || !small.whole || small.input.Schedule.Size() != 1 {
		t.Fatalf("%v %+v", err, small)
	}
	if f := small.input.Schedule.Faults[0]; f.Kind != fault.Drop || f.Nth != 40 || f.From[0] != "TestA" || f.To[0] != "listener 1" {
		t.Errorf("%v is left", f)
	}
}

// What met nothing is told: of a file each element, of a preset that nothing of it met
// anything, or else which kinds did not.
func TestVacuousFaults(t *testing.T) {
	pkg := &gocmd.Package{Arg: "./bank"}
	s := fault.Schedule{Faults: []fault.Fault{cut("TestA", 1), {Kind: fault.Clog, From: []string{"*"}, To: []string{"*"}}}}
	data, err := s.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/faults.json"
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what             string
		hits             []int64
		vacuous, reached string
		remark           string
	}{
		{file, []int64{0, 3}, "fault 1 of 2 (0.000000001s  cut  TestA → *  until 1.000000001s) met nothing", "fault 2 of 2 (0.000s  clog  * → *) met nothing", ""},
		{"chaos", []int64{0, 0}, "no fault of -faults chaos took effect", "", ""},
		{"chaos", []int64{0, 1}, "", "no fault of -faults chaos took effect", "./bank: of -faults chaos, these met nothing in any run: cut"},
		{"chaos", []int64{1, 1}, "", "no fault of -faults chaos took effect", ""},
	} {
		u := someRunner(t, func(o *Options) { o.Faults = plan(t, c.what) })
		var o runner.Outcome
		u.noteFaults(pkg, &o, struck(s, true, c.hits...))
		if v, r := strings.Join(o.Vacuous, "|"), strings.Join(o.Reached, "|"); v != c.vacuous || r != c.reached {
			t.Errorf("%s %v: vacuous %q, reached %q", c.what, c.hits, v, r)
		}
		if got := strings.Join(u.Remarks(), "|"); got != c.remark {
			t.Errorf("%s %v: %q", c.what, c.hits, got)
		}
		if sum := struck(s, true, c.hits...).met(); len(sum) != 2 || sum[1].Hits != c.hits[1] || sum[1].Test != "TestA" || !strings.Contains(sum[1].Fault, "clog") {
			t.Errorf("the line has %v", sum)
		}
	}
}

// A file that names what no test has is refused, with the names that there are.
func TestNamesThatNobodyHas(t *testing.T) {
	pkgs := []*gocmd.Package{{Path: "bank"}, {Path: "desk"}}
	for name, want := range map[string]string{
		"TestA": "", "listener 1": "", "TestB": "", "127.0.0.1:80": "",
		"listener 2": `faults[0] is about a link of "listener 2" (0.000000001s  cut  "listener 2" → *  until 1.000000001s), and no test has one: in the calm run the names are "127.0.0.1:80", "TestA", "TestB" and "listener 1"`,
	} {
		s := fault.Schedule{Faults: []fault.Fault{cut(name, 1)}}
		data, _ := s.MarshalJSON()
		file := t.TempDir() + "/faults.json"
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		u := someRunner(t, func(o *Options) { o.Faults = plan(t, file) })
		u.noteCalm(pkgs[0], []Run{{Tests: []wire.Result{{Test: "TestA", Faults: ends("listener 1 = 127.0.0.1:80")}}}})
		u.noteCalm(pkgs[1], []Run{{Tests: []wire.Result{{Test: "TestB", Faults: ends("listener 1")}, {Test: "TestC"}}}})
		err := u.checkNames(pkgs)
		if (want == "") != (err == nil) || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	u := someRunner(t, func(o *Options) { o.Faults = plan(t, "chaos") })
	if err := u.checkNames(pkgs); err != nil {
		t.Error(err)
	}
}

// How a test went past its disk is told, whatever the faults met.
func TestPastDisks(t *testing.T) {
	pkg := &gocmd.Package{Arg: "./bank"}
	s := fault.Schedule{Faults: []fault.Fault{{Kind: fault.SlowDisk, Nodes: []string{"*"}, Min: 1}}}
	u := someRunner(t, func(o *Options) { o.Faults = plan(t, "disk") })
	run := struck(s, true, 1)
	run.Tests[0].Faults.Past = []string{"a process that the test has started"}
	var o runner.Outcome
	u.noteFaults(pkg, &o, run)
	if want := []string{"faults of disks do not see a process that the test has started"}; !slices.Equal(o.Vacuous, want) {
		t.Errorf("%q, want %q", o.Vacuous, want)
	}
}
