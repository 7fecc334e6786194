package setting

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		text string
		want uint64
		ok   bool
	}{
		{"0", 0, true}, {"7", 7, true}, {"007", 7, true}, {"0x2f", 47, true}, {"0X2F", 47, true},
		{"18446744073709551615", 1<<64 - 1, true}, {"18446744073709551616", 0, false}, {"99999999999999999999", 0, false},
		{"0xffffffffffffffff", 1<<64 - 1, true}, {"0x10000000000000000", 0, false},
		{"", 0, false}, {"0x", 0, false}, {"-1", 0, false}, {"+1", 0, false}, {" 1", 0, false}, {"1a", 0, false}, {"0x1g", 0, false}, {"1_0", 0, false}, {"٣", 0, false},
	} {
		if got, ok := ParseNumber(c.text); got != c.want || ok != c.ok {
			t.Errorf("ParseNumber(%q) is %d, %t, want %d, %t", c.text, got, ok, c.want, c.ok)
		}
	}
}

// All texts that are numbers to strconv are numbers here, and no others.
func FuzzParseNumber(f *testing.F) {
	f.Add("0x1f")
	f.Add("18446744073709551616")
	f.Fuzz(func(t *testing.T, text string) {
		digits, base := text, 10
		if rest := strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "0X"); len(text)-len(rest) == 2 {
			digits, base = rest, 16
		}
		want, err := strconv.ParseUint(digits, base, 64)
		if got, ok := ParseNumber(text); ok != (err == nil) || ok && got != want {
			t.Errorf("ParseNumber(%q) is %d, %t, want %d, %v", text, got, ok, want, err)
		}
	})
}

// Every day is where package time has it.
func TestParseDay(t *testing.T) {
	end := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := time.Unix(0, 0).UTC(); day.Before(end); day = day.AddDate(0, 0, 1) {
		if got, ok := ParseDay(day.Format(time.DateOnly)); got != day.UnixNano() || !ok {
			t.Fatalf("%s is %d, %t, want %d", day.Format(time.DateOnly), got, ok, day.UnixNano())
		}
	}
	for _, text := range []string{"", "1969-12-31", "2200-01-01", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "2026-01-00", "2026/01/01", "2026-1-01", "2026-01-01 ", "2026-01-0x", "-026-01-01"} {
		if got, ok := ParseDay(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}
