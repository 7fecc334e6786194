package sweep

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/screen"
)

func TestFailureSet(t *testing.T) {
	var fs failureSet
	p := &gocmd.Package{Path: "p"}
	add := func(test int, seed uint64, property, reason string) bool {
		return fs.add(position{test, seed}, runner.Failure{Pkg: p, Test: fmt.Sprint("T", test), Seed: &seed, Property: property, Reason: reason})
	}
	news := []bool{
		add(1, 9, "a", "term 4"), add(0, 8, "a", "term 4"), add(0, 5, "a", "term 17"),
		add(0, 6, "b", "term 4"), add(0, 9, "a", "no term"), add(1, 2, "a", "term 5"),
	}
	if got := fmt.Sprint(news); got != "[true true false true true false]" {
		t.Errorf("new groups: %s", got)
	}
	text := func() string {
		var b strings.Builder
		for _, g := range fs.sorted() {
			fmt.Fprintf(&b, "%s:%d×%d ", g.first.Test, *g.first.Seed, g.count)
		}
		return b.String()
	}
	if got := text(); got != "T0:5×2 T0:6×1 T0:9×1 T1:2×2 " {
		t.Errorf("groups: %s", got)
	}
	fs.keepLowest()
	if got := text(); got != "T0:5×1 " {
		t.Errorf("lowest: %s", got)
	}
}

// fakeRunner can do no more than name the command of a failure.
type fakeRunner struct{ runner.Runner }

func (fakeRunner) Again(f *runner.Failure) string { return f.Command }

func TestReportIsBounded(t *testing.T) {
	s := &Sweep{
		opts:   Options{KeepGoing: true, Seeds: mustSeeds("1-100")},
		screen: &screen.Screen{}, progress: newProgress(), slots: []slot{{by: fakeRunner{}}},
	}
	for i := range uint64(reportLimit + 5) {
		s.failures.add(position{0, i}, runner.Failure{Pkg: &gocmd.Package{Arg: "."}, Test: "T", Seed: &i, Reason: strings.Repeat("x", int(i)+1)})
	}
	text := s.report(s.failures.sorted(), nil, false)
	if strings.Count(text, "FAIL  .  T\n") != reportLimit || !strings.Contains(text, "and 5 more distinct failures") {
		t.Error(text)
	}
	if took := s.progress.now().Sub(s.progress.began); took > time.Minute {
		t.Errorf("the clock of the report is wrong: %v", took)
	}
}

// The lowest failure stands for its kind, and a few others are kept for the minimiser,
// each once.
func TestOthersOfAKindAreKept(t *testing.T) {
	var fs failureSet
	pkg := &gocmd.Package{Path: "p"}
	for _, seed := range []uint64{9, 7, 8, 3, 5, 4, 6} {
		fs.add(position{0, seed}, runner.Failure{Pkg: pkg, Test: "T", Seed: &seed, Reason: "n1 is wrong"})
	}
	g := fs.sorted()[0]
	seen := map[uint64]bool{*g.first.Seed: true}
	for _, f := range g.more {
		if seen[*f.Seed] {
			t.Errorf("seed %d stands twice", *f.Seed)
		}
		seen[*f.Seed] = true
	}
	if *g.first.Seed != 3 || len(g.more) != mostOthers || g.count != 7 {
		t.Errorf("seed %d of %d, and %d others", *g.first.Seed, g.count, len(g.more))
	}
}

// Errors that bring a signature of their own are one kind, whatever else they say; the
// same signature under another property, or in another test, is another.
func TestSignaturesMakeKinds(t *testing.T) {
	var fs failureSet
	pkg := &gocmd.Package{Path: "p"}
	for seed := range uint64(30) {
		fs.add(position{0, seed}, runner.Failure{
			Pkg: pkg, Test: []string{"A", "B"}[seed%2], Property: []string{"", "p", "q"}[seed%3], Seed: &seed,
			Reason: "not linearizable: " + strings.Repeat("x", int(seed)), Signature: "not linearizable",
		})
	}
	if n := len(fs.sorted()); n != 6 {
		t.Errorf("%d kinds, want 6", n)
	}
	for seed := range uint64(30) {
		fs.add(position{1, seed}, runner.Failure{Pkg: pkg, Test: "C", Seed: &seed, Reason: strings.Repeat("x", int(seed))})
	}
	if n := len(fs.sorted()); n != 36 {
		t.Errorf("%d kinds, want 36: without a signature the reason tells them apart", n)
	}
}
