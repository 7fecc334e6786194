package shrink

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"samerun/sim/fault"
)

// errCut is the deadline of these tests: it comes with a try, not with a clock.
var errCut = errors.New("the time is over")

// weight is how much an input has, which a longer search must not make more.
func weight(in Input) int { return len(in.Schedule.Faults) + len(in.Steps) + len(in.Deviations) }

// However short the time is, what comes out fails, is proven, accuses nobody, and is
// no worse than what less time gives.
func TestCutAtEveryTry(t *testing.T) {
	in := planted(1, 12, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}})
	for i := range 6 {
		in.Steps = append(in.Steps, StepID{"a", i})
	}
	fails := func(in Input) bool { return splitBrain(in) && len(in.Steps) > 0 }
	for _, workers := range []int{1, 3} {
		before := weight(in)
		for n := int64(1); ; n++ {
			ctx, cancel := context.WithCancelCause(context.Background())
			var tries, proofs atomic.Int64
			verdict := func(in Input) Verdict {
				if fails(in) {
					return Same
				}
				return Pass
			}
			r, err := Minimise(ctx, in, func(in Input) Verdict {
				if tries.Add(1) >= n {
					cancel(errCut)
					return Unknown // as one whose process was killed
				}
				return verdict(in)
			}, Options{Workers: workers, Nodes: nodes(5), Prove: func(in Input) Verdict {
				proofs.Add(1)
				return verdict(in)
			}})
			cancel(nil)
			after := weight(r.Input)
			switch {
			case err != nil:
				t.Fatalf("%d workers, cut at try %d: %v", workers, n, err)
			case !fails(r.Input):
				t.Fatalf("%d workers, cut at try %d: the result does not fail: %s", workers, n, inFull(r.Input))
			case workers == 1 && after > before:
				t.Fatalf("cut at try %d: %d, and %d one try before", n, after, before)
			case r.Minimal != (r.Stopped == nil):
				t.Fatalf("%d workers, cut at try %d: minimal %v, stopped %v", workers, n, r.Minimal, r.Stopped)
			case n > 1 && r.Stats.Better > 0 && (!r.Verified || proofs.Load() != 1):
				t.Fatalf("%d workers, cut at try %d: verified %v by %d proofs", workers, n, r.Verified, proofs.Load())
			}
			before = after
			if r.Minimal {
				if n < 50 {
					t.Fatalf("%d workers: all was done in %d tries: that tests nothing", workers, n)
				}
				break
			}
		}
	}
}

// A proof that is cut short proves nothing, and is no accusation. One that passes is.
func TestCutProof(t *testing.T) {
	in := planted(1, 5, fault.Fault{Kind: fault.Isolate, Nodes: []string{"n1"}})
	for _, c := range []struct {
		proof Verdict
		good  bool
	}{{Same, true}, {Unknown, true}, {Pass, false}, {Other, false}} {
		r, err := Minimise(context.Background(), in, func(Input) Verdict { return Same }, Options{Prove: func(Input) Verdict { return c.proof }})
		if (err == nil) != c.good || r.Verified != (c.proof == Same) || weight(r.Input) >= weight(in) {
			t.Errorf("%v: verified %v, %v", c.proof, r.Verified, err)
		}
	}
	// An input whose run does not come to its end has not passed.
	if _, err := Minimise(context.Background(), in, func(Input) Verdict { return Unknown }, Options{}); err == nil || err.Error() != "the run of the input was cut short before it failed; give it more time" {
		t.Error(err)
	}
}
