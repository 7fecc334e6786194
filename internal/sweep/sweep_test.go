package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/screen"
	"samerun/internal/seeds"
)

// world is a runner without processes: each package has two targets, and a seed fails
// where bad says so.
type world struct {
	name    string
	bad     func(target string, seed uint64) string // the reason, or empty
	nothing error
	saved   []string // the seeds that were saved, in order: when first told, and minimised
}

func (w *world) Prepare(_ context.Context, pkgs []*gocmd.Package, phase runner.Phase) (p runner.Prepared, err error) {
	done := phase("building", len(pkgs))
	for _, pkg := range pkgs {
		done()
		p.Targets = append(p.Targets, runner.Target{Pkg: pkg, Remark: "nothing with a seed"})
		if w.nothing == nil {
			p.Targets = append(p.Targets, runner.Target{Pkg: pkg, Name: "Test" + w.name})
		}
	}
	p.Nothing = w.nothing
	return p, nil
}

func (w *world) Run(_ context.Context, t *runner.Target, set seeds.Set) (c runner.Chunk, err error) {
	for seed := range set.All() {
		o := runner.Outcome{}
		o.Seed, o.OK, o.Digest = seed, true, fmt.Sprint(w.name, seed)
		if reason := w.bad(t.Pkg.Arg+"/"+t.Name, seed); reason != "" {
			o.OK = false
			o.Failure = &runner.Failure{Pkg: t.Pkg, Test: t.Name, Seed: &seed, Reason: reason, Command: fmt.Sprint("run ", seed), Replay: "some file", Smaller: true}
		}
		c.Outcomes = append(c.Outcomes, o)
		if !o.OK {
			c.Rest = set.After(seed)
			break
		}
	}
	return c, nil
}

func (w *world) Minimise(_ context.Context, alike []runner.Failure, tell func(string)) (runner.Failure, error) {
	tell("minimising: it gets smaller")
	f := alike[0]
	if f.Reason == "stubborn" {
		return f, errors.New("it is stubborn")
	}
	f.Minimised, f.Reason = "minimised to nothing", "small"
	f.Numbers = &runner.Numbers{Words: f.Minimised}
	return f, nil
}

func (w *world) Save(f *runner.Failure) {
	if f.Saved == "" {
		f.Saved = fmt.Sprintf("replay/%d.json", *f.Seed)
		w.saved = append(w.saved, fmt.Sprint(*f.Seed))
	}
}

func (w *world) Again(f *runner.Failure) string { return "again " + f.Saved }

func (w *world) Remarks() []string { return []string{"a remark of " + w.name} }

// sweepOf runs a sweep over packages a and c of one world and b of another.
func sweepOf(t *testing.T, one, two *world, opts Options) (failed bool, stdout, stderr string, err error) {
	t.Helper()
	var out, errOut bytes.Buffer
	pkgs := []*gocmd.Package{{Arg: "a", Path: "a"}, {Arg: "b", Path: "b"}, {Arg: "c", Path: "c"}}
	opts.Seeds, opts.Workers = mustSeeds("1-40"), 3
	s := New(screen.New(&out, &errOut, "", ""), opts)
	err = s.Prepare(t.Context(), &gocmd.Listing{Packages: pkgs, Untested: []string{"d"}}, []Part{{Runner: two, Packages: pkgs[1:2]}, {Runner: one, Packages: []*gocmd.Package{pkgs[0], pkgs[2]}}})
	if err != nil {
		s.Abandon()
		return false, out.String(), errOut.String(), err
	}
	if err := s.RunSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Minimise(t.Context())
	failed = s.Finish(false)
	return failed, out.String(), errOut.String(), nil
}

func never(string, uint64) string { return "" }

// Two worlds give one report, in the order of the packages.
func TestOneReportOfTwoWorlds(t *testing.T) {
	failed, stdout, stderr, err := sweepOf(t, &world{name: "One", bad: never}, &world{name: "Two", bad: never}, Options{})
	if err != nil || failed {
		t.Error(failed, err)
	}
	const want = "ok    a           nothing with a seed\nok    a  TestOne  40 seeds\nok    b           nothing with a seed\nok    b  TestTwo  40 seeds\n" +
		"ok    c           nothing with a seed\nok    c  TestOne  40 seeds\nok: 3 tests, 120 seeds, no failure, prepared in "
	if !strings.HasPrefix(stdout, want) {
		t.Errorf("got\n%s\nwant\n%s", stdout, want)
	}
	if stderr != "skipped, no test files: d\na remark of Two\na remark of One\n" {
		t.Errorf("%q", stderr)
	}
}

// The first failure in the order of packages ends the sweep, whichever world it is of,
// is made smaller, saved, and told with the command of its own runner.
func TestTheFirstFailureOfAnyWorld(t *testing.T) {
	bad := func(target string, seed uint64) string {
		switch {
		case target == "b/TestTwo" && seed == 31:
			return "it broke"
		case target == "c/TestOne":
			return "it broke, too"
		}
		return ""
	}
	one, two := &world{name: "One", bad: bad}, &world{name: "Two", bad: bad}
	failed, stdout, _, err := sweepOf(t, one, two, Options{Shrink: 1})
	if err != nil || !failed {
		t.Error(failed, err)
	}
	for _, want := range []string{"ok    a  TestOne  40 seeds\n", "FAIL  b  TestTwo\n    small\n    seed 31 of 1-40\n    minimised to nothing\n\n    saved: replay/31.json\n    again: again replay/31.json\n", "FAIL: stopped at the first failure"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing in\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout, "c  TestOne") || !slices.Equal(two.saved, []string{"31", "31"}) {
		t.Errorf("saved: %q and %q\n%s", one.saved, two.saved, stdout)
	}
}

// With -keep-going each distinct failure is told once, and what cannot be made smaller
// stays as it is.
func TestDistinctFailures(t *testing.T) {
	bad := func(target string, seed uint64) string {
		switch {
		case seed%10 == 0:
			return fmt.Sprintf("term %d", seed)
		case target == "c/TestOne" && seed == 7:
			return "stubborn"
		}
		return ""
	}
	failed, stdout, stderr, err := sweepOf(t, &world{name: "One", bad: bad}, &world{name: "Two", bad: never}, Options{KeepGoing: true, Shrink: 1})
	if err != nil || !failed {
		t.Error(failed, err)
	}
	rest := stdout
	for _, want := range []string{"FAIL  a  TestOne\n    small\n    first at seed 10; 4 of 40 seeds fail like this\n", "FAIL  c  TestOne\n    stubborn\n    first at seed 7; 1 of 40 seeds", "    not minimised: it is stubborn\n",
		"FAIL  c  TestOne\n    small\n    first at seed 10; 4 of 40", "FAIL: 3 distinct failures, 3 tests, 120 seeds, prepared in "} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q is missing, or not in its place, in\n%s", want, stdout)
		}
		rest = after
	}
	if strings.Count(stderr, "FAIL  TestOne  seed ") != 3 {
		t.Errorf("each is told when it is met:\n%s", stderr)
	}
}

// The JSON lines of two worlds are in one order, and the saved file stands in the line
// of the first of each distinct failure.
func TestJSONOfTwoWorlds(t *testing.T) {
	bad := func(target string, seed uint64) string {
		if target == "b/TestTwo" && seed%20 == 0 {
			return "it broke"
		}
		return ""
	}
	_, stdout, _, err := sweepOf(t, &world{name: "One", bad: bad}, &world{name: "Two", bad: bad}, Options{KeepGoing: true, JSON: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(stdout) {
		var l Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if !l.OK || *l.Seed == 40 {
			got = append(got, fmt.Sprint(l.Package, " ", l.Test, " ", *l.Seed, " ", l.OK, " ", l.Replay))
		}
	}
	want := []string{"a TestOne 40 true ", "b TestTwo 20 false replay/20.json", "b TestTwo 40 false ", "c TestOne 40 true "}
	if n := strings.Count(stdout, "\n"); n != 120 || !slices.Equal(got, want) {
		t.Errorf("%d lines; %q, want %q", n, got, want)
	}
}

// That one world has nothing to run matters only if no world has.
func TestNothingToRun(t *testing.T) {
	nothing := errors.New("nothing here")
	if _, _, _, err := sweepOf(t, &world{name: "One", bad: never, nothing: nothing}, &world{name: "Two", bad: never}, Options{}); err != nil {
		t.Error(err)
	}
	if _, _, _, err := sweepOf(t, &world{name: "One", bad: never, nothing: nothing}, &world{name: "Two", bad: never, nothing: nothing}, Options{}); err != nothing {
		t.Error(err)
	}
}

// A failure cannot forge a line of the report, nor do anything to the terminal.
func TestAFailureForgesNothing(t *testing.T) {
	const evil = "two leaders\nok    forged  TestAll  1000 seeds\r\x1b[2K\u202e"
	bad := func(_ string, seed uint64) string {
		if seed == 7 {
			return evil
		}
		return ""
	}
	for _, js := range []bool{false, true} {
		failed, stdout, stderr, err := sweepOf(t, &world{name: "One", bad: never}, &world{name: "Two", bad: bad}, Options{KeepGoing: true, JSON: js})
		if err != nil || !failed {
			t.Error(failed, err)
		}
		for _, text := range []string{stdout, stderr} {
			if strings.Contains(text, "\nok    forged") || strings.ContainsAny(text, "\r\x1b\u202e") {
				t.Errorf("json %t: %q", js, text)
			}
		}
	}
}

// The last line has all the time that passed: that before the first seed, too.
func TestTook(t *testing.T) {
	at := time.Unix(1000, 0)
	for _, keepGoing := range []bool{false, true} {
		for _, failing := range []bool{false, true} {
			p := &progress{opened: at, began: at.Add(123 * time.Second), done: 40, now: func() time.Time { return at.Add(127 * time.Second) }}
			s := &Sweep{opts: Options{KeepGoing: keepGoing, Seeds: mustSeeds("1-40")}, progress: p}
			var groups []*group
			if failing {
				groups = []*group{{}}
			}
			if got := s.summary(groups, nil, false); !strings.Contains(got, ", prepared in 2m03s, ran in 4.0s") {
				t.Errorf("-keep-going %t, a failure %t: %s", keepGoing, failing, got)
			}
		}
	}
	p := newProgress()
	opened := p.opened
	p.now = func() time.Time { return opened.Add(time.Minute) }
	p.begin(1, 1)
	if !p.opened.Equal(opened) || p.began.Sub(p.opened) != time.Minute {
		t.Errorf("%v before the first seed", p.began.Sub(p.opened))
	}
}
