package shrink

import (
	"cmp"
	"slices"

	"samerun/sched"
	"samerun/sim/fault"
)

// Neighbour is an input that has one thing less than the smallest one that fails, and passes.
// What the two runs do otherwise is what that one thing is needed for.
type Neighbour struct {
	Input Input
	// One of these is what it has less.
	Fault     *fault.Fault     `json:",omitempty"`
	Deviation *sched.Deviation `json:",omitempty"`
	Step      *StepID          `json:",omitempty"`
}

// passing returns the inputs of which it is known that they pass, and that have one fault, one
// deviation or one step less than the best. The nearest one comes first: a run without the fault
// that begins last is as it was for longest, and so is one without the last deviation. Faults
// come before deviations, which say less to people.
//
// When a search has come to its end, all such inputs have been tried, whatever the number of
// workers. No more are tried for this.
func (m *minimiser) passing() (list []Neighbour) {
	faults := make([]int, len(m.best.faults))
	for i := range faults {
		faults[i] = len(faults) - 1 - i
	}
	slices.SortStableFunc(faults, func(a, b int) int { return cmp.Compare(m.best.faults[b].At, m.best.faults[a].At) })
	for _, i := range faults {
		c := m.best
		c.faults = slices.Delete(slices.Clone(c.faults), i, i+1)
		if m.passes(c) {
			f := m.best.faults[i].Fault
			list = append(list, Neighbour{Input: c.input(), Fault: &f})
		}
	}
	for i := len(m.best.deviations) - 1; i >= 0; i-- {
		c := m.best
		c.deviations = slices.Delete(slices.Clone(c.deviations), i, i+1)
		if m.passes(c) {
			d := m.best.deviations[i]
			list = append(list, Neighbour{Input: c.input(), Deviation: &d})
		}
	}
	for i := len(m.best.steps) - 1; i >= 0; i-- {
		c := m.best
		c.steps = slices.Delete(slices.Clone(c.steps), i, i+1)
		if m.passes(c) {
			s := m.best.steps[i]
			list = append(list, Neighbour{Input: c.input(), Step: &s})
		}
	}
	return list
}

// passes reports whether a candidate was tried and did not fail at all.
func (m *minimiser) passes(c candidate) bool {
	t, ok := m.known[c.identity()]
	return ok && t.done && t.verdict == Pass
}
