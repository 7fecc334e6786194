package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/story"
)

func TestFailureSet(t *testing.T) {
	var fs failureSet
	p := &testPackage{path: "p"}
	add := func(test int, seed uint64, property, reason string) bool {
		return fs.add(position{test, seed}, failure{pkg: p, test: fmt.Sprint("T", test), seed: &seed, property: property, reason: reason})
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
			fmt.Fprintf(&b, "%s:%d×%d ", g.first.test, *g.first.seed, g.count)
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

func TestHeadAndRest(t *testing.T) {
	tests := []struct{ property, reason, output, head, rest string }{
		{"p", "two leaders", "", `property "p": two leaders`, ""},
		{"", "two leaders", "", "two leaders", ""},
		{"p", "", "", `property "p" broken`, ""},
		{"p", "p does not hold", "x\ny\n", "p does not hold", "x\ny"},
		{"p", "two leaders", "  property p broken at 1s: two leaders\n  more\n\n", "property p broken at 1s: two leaders", "  more"},
	}
	for _, tt := range tests {
		head, rest := (&failure{property: tt.property, reason: tt.reason, output: tt.output}).headAndRest()
		if head != tt.head || rest != tt.rest {
			t.Errorf("%+v: %q and %q", tt, head, rest)
		}
	}
	// A story is told as it is, whatever the process printed, without its commands.
	f := &failure{reason: "x", output: "y", told: &story.Story{
		Property: "p", Reason: "two leaders\nin term 4", Again: []string{"go test"}, Run: story.Run{Seed: 4, Stalled: true},
	}}
	head, rest := f.headAndRest()
	if head != `property "p" broken at 0s: two leaders` || rest != "in term 4\nseed 4; virtual time stood still, so that nothing more is known" {
		t.Errorf("%q and %q", head, rest)
	}
	if got := f.story(); got != head+"\n"+rest {
		t.Errorf("%q", got)
	}
}

func TestReportIsBounded(t *testing.T) {
	s := &sweep{
		app: &app{}, opts: &testOptions{keepGoing: true, seeds: mustSeeds("1-100")},
		screen: &screen{}, progress: newProgress(),
	}
	for i := range uint64(reportLimit + 5) {
		s.failures.add(position{0, i}, failure{pkg: &testPackage{arg: "."}, test: "T", seed: &i, reason: strings.Repeat("x", int(i)+1)})
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
	pkg := &testPackage{path: "p"}
	for _, seed := range []uint64{9, 7, 8, 3, 5, 4, 6} {
		fs.add(position{0, seed}, failure{pkg: pkg, test: "T", seed: &seed, reason: "n1 is wrong"})
	}
	g := fs.sorted()[0]
	seen := map[uint64]bool{*g.first.seed: true}
	for _, f := range g.more {
		if seen[*f.seed] {
			t.Errorf("seed %d stands twice", *f.seed)
		}
		seen[*f.seed] = true
	}
	if *g.first.seed != 3 || len(g.more) != mostOthers || g.count != 7 {
		t.Errorf("seed %d of %d, and %d others", *g.first.seed, g.count, len(g.more))
	}
}

// Errors that bring a signature of their own are one kind, whatever else they say; the
// same signature under another property, or in another test, is another.
func TestSignaturesMakeKinds(t *testing.T) {
	var fs failureSet
	pkg := &testPackage{path: "p"}
	for seed := range uint64(30) {
		fs.add(position{0, seed}, failure{
			pkg: pkg, test: []string{"A", "B"}[seed%2], property: []string{"", "p", "q"}[seed%3], seed: &seed,
			reason: "not linearizable: " + strings.Repeat("x", int(seed)), signature: "not linearizable",
		})
	}
	if n := len(fs.sorted()); n != 6 {
		t.Errorf("%d kinds, want 6", n)
	}
	for seed := range uint64(30) {
		fs.add(position{1, seed}, failure{pkg: pkg, test: "C", seed: &seed, reason: strings.Repeat("x", int(seed))})
	}
	if n := len(fs.sorted()); n != 36 {
		t.Errorf("%d kinds, want 36: without a signature the reason tells them apart", n)
	}
}

// A line of results hands its signature on to the failure.
func TestSignatureOfAnOutcome(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results")
	line := `{"test":"A","seed":3,"ok":false,"virtual_ns":0,"events":0,"wall_ns":0,"error":"x\ny","signature":"s"}` + "\n"
	if err := os.WriteFile(file, []byte(line), 0o666); err != nil {
		t.Fatal(err)
	}
	all, err := readResults(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &sweep{app: &app{}, opts: &testOptions{}}
	if f := s.seedFailure(&simTest{pkg: &testPackage{}, name: "A"}, &all[0]); f.signature != "s" || f.reason != "x" {
		t.Errorf("%+v", f)
	}
}
