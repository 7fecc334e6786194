package sim

import "fmt"

// Vacuous lists, one sentence each, what the run was asked to try and did not:
// elements of the schedule that never took effect, kinds of faults asked for by
// hand or by a link's settings that never fired, and properties at which nobody
// looked. A run that tried everything has none.
//
// A chance that spared every message is listed too: a short run at a low rate
// has such. Properties of Sometimes and of Buggify are not: whether they were
// met is a question to a sweep over many seeds, for which Report.Properties has
// the counts.
func (r *Report) Vacuous() []string {
	var out []string
	for _, o := range r.Outcomes {
		if o.Fired == 0 {
			out = append(out, fmt.Sprintf("element %d of the schedule (%v) never took effect: %s", o.Index, o.Fault, o.Why))
		}
	}
	for _, c := range r.Faults {
		if c.Asked > 0 && c.Fired == 0 {
			out = append(out, fmt.Sprintf("%s was asked for by the scenario (%s) and did nothing", c.Kind, times(c.Asked)))
		}
	}
	for _, way := range r.past {
		out = append(out, "the disks of nodes do not see "+way+", so that a crash loses nothing of it")
	}
	for _, p := range r.Properties {
		if p.Checked == 0 && (p.Kind == "always" || p.Kind == "eventually") {
			out = append(out, fmt.Sprintf("property %q (%s) was stated, and never looked at", p.Name, p.Kind))
		}
	}
	return out
}

func times(n uint64) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
