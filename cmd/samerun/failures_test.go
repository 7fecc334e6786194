package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWithoutNumbers(t *testing.T) {
	same := [][]string{
		{"n0 and n3 lead term 4", "n10 and n2 lead term 17"},
		{"late by 990ms", "late by 1.2s", "late by 1m30.5s"},
		{"digest 0x2f", "digest 0xdeadbeef"},
	}
	for _, group := range same {
		for _, text := range group[1:] {
			if a, b := withoutNumbers(group[0]), withoutNumbers(text); a != b {
				t.Errorf("%q and %q differ: %q, %q", group[0], text, a, b)
			}
		}
	}
	if withoutNumbers("no leader") == withoutNumbers("no quorum") || withoutNumbers("5 months") == withoutNumbers("5") {
		t.Error("words must count")
	}
}

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

func TestStory(t *testing.T) {
	tests := []struct{ property, reason, story, head, rest string }{
		{"p", "two leaders", "", `property "p": two leaders`, ""},
		{"", "two leaders", "", "two leaders", ""},
		{"p", "", "", `property "p" broken`, ""},
		{"p", "p does not hold", "x\ny\n", "p does not hold", "x\ny"},
		{"p", "two leaders", "  property p broken at 1s: two leaders\n  more\n    again: SAMERUN_SEED=4 go test\n\n",
			"property p broken at 1s: two leaders", "more"},
		{"p", "zz", "again: SAMERUN_REPLAY=x go test", `property "p": zz`, ""},
	}
	for _, tt := range tests {
		head, rest := splitStory(&failure{property: tt.property, reason: tt.reason, story: tt.story})
		if head != tt.head || rest != tt.rest {
			t.Errorf("%+v: %q and %q", tt, head, rest)
		}
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
	all, err := parseResults(`{"test":"A","seed":3,"error":"x\ny","signature":"s"}` + "\n")
	if err != nil {
		t.Fatal(err)
	}
	s := &sweep{app: &app{}, opts: &testOptions{}}
	if f := s.seedFailure(&simTest{pkg: &testPackage{}, name: "A"}, &all[0]); f.signature != "s" || f.reason != "x" {
		t.Errorf("%+v", f)
	}
}
