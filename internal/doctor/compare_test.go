package doctor

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/records"
	"samerun/internal/wire"
)

// someRecord draws a record of a few tests, line by line.
func someRecord(t *rapid.T) (lines []string) {
	for i := range rapid.IntRange(1, 3).Draw(t, "tests") {
		lines = append(lines, fmt.Sprintf("test T%d seed 1", i))
		for n := range rapid.IntRange(0, 12).Draw(t, "lines") {
			if rapid.Bool().Draw(t, "draw") {
				lines = append(lines, fmt.Sprintf("draw %d map %d %016x %016x main.F:%d", n, n, n, i, n))
			} else {
				lines = append(lines, fmt.Sprintf("turn %d %d.000000000s 0/1 %016x main.F:%d", n+1, n, i, n))
			}
		}
	}
	return lines
}

func record(lines []string) *strings.Reader {
	return strings.NewReader(strings.Join(lines, "\n") + "\n")
}

// Two records are equal, or the first line that differs is found, with its test and
// with the lines before it.
func TestDivergeFindsTheFirstDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := someRecord(t)
		if at, err := diverge(record(one), record(one), bounds{}); at != nil || err != nil {
			t.Fatalf("a record differs from itself: %+v, %v", at, err)
		}
		i := rapid.IntRange(1, len(one)).Draw(t, "where")
		two := slices.Clone(one)
		added := "draw 99 user 1 00000000000000aa 00000000000000bb main.G:1"
		two = slices.Insert(two, i, added)
		at, err := diverge(record(one), record(two), bounds{})
		if err != nil || at == nil {
			t.Fatalf("no difference: %v", err)
		}
		head := i - 1
		for !strings.HasPrefix(one[head], "test ") {
			head--
		}
		if want := strings.Fields(one[head])[1]; at.test != want {
			t.Errorf("the difference is in %s, want %s", at.test, want)
		}
		if got := at.sides[1]; got == nil || got.Turn != 99 || got.Stream != "user" {
			t.Errorf("one side is %+v", got)
		}
		if got := at.sides[0]; (got == nil) != (i == len(one)) {
			t.Errorf("the other side is %+v, at line %d of %d", got, i, len(one))
		}
		common := one[max(head+1, i-commonLines):i]
		if len(at.common) != len(common) {
			t.Fatalf("%d lines before, want %d", len(at.common), len(common))
		}
		for j, line := range common {
			if want, err := records.Parse(line); err != nil || fmt.Sprint(at.common[j]) != fmt.Sprint(want) {
				t.Errorf("line %d before is %+v, want %+v", j, at.common[j], want)
			}
		}
	})
}

func TestDivergeWithinBounds(t *testing.T) {
	one := []string{"test A seed 1", "turn 1 0.000000000s 0/1 01", "test B seed 1", "turn 1 0.000000000s 0/1 02"}
	for _, c := range []struct {
		name string
		two  []string
		in   bounds
		want string // the test that differs, or empty
	}{
		{"the second one ends", one[:3], bounds{}, "B"},
		{"the second one was cut off", one[:3], bounds{cut: [2]bool{false, true}}, ""},
		{"the first one was cut off", one[:3], bounds{cut: [2]bool{true, false}}, "B"},
		{"only A was asked for", one[:2], bounds{until: "B"}, ""},
		{"only A was asked for, and more came", one, bounds{until: "B"}, "A"},
		{"another first test", one[2:], bounds{}, "A"},
	} {
		at, err := diverge(record(one), record(c.two), c.in)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if got := at; got == nil && c.want != "" || got != nil && got.test != c.want {
			t.Errorf("%s: %+v, want a difference in %q", c.name, got, c.want)
		}
	}
	if _, err := diverge(record(one), record([]string{"hello"}), bounds{}); err == nil {
		t.Error("what is no record was compared")
	}
}

// What may differ between equal runs is not compared, and what a test prints itself is.
func TestDivergeOutput(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"goroutine 7 [running]:", "goroutine 19 [running]:", true},
		{"created by a.F in goroutine 7", "created by a.F in goroutine 8", true},
		{"main.f(0xc000012345, {0x1?, 0x2})", "main.f(0xc000054321, {0x1?, 0x3})", true},
		{"\t/a/b.go:12 +0x1d", "\t/a/b.go:12 +0x2f", true},
		{"\t/a/b.go:12 +0x1d", "\t/a/b.go:13 +0x1d", false},
		{"    it is at 0xc000012345", "    it is at 0xc000054321", false},
		{"wrote /tmp/x/a/file", "wrote /tmp/x/another/file", true},
		{"wrote /tmp/x/a/file", "wrote /tmp/x/another/fill", false},
		{"one", "two", false},
	} {
		text := func(line string) *strings.Reader {
			return strings.NewReader("=== RUN   TestOne\n=== RUN   TestTwo/sub\n" + line + "\n")
		}
		at, err := divergeOutput(text(c.a), text(c.b), [2]outputCleaner{{"/tmp/x/a"}, {"/tmp/x/another"}}, bounds{})
		if err != nil || (at == nil) != c.same {
			t.Errorf("%q and %q: %+v, %v", c.a, c.b, at, err)
		}
		if at != nil && (at.test != "TestTwo" || at.what != "prints") {
			t.Errorf("%q and %q differ in %+v", c.a, c.b, at)
		}
	}
}

func TestDivergeResults(t *testing.T) {
	one := wire.Result{Test: "TestOne", OK: true, Digest: "aa"}
	two := wire.Result{Test: "TestTwo", OK: true, Digest: "bb", Left: 1}
	left := two
	left.Left = 2
	for _, c := range []struct {
		a, b []wire.Result
		in   bounds
		want string
	}{
		{[]wire.Result{one, two}, []wire.Result{one, two}, bounds{}, ""},
		{[]wire.Result{one, two}, []wire.Result{one, left}, bounds{}, "TestTwo"},
		{[]wire.Result{one}, []wire.Result{one, two}, bounds{}, "TestTwo"},
		{[]wire.Result{one, two}, []wire.Result{one}, bounds{until: "TestTwo"}, ""},
		{[]wire.Result{one}, []wire.Result{one, two}, bounds{cut: [2]bool{true, false}}, ""},
	} {
		at := divergeResults(c.a, c.b, c.in)
		if at == nil && c.want != "" || at != nil && at.test != c.want {
			t.Errorf("%v and %v: %+v, want %q", c.a, c.b, at, c.want)
		}
	}
}
