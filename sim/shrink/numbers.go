package shrink

import (
	"time"

	"samerun/sim/fault"
)

// quantity is a number of the best input that can be milder or rounder.
type quantity struct {
	value  int64 // as it is, or as large as makes sense if it is unbounded
	goal   int64 // at which the least happens
	scales []scale
	// guess says that value stands for something else, so that it is not known
	// whether it fails.
	guess bool
	// with is the best with another value, if that is valid and simpler.
	with func(value int64) (candidate, bool)
}

// settle looks for the roundest value that still fails and, among those, by
// bisection one that is next to a value that does not. The predicate need not be
// monotone: every value that is accepted was tried. It reports whether it
// changed anything.
func (m *minimiser) settle(q quantity) bool {
	before := m.stats.Better
	for _, s := range q.scales {
		on := s.has(q.value) && !q.guess
		place, goal := s.floor(q.value), s.floor(q.goal)
		at := func(p int64) (candidate, bool) { return q.with(s.at(p)) }
		if !on {
			// The neighbours on this scale, that towards the goal first.
			near := [...]int64{place, place + 1}
			if q.goal > q.value {
				near = [...]int64{place + 1, place}
			}
			i := m.step(len(near), func(i int) (candidate, bool) { return at(near[i]) })
			if i < 0 {
				continue
			}
			place = near[i]
		}
		if s.at(goal) < q.goal && q.goal <= q.value {
			goal++ // the goal itself lies between two numbers
		}
		m.bisect(place, goal, at)
		break
	}
	return m.stats.Better != before
}

// bisect goes from a place that fails towards the goal.
func (m *minimiser) bisect(fails, goal int64, at func(int64) (candidate, bool)) {
	if fails == goal || m.step(1, func(int) (candidate, bool) { return at(goal) }) == 0 {
		return
	}
	for passes := goal; magnitude(fails-passes) > 1 && !m.over(); {
		m.lookAhead(fails, passes, at)
		middle := passes + (fails-passes)/2
		if m.step(1, func(int) (candidate, bool) { return at(middle) }) == 0 {
			fails = middle
		} else {
			passes = middle
		}
	}
}

// lookAhead gives idle workers what bisect may ask for next, the nearest steps
// first.
func (m *minimiser) lookAhead(fails, passes int64, at func(int64) (candidate, bool)) {
	type span struct{ fails, passes int64 }
	queue := []span{{fails, passes}}
	for i := 0; i < len(queue) && i < 4*m.workers && m.idle(); i++ {
		s := queue[i]
		if magnitude(s.fails-s.passes) <= 1 {
			continue
		}
		middle := s.passes + (s.fails-s.passes)/2
		if c, ok := at(middle); ok {
			m.start(c)
		}
		queue = append(queue, span{middle, s.passes}, span{s.fails, middle})
	}
}

// milderAll makes all numbers of the input milder and rounder, the ones that make
// a run shorter first.
func (m *minimiser) milderAll() {
	if m.tail == 0 {
		m.shorten(func(c *candidate) *time.Duration { return &c.horizon })
	}
	m.shorten(func(c *candidate) *time.Duration { return &c.quiet })
	for i := 0; i < len(m.best.faults) && !m.over(); i++ {
		m.simpler(i)
		m.lasts(i)
		m.begins(i)
		m.sizes(i)
	}
}

// shorten brings the horizon or the quiet time forward.
func (m *minimiser) shorten(of func(*candidate) *time.Duration) {
	value := *of(&m.best)
	if value == 0 {
		return
	}
	with := func(v int64) (candidate, bool) {
		c := m.best
		d := of(&c)
		old := int64(*d)
		if v <= 0 || coarseness(v) > coarseness(old) || coarseness(v) == coarseness(old) && v >= old || v > int64(fault.MaxTime) {
			return c, false
		}
		*d = time.Duration(v)
		if m.tail > 0 {
			c.horizon = c.quiet + m.tail
		}
		return c, true
	}
	m.settle(quantity{value: int64(value), goal: 1, scales: axis(), with: with})
}

// simpler leaves out what else there is to tell about element i.
func (m *minimiser) simpler(i int) {
	for {
		f := m.best.faults[i].Fault
		var forms []fault.Fault
		form := func(change func(f *fault.Fault)) {
			g := f
			change(&g)
			forms = append(forms, g)
		}
		if f.Max != 0 {
			form(func(f *fault.Fault) { f.Max, f.Shape = 0, fault.Fixed })
			form(func(f *fault.Fault) { f.Min, f.Max, f.Shape = f.Max, 0, fault.Fixed })
		}
		if f.Kind == fault.Slow {
			form(func(f *fault.Fault) { f.PPM = 0 })
			form(func(f *fault.Fault) { f.Min, f.Max = 0, 0 })
		}
		if f.Kind == fault.Torn && f.Nth > 0 {
			form(func(f *fault.Fault) { f.Kind, f.Sectors = fault.Lose, 0 })
			for n := range min(int64(8), max(f.Sectors-1, 0)+8*min(1, max(0, -f.Sectors))) {
				form(func(f *fault.Fault) { f.Sectors = n + 1 })
			}
		}
		if f.Queue != 0 {
			form(func(f *fault.Fault) { f.Queue = 0 })
		}
		if !m.stepElement(i, forms) {
			return
		}
	}
}

// end is the virtual time by which everything is over, as far as is known.
func (m *minimiser) end() time.Duration {
	switch quiet, horizon := m.best.quiet, m.best.horizon; {
	case quiet > 0 && horizon > 0:
		return min(quiet, horizon)
	case quiet > 0 || horizon > 0:
		return max(quiet, horizon)
	}
	return m.last
}

// lastOf returns when the last element ends, or one second after it begins if it
// does not. Where nothing else bounds a run, no fault is put off beyond that.
func lastOf(s fault.Schedule) time.Duration {
	last := time.Duration(0)
	for i := range s.Faults {
		f := &s.Faults[i]
		last = max(last, f.At+max(f.For, time.Second))
	}
	return min(last, fault.MaxTime)
}

// lasts makes element i shorter.
func (m *minimiser) lasts(i int) {
	f := m.best.faults[i].Fault
	info, _ := f.Kind.Info()
	if !info.Uses(fault.FieldFor) {
		return
	}
	q := quantity{value: int64(f.For), goal: int64(min(f.For, time.Millisecond)), with: m.changing(i, func(f *fault.Fault, v int64) {
		f.For = time.Duration(v)
	})}
	if f.For == 0 {
		q.value, q.guess = int64(m.end()-f.At), true
		q.goal = int64(time.Millisecond)
		if q.value < q.goal {
			return
		}
	}
	q.scales = scalesOf(q.value)
	m.settle(q)
}

// begins makes element i begin later: first with the same end, then as a whole.
func (m *minimiser) begins(i int) {
	f := m.best.faults[i].Fault
	info, _ := f.Kind.Info()
	if !info.Uses(fault.FieldAt) {
		return
	}
	if end, ends := f.End(); ends {
		m.settle(quantity{value: int64(f.At), goal: int64(end), scales: axis(), with: m.changing(i, func(f *fault.Fault, v int64) {
			f.At, f.For = time.Duration(v), max(0, end-time.Duration(v))
		})})
	}
	f = m.best.faults[i].Fault
	m.settle(quantity{value: int64(f.At), goal: int64(max(f.At, m.end())), scales: axis(), with: m.changing(i, func(f *fault.Fault, v int64) {
		f.At = time.Duration(v)
	})})
}

// sizes makes the other numbers of element i milder.
func (m *minimiser) sizes(i int) {
	for _, n := range [...]struct {
		of func(f *fault.Fault) int64
		// goal is where the least happens. That of period is where it is: a shorter
		// one is no milder than a longer one, only a rounder one is simpler.
		goal func(v int64) int64
		set  func(f *fault.Fault, v int64)
	}{
		{func(f *fault.Fault) int64 { return f.PPM }, one, func(f *fault.Fault, v int64) { f.PPM = v }},
		{func(f *fault.Fault) int64 { return int64(f.Min) }, moment, func(f *fault.Fault, v int64) { f.Min = time.Duration(v) }},
		{func(f *fault.Fault) int64 { return int64(f.Max) }, moment, func(f *fault.Fault, v int64) { f.Max = time.Duration(v) }},
		{func(f *fault.Fault) int64 { return int64(f.Period) }, itself, func(f *fault.Fault, v int64) { f.Period = time.Duration(v) }},
		{func(f *fault.Fault) int64 { return int64(f.Offset) }, moment, func(f *fault.Fault, v int64) { f.Offset = time.Duration(v) }},
		{func(f *fault.Fault) int64 { return f.Bytes }, func(int64) int64 { return mostBytes }, func(f *fault.Fault, v int64) { f.Bytes = v }},
		{func(f *fault.Fault) int64 { return int64(f.Queue) }, func(int64) int64 { return mostQueue }, func(f *fault.Fault, v int64) { f.Queue = int(v) }},
	} {
		f := m.best.faults[i].Fault
		signed := n.of(&f)
		if signed == 0 {
			continue
		}
		value := magnitude(signed)
		m.settle(quantity{value: value, goal: n.goal(value), scales: scalesOf(value), with: m.changing(i, func(f *fault.Fault, v int64) {
			if signed < 0 {
				v = -v
			}
			n.set(f, v)
		})})
	}
}

func one(int64) int64      { return 1 }
func itself(v int64) int64 { return v }

// moment is the shortest delay that is worth a thought, a microsecond.
func moment(v int64) int64 { return min(v, int64(time.Microsecond)) }

// changing returns how to make the best with another number in element i.
func (m *minimiser) changing(i int, set func(f *fault.Fault, v int64)) func(int64) (candidate, bool) {
	return func(v int64) (candidate, bool) {
		f := m.best.faults[i].Fault
		if v < 0 || v > beyond {
			return candidate{}, false
		}
		set(&f, v)
		return m.replaced(i, f)
	}
}

// beyond bounds what is put in any field; int has 32 bits on some machines, but
// the one field of that type is bounded by mostQueue.
const beyond = int64(fault.MaxTime)
