package tasks

import (
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
)

// What a process says of a file, and how it ended, make the verdict.
func TestJudgeReplay(t *testing.T) {
	line := func(outcome string, ok bool) testproc.Result {
		return testproc.Result{Test: "TestX", OK: ok, Outcome: outcome, Words: "so it is"}
	}
	good := testproc.Ending{OK: true}
	failed := testproc.Ending{Status: "exit status 1"}
	boom := testproc.Ending{Status: "exit status 2", Output: "panic: boom\n"}
	for _, c := range []struct {
		name  string
		lines []testproc.Result
		end   testproc.Ending
		want  string // the outcome, or the beginning of the error
		words string
	}{
		{"the same", []testproc.Result{line(runner.Same, false)}, failed, runner.Same, "so it is"},
		{"fixed", []testproc.Result{line(runner.Fixed, true)}, good, runner.Fixed, "so it is"},
		{"an unmet key alone fails the test", []testproc.Result{line(runner.Unmet, true)}, failed, runner.Unmet, "so it is"},
		{"fixed, and then the process dies", []testproc.Result{line(runner.Fixed, true)}, boom, runner.Other, "another failure, outside of the run: panic: boom"},
		{"unmet, and then the process dies", []testproc.Result{line(runner.Unmet, true)}, boom, runner.Other, "another failure, outside of the run: panic: boom"},
		{"the test runs it twice: a failure counts", []testproc.Result{line(runner.Fixed, true), line(runner.Different, false)}, failed, runner.Different, "so it is"},
		{"died at once", nil, boom, runner.Other, "another failure, outside of the run: panic: boom"},
		{"hangs", nil, testproc.Ending{TimedOut: true}, runner.Other, "another failure, outside of the run: still running after 1m0s, so it was killed"},
		{"lines of another test", []testproc.Result{{Test: "TestY", Outcome: runner.Same}}, good, "the test is gone: ./store has no simulation test TestX", ""},
		{"a line that is no replay's", []testproc.Result{{Test: "TestX", OK: true}}, good, "the test is gone", ""},
	} {
		r := New(&gocmd.Caller{}, &gocmd.Build{}, Options{Timeout: time.Minute}, t.TempDir())
		v, err := r.judgeReplay(&gocmd.Package{Arg: "./store"}, "TestX", c.lines, c.end)
		if err != nil {
			if c.words != "" || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if v.Outcome != c.want || v.Words != c.words {
			t.Errorf("%s: %s, %q; want %s, %q", c.name, v.Outcome, v.Words, c.want, c.words)
		}
	}
}
