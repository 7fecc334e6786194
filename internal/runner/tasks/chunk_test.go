package tasks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/runner"
	"samerun/internal/seeds"
	"samerun/internal/testproc"
	"samerun/internal/wire"
)

// judge is checked on text: each outcome is a seed with + or -, then the rest.
func TestJudge(t *testing.T) {
	line := func(test string, seed int, ok bool, wall time.Duration) string {
		return fmt.Sprintf(`{"test":%q,"seed":%d,"ok":%v,"wall_ns":%d,"error":"e"}`+"\n", test, seed, ok, wall)
	}
	good := line("T", 1, true, 0) + line("T", 2, true, 0)
	dead := testproc.Ending{Status: "exit status 2", Output: "panic: boom\n"}
	late := testproc.Ending{TimedOut: true}
	tests := []struct {
		name, lines string
		end         testproc.Ending
		want        string
	}{
		{"all good", good + line("T", 3, true, 0), testproc.Ending{OK: true}, "1+ 2+ 3+ rest"},
		{"a failure", good + line("T", 3, false, 0), dead, "1+ 2+ 3- rest"},
		{"a failure leaves the rest", line("T", 1, false, 0), dead, "1- rest 2-3"},
		{"died", line("T", 1, true, 0), dead, "1+ 2- rest 3"},
		{"died at once", "", dead, "1- rest 2-3"},
		{"died in the middle of a line", good + `{"test":"T","seed":3,`, dead, "1+ 2+ 3- rest"},
		{"lines of another test", line("U", 1, false, 0) + good + line("T", 3, true, 0), testproc.Ending{OK: true}, "1+ 2+ 3+ rest"},
		{"a test that runs its seeds twice", good + line("T", 3, true, 0) + line("T", 1, true, 0) + line("T", 2, false, 0), dead, "1+ 2- rest 3"},
		{"skipped", "", testproc.Ending{OK: true}, "1- rest 2-3"},
		{"cancelled", line("T", 1, true, 0), testproc.Ending{Cancelled: true}, "1+ rest 3 cancelled"},
		{"hangs", line("T", 1, true, time.Second), late, "1+ 2- rest 3"},
		{"had no time of its own", line("T", 1, true, 8*time.Second), late, "1+ rest 2-3"},
	}
	x := &Runner{opts: Options{Timeout: 10 * time.Second}}
	set, err := seeds.Parse("1-3")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		lines, err := wire.Read(tt.lines)
		if err != nil {
			t.Fatal(err)
		}
		r := x.judge(&runner.Target{Name: "T"}, set, lines, tt.end)
		var got strings.Builder
		for _, o := range r.runs {
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
