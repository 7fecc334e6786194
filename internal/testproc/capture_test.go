package testproc

import (
	"fmt"
	"strings"
	"testing"
)

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
