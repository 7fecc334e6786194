package shrink

import "slices"

// ddmin looks for a small part of a list of n items, and returns the places of
// what it keeps, ascending. keep takes the first of count parts that fails, as
// step does.
//
// It is delta debugging as Zeller and Hildebrandt describe it ("Simplifying and
// Isolating Failure-Inducing Input", IEEE TSE 2002), with the complements only:
// the list is cut in chunks, and each is left out in turn. When one can be, the
// round goes on behind it; when none can be, the chunks become half as long. A
// last round leaves out single items, until none can be: the result is 1-minimal,
// whatever the predicate. At least `least` items stay.
func ddmin(n, least int, keep func(count int, part func(i int) []int) int) []int {
	kept := make([]int, n)
	for i := range kept {
		kept[i] = i
	}
	// Many failures need nothing of the list at all.
	if least == 0 && n > 0 && keep(1, func(int) []int { return nil }) == 0 {
		return nil
	}
	chunks, from := 2, 0
	for len(kept) > max(1, least) {
		chunks = min(chunks, len(kept))
		without := func(i int) []int {
			i = (from + i) % chunks
			begin, end := i*len(kept)/chunks, (i+1)*len(kept)/chunks
			return slices.Concat(kept[:begin], kept[end:])
		}
		i := keep(chunks, without)
		switch {
		case i >= 0:
			at := (from + i) % chunks
			kept = without(i)
			chunks = max(2, chunks-1)
			from = at % chunks
		case chunks == len(kept):
			return kept
		default:
			chunks, from = 2*chunks, 0
		}
	}
	return kept
}

// fewerFaults takes out elements of the schedule.
func (m *minimiser) fewerFaults() {
	base := m.best
	ddmin(len(base.faults), 0, func(count int, part func(i int) []int) int {
		return m.step(count, func(i int) (candidate, bool) {
			c := base
			c.faults = chosen(base.faults, part(i))
			return c, true
		})
	})
}

// fewerSteps takes out steps of workloads.
func (m *minimiser) fewerSteps() {
	m.fewerStepsInTime()
	m.fewerStepsByNumber()
	base := m.best
	ddmin(len(base.steps), 0, func(count int, part func(i int) []int) int {
		return m.step(count, func(i int) (candidate, bool) {
			c := base
			c.steps = chosen(base.steps, part(i))
			return c, true
		})
	})
}

// fewerDeviations takes out deviations.
func (m *minimiser) fewerDeviations() {
	base := m.best
	ddmin(len(base.deviations), 0, func(count int, part func(i int) []int) int {
		return m.step(count, func(i int) (candidate, bool) {
			c := base
			c.deviations = chosen(base.deviations, part(i))
			return c, true
		})
	})
}
