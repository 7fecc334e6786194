package pick

import "testing"

// Each mark is passed once, at the choice that was drawn for it, be several drawn at
// one.
func TestMarks(t *testing.T) {
	for _, length := range []uint64{1, 2, 3, 10, 1000} {
		for seed := range uint64(20) {
			const from, to = 2, 9
			m := newMarks(ScheduleKey(seed), from, to, length)
			passed := map[uint64]uint64{}
			for choice := range length {
				for m.due(choice) {
					nth := m.pass()
					if _, twice := passed[nth]; twice {
						t.Fatalf("length %d, seed %d: mark %d is passed twice", length, seed, nth)
					}
					passed[nth] = choice
				}
			}
			for nth := uint64(from); nth < to; nth++ {
				if at, ok := passed[nth]; !ok || at != ScheduleKey(seed).With(nth).Below(length) {
					t.Errorf("length %d, seed %d: mark %d is passed at %d (%v), want where it was drawn", length, seed, nth, at, ok)
				}
			}
			if len(passed) != to-from {
				t.Errorf("length %d, seed %d: %d marks are passed, want %d", length, seed, len(passed), to-from)
			}
		}
	}
}
