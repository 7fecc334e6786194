package shrink

import (
	"fmt"
	"time"

	"samerun/internal/text"
)

// Words says what a minimiser came to: "minimised in 910ms: 41 faults → 2, 30 steps →
// 1, 6112 events → 118". The numbers of events are those of the runs before and
// after.
func (r *Result) Words(before, after uint64) string {
	words := fmt.Sprintf("minimised in %v", r.Stats.Time.Round(10*time.Millisecond))
	if !r.Minimal {
		words += ", and not to the end"
	}
	words += ": "
	for _, c := range [...]struct {
		noun          string
		before, after int
	}{
		{"fault", r.Stats.Before.Faults + r.Stats.Mishaps, r.Stats.After.Faults},
		{"step", r.Stats.Before.Steps, r.Stats.After.Steps},
		{"deviation", r.Stats.Before.Deviations, r.Stats.After.Deviations},
	} {
		if c.before > 0 || c.after > 0 {
			words += fmt.Sprintf("%s → %d, ", text.Count(c.before, c.noun), c.after)
		}
	}
	return words + fmt.Sprintf("%d events → %d", before, after)
}
