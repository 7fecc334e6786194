package shrink

import (
	"slices"
	"time"

	"samerun/internal/keyed"
	"samerun/sim/fault"
)

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
	m.mutants()
}

const (
	fewFaults   = 3     // faults that a person can keep in mind
	mostMutants = 2_000 // that are tried for each fault above that
)

// mutants looks for an input with fewer faults in the neighbourhood of one that has
// many: one or two faults less, the others earlier or later and longer, under any of
// the seeds, and in half of the tries with the whole workload. It is a search at random, of a failure of which nobody knows whether it can
// be had with less; but what is tried depends on nothing but a count.
func (m *minimiser) mutants() {
	if len(m.best.faults) <= fewFaults || m.over() {
		return
	}
	m.step(mostMutants, func(j int) (candidate, bool) {
		c := m.mutant(keyed.Ident("mutant").With(uint64(j)))
		return c, c.input().Schedule.Validate() == nil
	})
}

func (m *minimiser) mutant(k keyed.Key) candidate {
	c := m.best
	c.faults = slices.Clone(c.faults)
	for n := range 1 + k.Str("fewer").Below(2) {
		gone := int(k.Str("gone").With(n).Below(uint64(len(c.faults))))
		c.faults = slices.Delete(c.faults, gone, gone+1)
	}
	if k.Str("all").Chance(500_000) {
		c.steps, c.sizes, c.quiet, c.horizon = m.input.steps, m.input.sizes, m.input.quiet, m.input.horizon
	}
	c.seed = 1 + k.Str("seed").Below(uint64(m.options.Reseed))
	end := m.end()
	if c.quiet > 0 {
		end = c.quiet
	}
	for i, e := range c.faults {
		k := k.With(uint64(i))
		info, _ := e.Kind.Info()
		if !info.Uses(fault.FieldAt) || e.Boot > 0 || k.Str("same").Chance(500_000) {
			continue
		}
		f := e.Fault
		shift := time.Duration(k.Str("shift").Between(-int64(end)/2, int64(end)/2))
		f.At = min(max(0, f.At+shift.Round(time.Millisecond)), end)
		if info.Uses(fault.FieldFor) && f.For > 0 {
			f.For = min(f.For<<k.Str("longer").Below(3), end)
		}
		c.faults[i] = newElement(f)
	}
	return c
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
