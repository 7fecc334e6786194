package overlay

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// A new goroutine goes before the next step of the one that started it on some seeds, with
// each kind of strategy, not in the calm run, and never if goroutines are to begin late.
func TestTheNewOneGoesFirst(t *testing.T) {
	exe := binary(t, "gofirst")
	for _, test := range []string{"TestWithoutLocks", "TestOfWaitGroup", "TestWithLock"} {
		for _, c := range []struct {
			name  string
			env   []string
			first uint64
			some  bool
		}{
			{"walk", nil, 1, true},
			{"random", []string{"SAMERUN_STRATEGY=random"}, 1, true},
			{"pct", []string{"SAMERUN_STRATEGY=pct:2:16"}, 1, true},
			{"calm", []string{"SAMERUN_STRATEGY=fifo"}, 0, false},
			{"late", []string{"SAMERUN_GO=late"}, 1, false},
			{"late pct", []string{"SAMERUN_GO=late", "SAMERUN_STRATEGY=pct:2:16"}, 1, false},
		} {
			t.Run(test+" "+c.name, func(t *testing.T) {
				t.Parallel()
				var failed atomic.Int64
				for seed := c.first; seed < c.first+40 && (failed.Load() == 0 || !c.some); seed++ {
					if _, _, code := run(t, exe, "^"+test+"$", append(c.env, fmt.Sprintf("SAMERUN_SEED=%d", seed))...); code != 0 {
						failed.Add(1)
					}
				}
				if (failed.Load() > 0) != c.some {
					t.Errorf("%d seeds fail", failed.Load())
				}
			})
		}
	}
}
