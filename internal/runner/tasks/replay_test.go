package tasks

import (
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/testproc"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// What a process says of a file, and how it ended, make the verdict.
func TestJudgeReplay(t *testing.T) {
	line := func(outcome replay.Outcome, ok bool) wire.Result {
		return wire.Result{Test: "TestX", OK: ok, Outcome: outcome, Words: "so it is"}
	}
	good := testproc.Ending{OK: true}
	failed := testproc.Ending{Status: "exit status 1"}
	boom := testproc.Ending{Status: "exit status 2", Output: "panic: boom\n"}
	for _, c := range []struct {
		name  string
		lines []wire.Result
		end   testproc.Ending
		want  replay.Outcome // or the beginning of the error
		words string
	}{
		{"the same", []wire.Result{line(replay.Same, false)}, failed, replay.Same, "so it is"},
		{"fixed", []wire.Result{line(replay.Fixed, true)}, good, replay.Fixed, "so it is"},
		{"an unmet key alone fails the test", []wire.Result{line(replay.Unmet, true)}, failed, replay.Unmet, "so it is"},
		{"fixed, and then the process dies", []wire.Result{line(replay.Fixed, true)}, boom, replay.Other, "another failure, outside of the run: panic: boom"},
		{"unmet, and then the process dies", []wire.Result{line(replay.Unmet, true)}, boom, replay.Other, "another failure, outside of the run: panic: boom"},
		{"the test runs it twice: a failure counts", []wire.Result{line(replay.Fixed, true), line(replay.Different, false)}, failed, replay.Different, "so it is"},
		{"died at once", nil, boom, replay.Other, "another failure, outside of the run: panic: boom"},
		{"hangs", nil, testproc.Ending{TimedOut: true}, replay.Other, "another failure, outside of the run: still running after 1m0s, the limit of -timeout, so the tool ended it"},
		{"lines of another test", []wire.Result{{Test: "TestY", Outcome: replay.Same}}, good, "the test is gone: ./store has no simulation test TestX", ""},
		{"a line that is no replay's", []wire.Result{{Test: "TestX", OK: true}}, good, "the test is gone", ""},
	} {
		r := New(&gocmd.Caller{}, &gocmd.Build{}, Options{Timeout: time.Minute}, t.TempDir())
		v, err := r.judgeReplay(&gocmd.Package{Arg: "./store"}, "TestX", c.lines, c.end)
		if err != nil {
			if c.words != "" || !strings.HasPrefix(err.Error(), string(c.want)) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if v.Outcome != c.want || v.Words != c.words {
			t.Errorf("%s: %s, %q; want %s, %q", c.name, v.Outcome, v.Words, c.want, c.words)
		}
	}
}
