package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// judge is checked on text: each outcome is a seed with + or -, then the rest.
func TestJudge(t *testing.T) {
	line := func(test string, seed int, ok bool, wall time.Duration) string {
		return fmt.Sprintf(`{"test":%q,"seed":%d,"ok":%v,"wall_ns":%d,"error":"e"}`+"\n", test, seed, ok, wall)
	}
	good := line("T", 1, true, 0) + line("T", 2, true, 0)
	dead := ending{status: "exit status 2", output: "panic: boom\n"}
	late := ending{timedOut: true}
	tests := []struct {
		name, lines string
		end         ending
		want        string
	}{
		{"all good", good + line("T", 3, true, 0), ending{ok: true}, "1+ 2+ 3+ rest"},
		{"a failure", good + line("T", 3, false, 0), dead, "1+ 2+ 3- rest"},
		{"a failure leaves the rest", line("T", 1, false, 0), dead, "1- rest 2-3"},
		{"died", line("T", 1, true, 0), dead, "1+ 2- rest 3"},
		{"died at once", "", dead, "1- rest 2-3"},
		{"died in the middle of a line", good + `{"test":"T","seed":3,`, dead, "1+ 2+ 3- rest"},
		{"lines of another test", line("U", 1, false, 0) + good + line("T", 3, true, 0), ending{ok: true}, "1+ 2+ 3+ rest"},
		{"a test that runs its seeds twice", good + line("T", 3, true, 0) + line("T", 1, true, 0) + line("T", 2, false, 0), dead, "1+ 2- rest 3"},
		{"skipped", "", ending{ok: true}, "1- rest 2-3"},
		{"cancelled", line("T", 1, true, 0), ending{cancelled: true}, "1+ rest 3 cancelled"},
		{"hangs", line("T", 1, true, time.Second), late, "1+ 2- rest 3"},
		{"had no time of its own", line("T", 1, true, 8*time.Second), late, "1+ rest 2-3"},
	}
	s := &sweep{opts: &testOptions{timeout: 10 * time.Second}}
	for _, tt := range tests {
		file := filepath.Join(t.TempDir(), "results")
		if err := os.WriteFile(file, []byte(tt.lines), 0o600); err != nil {
			t.Fatal(err)
		}
		lines, err := readResults(file)
		if err != nil {
			t.Fatal(err)
		}
		r := s.judge(&simTest{name: "T"}, mustSeeds("1-3"), lines, tt.end)
		var got strings.Builder
		for _, o := range r.outcomes {
			fmt.Fprintf(&got, "%d%s ", o.Seed, map[bool]string{true: "+", false: "-"}[o.OK])
		}
		got.WriteString(strings.TrimSpace("rest " + r.rest.String()))
		if r.cancelled {
			got.WriteString(" cancelled")
		}
		if got.String() != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, &got, tt.want)
		}
	}
}

func TestReason(t *testing.T) {
	tests := []struct {
		end  ending
		want string
	}{
		{ending{status: "exit status 3"}, "the process ended with exit status 3"},
		{ending{status: "signal: killed"}, "the process ended with signal: killed"},
		{ending{output: "x\npanic: boom [recovered, repanicked]\n\tpanic: boom\n"}, "panic: boom"},
		{ending{output: "fatal error: all goroutines are asleep - deadlock!\n"}, "fatal error: all goroutines are asleep - deadlock!"},
		{ending{output: "====\nWARNING: DATA RACE\n"}, "data race"},
		{ending{output: "panic: test timed out after 1s\n", timedOut: true}, "still running after 1s, so it was killed"},
	}
	for _, tt := range tests {
		if got := tt.end.reason(time.Second); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.end, got, tt.want)
		}
	}
}
