package sweep

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"samerun/internal/screen"
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
		if utf8.RuneCountInString(got) > screen.Width {
			t.Errorf("%q is too wide to be redrawn", got)
		}
	}
}

func TestSaturatingMul(t *testing.T) {
	if saturatingMul(3, 4) != 12 || saturatingMul(math.MaxUint64, 2) != math.MaxUint64 {
		t.Error("wrong product")
	}
}
