package ordinary

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/wire"
)

// A calmer whose tests are made up: a run fails if two of its forty deviations are
// there, and its record is what it was given.
func madeUp(t *testing.T) (c *calmer, whole string, fails func(picks string) bool) {
	var b strings.Builder
	b.WriteString("test TestA seed 7\n")
	for i := range 40 {
		fmt.Fprintf(&b, "draw %d select %d %016x %016x a.TestA:%d\n", i+1, i+1, i+100, 1, i)
	}
	whole = b.String()
	fails = func(picks string) bool {
		return strings.Contains(picks, "draw 11 ") && strings.Contains(picks, "draw 30 ")
	}
	seed, pattern := uint64(7), "^TestA$"
	u := someRunner(t, nil)
	return &calmer{u: u, f: &runner.Failure{Test: "TestA", Seed: &seed, Pattern: &pattern}, tell: func(string) {}}, whole, fails
}

// run makes a run up.
func madeUpRun(t *testing.T, spec Spec, whole string, fails func(string) bool) Run {
	picks := whole
	if spec.Picks != "" {
		data, err := os.ReadFile(spec.Picks)
		if err != nil {
			t.Error(err)
		}
		picks = string(data)
	}
	if spec.Record != "" {
		if err := os.WriteFile(spec.Record, []byte(picks), 0o666); err != nil {
			t.Error(err)
		}
	}
	if !fails(picks) {
		return Run{End: testproc.Ending{OK: true}, Tests: []wire.Result{{Test: "TestA", OK: true}}}
	}
	return Run{
		End:   testproc.Ending{Status: "exit status 1", Output: "--- FAIL: TestA (0.00s)\n    a_test.go:7: it broke\n"},
		Tests: []wire.Result{{Test: "TestA"}},
	}
}

// However short the time is: what comes out fails, and is no worse than what less
// time gives. A run that the deadline cut off has not passed.
func TestCalmerIsCutAtEveryRun(t *testing.T) {
	before := 40
	for n := 2; ; n++ { // the first run is the record
		c, whole, fails := madeUp(t)
		ctx, cancel := context.WithCancel(context.Background())
		runs := 0
		c.exec = func(ctx context.Context, spec Spec) (Run, error) {
			if runs++; runs == n {
				cancel()
			}
			if ctx.Err() != nil {
				return Run{End: testproc.Ending{Cancelled: true, Status: "signal: killed"}}, nil
			}
			return madeUpRun(t, spec, whole, fails), nil
		}
		small, err := c.minimise(ctx)
		cancel()
		if err != nil {
			t.Fatalf("cut at run %d: %v", n, err)
		}
		left := small.left.Text(small.left.IDs())
		if !fails(left) || len(small.left.All) > before {
			t.Fatalf("cut at run %d: %d deviations are left, %d one run before:\n%s", n, len(small.left.All), before, left)
		}
		before = len(small.left.All)
		if small.whole {
			if before != 2 || n < 10 {
				t.Errorf("%d deviations are left after %d runs", before, n)
			}
			return
		}
		if !strings.HasSuffix(small.words, fmt.Sprintf("40 deviations from the calm run → %d (time was up; -shrink gives more)", before)) {
			t.Error(small.words)
		}
	}
}

// A run that takes too long has not passed either: neither in the search, where its
// input is left alone, nor as the proof, which nobody is accused for.
func TestCalmerAndSlowRuns(t *testing.T) {
	for _, c := range []struct {
		name string
		slow func(spec Spec, deviations int) bool
		want string
	}{
		{"small inputs", func(_ Spec, n int) bool { return n < 10 }, ""},
		{"proofs", func(spec Spec, n int) bool { return spec.Timeout > 5*time.Second && n < 40 }, "could not be ended within 20s"},
	} {
		m, whole, fails := madeUp(t)
		m.exec = func(_ context.Context, spec Spec) (Run, error) {
			if spec.Picks != "" {
				data, _ := os.ReadFile(spec.Picks)
				if c.slow(spec, strings.Count(string(data), "draw ")) {
					return Run{End: testproc.Ending{TimedOut: true}}, nil
				}
			}
			return madeUpRun(t, spec, whole, fails), nil
		}
		small, err := m.minimise(context.Background())
		switch {
		case c.want != "":
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case len(small.left.All) != 10 || !strings.Contains(small.left.Text(small.left.IDs()), "draw 11 "):
			t.Errorf("%s: %s", c.name, small.left.Text(small.left.IDs()))
		}
	}
}

// With less of the input, less of the record is met. That is no news, and no change of the code.
func TestCalmerKnowsThatRecordsAreMetInPart(t *testing.T) {
	c, whole, fails := madeUp(t)
	c.exec = func(_ context.Context, spec Spec) (Run, error) {
		run := madeUpRun(t, spec, whole, fails)
		if spec.Picks != "" {
			run.End.Output = "samerun: TestA: the record does not fit this code: 2 of its 9 deviations were met\n" + run.End.Output
		}
		return run, nil
	}
	small, err := c.minimise(context.Background())
	if err != nil || len(small.left.All) != 2 || !strings.Contains(small.run.End.Output, "it broke") || strings.Contains(small.run.End.Output, "fit this code") {
		t.Errorf("%v, %d are left, and it says\n%s", err, len(small.left.All), small.run.End.Output)
	}
}
