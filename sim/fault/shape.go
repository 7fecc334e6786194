package fault

import (
	"time"

	"samerun/internal/keyed"
	"samerun/internal/overlay/leaf/shape"
)

// Draw returns the delay that the key decides, a hash, in [shortest, longest]; of
// the key 0, by which nothing is left to chance, it is the median. If longest is not above shortest, the answer is
// shortest.
//
//   - Fixed is always the shortest.
//   - Uniform is any delay with equal chances.
//   - Exponential has its mean a quarter of the way. It is the exponential
//     distribution cut at the longest, so that nothing heaps up there.
//   - LongTail is uniform in the first sixteenth of the way 95 times in 100. The
//     other 5 are a Pareto tail (the chance of a delay falls with its square)
//     from there to the longest.
//
// All in whole numbers, so that every CPU agrees.
func (s Shape) Draw(key uint64, shortest, longest time.Duration) time.Duration {
	if s == Fixed || longest <= shortest {
		return shortest
	}
	span, k := uint64(longest-shortest), keyed.Key(key)
	if s == Uniform {
		return shortest + time.Duration(k.Below(span+1))
	}
	u := k.Below(1<<63) << 1
	if s == Exponential {
		return shortest + time.Duration(shape.Exponential(u, span))
	}
	return shortest + time.Duration(shape.LongTail(u, span))
}
