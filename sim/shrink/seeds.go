package shrink

import (
	"cmp"
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
	fewFaults   = 3   // faults that a person can keep in mind
	mostMutants = 600 // that are tried for each fault above that
)

// mutants looks for an input with fewer faults in the neighbourhood of one that has
// many: one or two faults less, the others earlier or later and longer, under any of
// the seeds, and in half of the tries with the whole workload. It is a search at
// random, of a failure of which nobody knows whether it can be had with less; but
// what is tried depends on nothing but a count. It is not repeated for as many faults.
func (m *minimiser) mutants() {
	if len(m.best.faults) <= fewFaults || len(m.best.faults) == m.barren || m.over() {
		return
	}
	if m.step(mostMutants, func(j int) (candidate, bool) {
		c := m.mutant(keyed.Ident("mutant").With(uint64(j)))
		return c, c.input().Schedule.Validate() == nil
	}) < 0 {
		m.barren = len(m.best.faults)
	}
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

// resample looks for the failure with half as many faults, taken at random from those
// of the input, under other seeds and with all of the workload, as long as there are
// many. A failure of a busy run often hangs by a thread: whatever is taken out alone
// moves everything else, and it does not happen. What happens under one seed in
// fifty can still be had with half of the faults, under yet another seed.
func (m *minimiser) resample() {
	if m.options.Reseed == 0 {
		return
	}
	for len(m.best.faults) > fewFaults && !m.over() {
		size := len(m.best.faults) / 2
		if !m.reseeded(mostSamples, func(j int) (candidate, bool) { return m.sample(size, keyed.Ident("sample").With(uint64(j))) }) {
			return
		}
		m.fewerFaults()
	}
}

// mostSamples is how many are tried for each size.
const mostSamples = 300

// sample is the input with some of its faults and another seed, as calm and in the
// order as the best.
func (m *minimiser) sample(size int, k keyed.Key) (candidate, bool) {
	c := m.input
	c.strategy, c.deviations, c.calm = m.best.strategy, nil, m.best.calm
	c.seed = 1 + k.Str("seed").Below(1_000)
	places := make([]int, len(c.faults))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(k.With(uint64(a)), k.With(uint64(b))) })
	places = places[:min(size, len(places))]
	slices.Sort(places)
	c.faults = chosen(c.faults, places)
	return c, len(c.faults) < len(m.best.faults)
}

// halve takes out half of the steps at a time, under other seeds, as long as there
// are many.
func (m *minimiser) halve() {
	if m.options.Reseed == 0 {
		return
	}
	for len(m.best.steps) > fewSteps && !m.over() {
		if !m.half(len(m.best.steps), func(c *candidate, kept []int) { c.steps = chosen(c.steps, kept) }) {
			return
		}
		m.fewerSteps()
	}
}

// fewSteps is from how many steps on halving them is worth the tries.
const fewSteps = 6

// half tries halves of n things: the first, the last, every second one and the
// others, and two at random.
func (m *minimiser) half(n int, keep func(c *candidate, kept []int)) bool {
	const halves = 6
	var parts [halves][]int
	for i := range n {
		in := [halves]bool{2*i < n, 2*i >= n, i%2 == 0, i%2 == 1}
		k := keyed.Ident("half").With(uint64(i))
		in[4], in[5] = k.Str("a").Chance(500_000), k.Str("b").Chance(500_000)
		for p := range parts {
			if in[p] {
				parts[p] = append(parts[p], i)
			}
		}
	}
	return m.reseeded(halves*m.options.Reseed, func(j int) (candidate, bool) {
		kept := parts[j%halves]
		c := m.best
		c.seed = uint64(j/halves) + 1
		keep(&c, kept)
		return c, len(kept) < n
	})
}

// without tries the best with something taken out under other seeds.
func (m *minimiser) without(take func(*candidate)) bool {
	if m.over() {
		return false
	}
	return m.reseeded(m.options.Reseed, func(j int) (candidate, bool) {
		c := m.best
		if c.seed = uint64(j) + 1; c.seed == m.best.seed {
			return c, false
		}
		take(&c)
		return c, true
	})
}

// mostSeeds bounds the tries under other seeds of a whole search, mutants left out.
// They are the ones that are mostly in vain.
const mostSeeds = 2_000

// reseeded is step within that bound. It counts what was proposed and not what was
// tried, which depends on the number of workers.
func (m *minimiser) reseeded(count int, at func(i int) (candidate, bool)) bool {
	count = min(count, m.seeds)
	i := m.step(count, at)
	if i >= 0 {
		count = i + 1
	}
	m.seeds -= count
	return i >= 0
}

// Reseed is the number that samerun itself gives as Options.Reseed: how many other
// seeds are tried for what the seed that failed cannot do without.
const Reseed = 60
