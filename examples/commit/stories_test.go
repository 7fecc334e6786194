package commit

import "testing"

// The story of each failure has the events that a reader needs to find the bug.
func TestStories(t *testing.T) {
	example.Stories(t, map[Bug][]string{
		DecisionForgotten: {"Decide #1  ID:27 Commit:true", "c  crashes (boot 1)", "c  starts again (boot 2)", "decisions last"},
		UnilateralAbort:   {"Prepare reply #1, after 167.789ms  Yes:true", "Decide #1 cut off  ID:24 Commit:true", "Outcome reply #1 cut off  Known:true Commit:true", "atomic commit"},
		SilenceIsConsent:  {"Prepare #1 cut off", "Prepare reply #1  Yes:true", "Decide #1 sent  ID:3 Commit:true", "no commit against a no"},
	})
}
