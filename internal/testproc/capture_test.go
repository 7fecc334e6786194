package testproc

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/wire"
)

func TestRace(t *testing.T) {
	const frame = "==================\n"
	for _, c := range []struct{ name, output, want string }{
		{"none", "a\n", ""},
		{"one", "a\n" + frame + "WARNING: DATA RACE\nRead at\n" + frame + "b\n", "\nWARNING: DATA RACE\nRead at\n"},
		{"two", frame + "WARNING: DATA RACE\n1\n" + frame + frame + "WARNING: DATA RACE\n2\n" + frame, "\nWARNING: DATA RACE\n1\n"},
		{"cut off", frame + "WARNING: DATA RACE\n1\n", "\nWARNING: DATA RACE\n1\n"},
	} {
		if got := Race(c.output); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCaptureKeepsBothEnds(t *testing.T) {
	var c capture
	const lines = 100_000
	for i := range lines {
		fmt.Fprintf(&c, "line %d\n", i)
	}
	got := c.String()
	if len(got) > 4*captureEnds || !strings.HasPrefix(got, "line 0\n") || !strings.HasSuffix(got, "line 99999\n") || !strings.Contains(got, " bytes left out …") {
		t.Errorf("%d bytes: %.40q … %q", len(got), got, got[len(got)-40:])
	}
	var short capture
	fmt.Fprint(&short, strings.Repeat("x", captureEnds-1), "yz")
	if want := strings.Repeat("x", captureEnds-1) + "yz"; short.String() != want {
		t.Error("a short output is not kept as it was")
	}
}

func TestExcerpt(t *testing.T) {
	many := func(n int) string { return strings.Repeat("noise\n", n) }
	tests := []struct{ name, in, want string }{
		{"short", "a\nb\n", "a\nb"},
		{"tail", "first\n" + many(59) + "last\n", many(59) + "last"},
		{"panic", "x\n" + many(100) + "panic: boom\nstack\n", "panic: boom\nstack"},
		{"race", many(70) + "=====\nWARNING: DATA RACE\nRead at\n", "=====\nWARNING: DATA RACE\nRead at"},
		{"panic before fail", "--- FAIL: TestX\npanic: boom\n", "panic: boom"},
		{"fail", "x\n    --- FAIL: TestX\n    bad\n", "    --- FAIL: TestX\n    bad"},
		{"long panic", "panic: boom\n" + many(100), "panic: boom\n" + many(59) + "… 41 more lines"},
	}
	for _, tt := range tests {
		if got := Excerpt(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What tells of a test or of a process begins a line, whatever the test printed before it
// and did not end; what only looks like that stays where it is.
func TestOnLines(t *testing.T) {
	for _, telling := range []string{
		"--- FAIL: TestX (0.00s)\n    x_test.go:3: bad\n",
		"--- FAIL: TestX/a_b#01 (12.50s)\n",
		"--- FAIL: TestX (deadlock)\n",
		"--- PASS: TestX (0.00s)\n",
		"=== RUN   TestX\n",
		"=== NAME  TestX\n",
		"    x_test.go:3: bad\n",
		"panic: boom\n\ngoroutine 7 [running]:\n",
		"panic: boom\n\tmore of it [recovered, repanicked]\n\tpanic: again\nsamerun: TestX: seed 4, virtual time 1.0s, turn 3\nsamerun: again: x\n\ngoroutine 7 [running]:\n",
		"panic: nil\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 7 [running]:\n",
		"fatal error: concurrent map writes\n\ngoroutine 7 [running]:\n",
		"samerun: a test calls os.Exit(1)\nsamerun: TestX: seed 4, virtual time 1.0s, turn 3\nsamerun: again: x\n",
	} {
		for _, before := range []string{"no end", "a question: ", "one line\nand a half\t", "1"} {
			if got := onLines(before + telling); got != before+"\n"+telling {
				t.Errorf("%q behind %q is %q", telling, before, got)
			}
		}
		for _, before := range []string{"", "a line\n"} {
			if got := onLines(before + telling); got != before+telling {
				t.Errorf("%q, which begins a line, became %q", telling, got)
			}
		}
	}
	for _, same := range []string{
		"I say --- FAIL: and more\n", "x --- FAIL: TestX\n", "caught a panic: boom, goes on\n", "    --- FAIL: TestX/sub (0.00s)\n",
		"log of samerun: nothing\nmore\n", "not a fatal error: it goes on\nreally\n",
	} {
		if got := onLines(same); got != same {
			t.Errorf("%q became %q", same, got)
		}
	}
	if got := Excerpt(onLines("3 of 4 done--- FAIL: TestX (0.00s)\n    bad\n")); got != "--- FAIL: TestX (0.00s)\n    bad" {
		t.Errorf("%q", got)
	}
}

// What one test of several printed is told from what the others did, however it ended.
func TestSections(t *testing.T) {
	const mark = wire.Begins
	raw := "before all\n" + mark + "TestA\nlog of a, no end" + mark + "TestB\nlog of b\n--- FAIL: TestB (0.00s)\n    b_test.go:1: bad\n" +
		mark + "TestA\nsecond\n--- FAIL: TestA (1.00s)\n" + mark + "TestA\nthird\n" + mark + "TestC\nlog of c\npanic: boom\n"
	var e Ending
	e.Output, e.Begins = cutBegins(raw)
	if want := regexp.MustCompile(mark+`\w+\n`).ReplaceAllString(raw, ""); e.Output != want {
		t.Errorf("%q, want %q", e.Output, want)
	}
	for test, want := range map[string]string{
		"TestA":       "second\n--- FAIL: TestA (1.00s)\n",
		"TestA/sub":   "second\n--- FAIL: TestA (1.00s)\n",
		"TestB":       "log of b\n--- FAIL: TestB (0.00s)\n    b_test.go:1: bad\n",
		"TestC":       "log of c\npanic: boom\n",
		"TestUnknown": e.Output,
	} {
		if got := e.Of(test); got != want {
			t.Errorf("%s printed %q, want %q", test, got, want)
		}
	}
}

// The report of a failure has what the test logged before, in its last lines, with and
// without -v.
func TestExcerptOf(t *testing.T) {
	lines := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "log %d\n", i+1)
		}
		return b.String()
	}
	const fail = "--- FAIL: TestX (0.00s)\n    x_test.go:3: bad"
	for _, c := range []struct{ name, in, want string }{
		{"nothing logged", fail + "\n", fail},
		{"some lines", lines(3) + fail + "\n", lines(3) + fail},
		{"as many as there may be", lines(20) + fail, lines(20) + fail},
		{"one more", lines(21) + fail, "… 1 earlier line of the test\n" + strings.TrimPrefix(lines(21), "log 1\n") + fail},
		{"many", lines(300) + fail, "… 280 earlier lines of the test\n" + strings.TrimPrefix(lines(300), lines(280)) + fail},
		{"a long line", strings.Repeat("x", 1000) + "\n" + fail, strings.Repeat("x", 400) + "…\n" + fail},
		{"-v", "=== RUN   TestX\nlog 1\n    x_test.go:3: bad\n=== NAME  TestX\n--- FAIL: TestX (0.00s)\n", "log 1\n    x_test.go:3: bad\n--- FAIL: TestX (0.00s)"},
		{"a panic", lines(2) + "\npanic: boom\n\ngoroutine 7:\n", lines(2) + "panic: boom\n\ngoroutine 7:"},
		{"no sign of trouble", lines(70), strings.TrimSuffix(strings.TrimPrefix(lines(70), lines(10)), "\n")},
		{"log.Fatal", lines(2) + "samerun: a test calls os.Exit(1)\n", lines(2) + "samerun: a test calls os.Exit(1)"},
	} {
		if got := ExcerptOf(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
