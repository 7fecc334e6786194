package format

import (
	"math"
	"os/exec"
	"testing"
	"time"
)

func TestShellQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	for _, word := range []string{"plain", "./a b", "it's", `$HOME "x" \`, "", "a;b", "*"} {
		out, err := exec.Command(sh, "-c", "printf %s "+ShellQuote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q reaches a command as %q (%v)", word, out, err)
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
		if got := Duration(tt.d); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestWithoutNumbers(t *testing.T) {
	same := [][]string{
		{"n0 and n3 lead term 4", "n10 and n2 lead term 17"},
		{"late by 990ms", "late by 1.2s", "late by 1m30.5s"},
		{"digest 0x2f", "digest 0xdeadbeef"},
	}
	for _, group := range same {
		for _, text := range group[1:] {
			if a, b := WithoutNumbers(group[0]), WithoutNumbers(text); a != b {
				t.Errorf("%q and %q differ: %q, %q", group[0], text, a, b)
			}
		}
	}
	if WithoutNumbers("no leader") == WithoutNumbers("no quorum") || WithoutNumbers("5 months") == WithoutNumbers("5") {
		t.Error("words must count")
	}
}
