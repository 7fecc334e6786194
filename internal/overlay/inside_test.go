package overlay

import "testing"

// What stays within the process is the seed's: pipes, signals that a test sends to
// itself, and what it lets the collector of memory find.
func TestInside(t *testing.T) {
	t.Parallel()
	exe := binary(t, "inside")
	load(t)
	one := sameEveryTime(t, exe, runs(t, 2), "SAMERUN_SEED=1")
	two := sameEveryTime(t, exe, runs(t, 1), "SAMERUN_SEED=2")
	if one == two {
		t.Error("seeds 1 and 2 give the same output")
	}
}
