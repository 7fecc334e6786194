package main

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestProgressLine(t *testing.T) {
	began := time.Unix(1000, 0)
	tests := []struct {
		p     progress
		after time.Duration
		want  string
	}{
		{progress{}, 0, ""},
		{progress{phase: "building", steps: 3, stepsDone: 1}, 0, "building 3 packages, 1 done"},
		{progress{total: 2000}, 0, "0 of 2000 seeds  0 failures"},
		{progress{total: 2000, done: 400, current: "TestElection"}, 500 * time.Millisecond,
			"400 of 2000 seeds  800 seeds/s  0 failures  TestElection"},
		{progress{total: 2000, done: 400, failures: 1, current: "TestElection"}, 2 * time.Second,
			"400 of 2000 seeds  200 seeds/s  1 failure  8.0s left  TestElection"},
		{progress{total: 10, done: 3}, 60 * time.Second, "3 of 10 seeds  0.1 seeds/s  0 failures  2m20s left"},
		{progress{total: 10, done: 10}, 60 * time.Second, "10 of 10 seeds  0.2 seeds/s  0 failures"},
		{progress{total: math.MaxUint64, done: 100}, 10 * time.Second,
			"100 of 18446744073709551615 seeds  10 seeds/s  0 failures  years left"},
		{progress{total: 1_000_000_000_000, done: 1_000_000, current: strings.Repeat("Long", 20)}, time.Second,
			"1000000 of 1000000000000 seeds  1000000 seeds/s  0 failures  11 days left"},
	}
	for _, tt := range tests {
		tt.p.began = began
		tt.p.now = func() time.Time { return began.Add(tt.after) }
		got := tt.p.line()
		if got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
		}
		if utf8.RuneCountInString(got) > screenWidth {
			t.Errorf("%q is too wide to be redrawn", got)
		}
	}
}

func TestShortDuration(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0.0s"}, {1234 * time.Millisecond, "1.2s"}, {59 * time.Second, "59s"}, {61 * time.Second, "1m01s"},
		{3*time.Hour + 5*time.Minute, "3h05m"}, {72 * time.Hour, "3 days"}, {math.MaxInt64, "years"},
	} {
		if got := shortDuration(tt.d); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestSaturatingMul(t *testing.T) {
	if saturatingMul(3, 4) != 12 || saturatingMul(math.MaxUint64, 2) != math.MaxUint64 {
		t.Error("wrong product")
	}
}

// visible is what a terminal shows of the last row after these bytes.
func visible(text string) string {
	var row []rune
	at := 0
	for _, r := range text {
		switch r {
		case '\r':
			at = 0
		case '\b':
			at--
		case '\n':
			row, at = nil, 0
		default:
			for len(row) <= at {
				row = append(row, ' ')
			}
			row[at] = r
			at++
		}
	}
	return strings.TrimRight(string(row), " ")
}

func TestScreenOnATerminal(t *testing.T) {
	var out bytes.Buffer
	sc := &screen{out: &out, err: &out, live: true}
	sc.status("a long line of progress")
	sc.status("short")
	if got := visible(out.String()); got != "short" {
		t.Errorf("the row shows %q", got)
	}
	sc.note("a note")
	if !strings.Contains(out.String(), "\ra note\n") || visible(out.String()) != "" {
		t.Errorf("the note is not on a row of its own: %q", out.String())
	}
	sc.status("again")
	sc.clear()
	if got := visible(out.String()); got != "" || strings.Contains(out.String(), "\x1b") {
		t.Errorf("not clear: %q in %q", got, out.String())
	}
}

func TestScreenInAPipe(t *testing.T) {
	var out, errOut bytes.Buffer
	sc := newScreen(&out, &errOut, "", "")
	for _, line := range []string{"", "1 of 3", "1 of 3", "2 of 3"} {
		sc.status(line)
	}
	sc.print(sc.paint(red, "FAIL") + "\n")
	if sc.interval != plainInterval || errOut.String() != "1 of 3\n2 of 3\n" || out.String() != "FAIL\n" {
		t.Errorf("stderr %q, stdout %q", errOut.String(), out.String())
	}
	sc.color = true
	if got := sc.paint(red, "FAIL"); got != "\x1b[31;1mFAIL\x1b[0m" {
		t.Errorf("red is %q", got)
	}
}
