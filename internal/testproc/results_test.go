package testproc

import (
	"strings"
	"testing"
	"time"
)

func TestReason(t *testing.T) {
	tests := []struct {
		end  Ending
		want string
	}{
		{Ending{Status: "exit status 3"}, "the process ended with exit status 3"},
		{Ending{Status: "signal: killed"}, "the process ended with signal: killed"},
		{Ending{Output: "x\npanic: boom [recovered, repanicked]\n\tpanic: boom\n"}, "panic: boom"},
		{Ending{Output: "fatal error: all goroutines are asleep - deadlock!\n"}, "fatal error: all goroutines are asleep - deadlock!"},
		{Ending{Output: "====\nWARNING: DATA RACE\n"}, "data race"},
		{Ending{Output: "panic: test timed out after 1s\n", TimedOut: true}, "still running after 1s, so it was killed"},
	}
	for _, tt := range tests {
		if got := tt.end.Reason(time.Second); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.end, got, tt.want)
		}
	}
}

func FuzzParseLines(f *testing.F) {
	f.Add("{\"test\":\"T\",\"seed\":3,\"ok\":true}\n{\"test\":")
	f.Add("{}\nnull\n[]\n")
	f.Fuzz(func(t *testing.T, text string) {
		results, err := ParseLines[Result](text)
		if err != nil {
			if results != nil || !strings.HasPrefix(err.Error(), "a test process wrote a result that is not understood") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v, %v", results, err)
			}
			return
		}
		// A torn last line never counts, so adding one changes nothing.
		if strings.HasSuffix(text, "\n") || text == "" {
			again, err := ParseLines[Result](text + `{"test":"T"`)
			if err != nil || len(again) != len(results) {
				t.Fatalf("a torn line made %d results out of %d: %v", len(again), len(results), err)
			}
		}
	})
}
