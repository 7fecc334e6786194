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
