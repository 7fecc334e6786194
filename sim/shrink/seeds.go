package shrink

import "slices"

// A seed decides what a program draws for itself: time-outs, think times. Under the
// seed that was found, a failure may need a fault that only makes up for a time-out
// which was drawn too long. So for each element that cannot go, it is looked whether
// it can go under another seed. The seeds are small ones, always the same, so that
// the result depends on nothing but the input.

// otherSeeds takes out faults, and then steps, under other seeds. Each that goes is
// followed by all other phases, which may find more that can go now.
func (m *minimiser) otherSeeds() {
	if m.options.Reseed == 0 {
		return
	}
	for i := range m.best.faults {
		if m.without(func(c *candidate) { c.faults = slices.Delete(slices.Clone(c.faults), i, i+1) }) {
			return
		}
	}
	for size := len(m.best.steps) / 2; size > 0; size /= 2 {
		for from := 0; from+size <= len(m.best.steps); from += size {
			if m.without(func(c *candidate) { c.steps = slices.Delete(slices.Clone(c.steps), from, from+size) }) {
				return
			}
		}
	}
}

// without tries the best with something taken out under other seeds.
func (m *minimiser) without(take func(*candidate)) bool {
	if m.over() {
		return false
	}
	return m.step(m.options.Reseed, func(j int) (candidate, bool) {
		c := m.best
		if c.seed = uint64(j) + 1; c.seed == m.best.seed {
			return c, false
		}
		take(&c)
		return c, true
	}) >= 0
}
