package shrink

import (
	"slices"

	"samerun/sim/fault"
)

// An element that strikes by chance says little: which of a hundred messages it was that
// mattered. What it did can be written down, stroke by stroke, and most strokes can go.

// resolve puts the strokes of elements that leave something to chance in their place, as
// far as the failure is the same, and takes out those that do not matter. An element is
// resolved once, since its strokes leave nothing to chance.
func (m *minimiser) resolve() {
	if m.options.Resolve == nil || m.over() || !slices.ContainsFunc(m.best.faults, byChance) {
		return
	}
	hits := m.options.Resolve(m.best.input())
	before := m.stats.Better
	// From the last on, so that the places of the others stay what they are.
	for i := len(m.best.faults) - 1; i >= 0 && !m.over(); i-- {
		if !byChance(m.best.faults[i]) {
			continue
		}
		c, strokes := m.best.resolved(i, hits)
		if strokes == 0 || strokes > mostMishaps || len(c.faults) > fault.MaxFaults {
			continue
		}
		if m.step(1, func(int) (candidate, bool) { return c, c.input().Schedule.Validate() == nil }) == 0 {
			m.stats.Mishaps += strokes - 1
		}
	}
	if m.stats.Better != before {
		m.fewerFaults()
	}
}

// byChance says whether an element strikes some messages and spares others.
func byChance(e element) bool {
	return e.PPM > 0 && e.PPM < fault.Million && e.Nth == 0 && e.Kind != fault.Unsynced
}

// resolved is the candidate with what element i has done in its place, and how much that is.
func (c candidate) resolved(i int, hits []Hit) (candidate, int) {
	var strokes []element
	for _, h := range hits {
		if h.Index == i {
			strokes = append(strokes, newElement(h.Message))
		}
	}
	c.faults = slices.Concat(c.faults[:i], strokes, c.faults[i+1:])
	return c, len(strokes)
}
