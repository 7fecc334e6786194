package proptest

import (
	"cmp"
	"slices"
	"time"

	"pgregory.net/rapid"

	"samerun/sim/fault"
)

// Schedules generates schedules of faults. The smallest is the one without
// faults; a fault shrinks towards an earlier, shorter and milder one of an
// earlier kind, and each can be taken out by itself. What a fault leaves to
// chance during a run is keyed by its content, so that the others stay the same.
//
// Half of the schedules have up to five faults, and about every fifth has half of
// the budget or more. An option that is wrong fails the test when the generator is
// drawn from.
func Schedules(options ...Option) *rapid.Generator[fault.Schedule] {
	s := settle(options)
	return rapid.Custom(func(t *rapid.T) fault.Schedule {
		if s.problem != "" {
			roll(t) // rapid wants a draw from every generator
			t.Fatalf("%s", s.problem)
		}
		faults := list(t, s.budget, s.fault)
		slices.SortStableFunc(faults, func(a, b fault.Fault) int { return cmp.Compare(a.At, b.At) })
		return fault.Schedule{Faults: s.keepUp(faults), Quiet: s.quiet}
	})
}

// keepUp leaves out the faults that would take down more nodes at a time than
// allowed. The earlier ones stay.
func (s *settings) keepUp(faults []fault.Fault) []fault.Fault {
	var down []fault.Fault // those that stay
	return slices.DeleteFunc(faults, func(f fault.Fault) bool {
		if !goesDown(f.Kind) {
			return false
		}
		// At this moment, the latest beginning, as many are down as ever while f lasts
		// together with those before it.
		others := map[string]bool{f.Nodes[0]: true}
		for _, g := range down {
			if end, ends := g.End(); !ends || end >= f.At {
				others[g.Nodes[0]] = true
			}
		}
		if len(others) > s.maxDown {
			return true
		}
		down = append(down, f)
		return false
	})
}

// dice are the rolls of which a fault is made: always the same number, whatever
// the kind, so that rapid can change the kind and leave the rest alone.
type dice struct {
	when  int // of sides*sides
	long  int
	who   int
	whom  int
	hard  int
	some  int
	shape int
}

// fault draws one fault.
func (s *settings) fault(t *rapid.T) fault.Fault {
	kind := s.kinds[choose(roll(t), len(s.kinds))]
	d := dice{when: roll(t) * sides}
	d.when += roll(t)
	d.long, d.who, d.whom, d.hard, d.some, d.shape = roll(t), uniform(t, len(s.names)), roll(t), roll(t), roll(t), roll(t)
	f := fault.Fault{Kind: kind}
	info, _ := kind.Info()
	s.aim(&f, info, d)
	if info.Uses(fault.FieldAt) {
		s.time(&f, info, d)
	}
	s.strength(&f, info, d)
	if info.Group == fault.Picks || info.Group == fault.Sockets && info.Uses(fault.FieldNth) {
		n := uint64(d.when / sides)
		f.Nth = 1 + n*n/sides // early messages more often: they exist
		f.At, f.For = 0, 0    // it is whenever that one comes
	}
	if info.Uses(fault.FieldDir) {
		f.Dir = fault.Dir(choose(d.some, 3))
		if methods := len(s.methods); methods > 0 {
			// In half of the cases every method.
			if i := choose(d.shape, 2*methods) - methods; i >= 0 {
				f.Method = s.methods[i]
			}
		}
	}
	return f
}

// time fills in when the fault begins and how long it lasts.
func (s *settings) time(f *fault.Fault, info fault.Info, d dice) {
	// In two steps, because a product could overflow.
	unit := s.quiet / (sides * sides)
	f.At = unit * time.Duration(d.when)
	if s.quiet >= time.Second {
		f.At -= f.At % time.Millisecond
	}
	if !info.Uses(fault.FieldFor) {
		return
	}
	lengths := ladder(int64(time.Millisecond), int64(s.quiet))
	f.For = time.Duration(lengths[choose(d.long, len(lengths))])
	switch f.Kind {
	case fault.Flapping, fault.Swizzle:
		f.For = max(f.For, 4*time.Millisecond)
		f.Period = f.For / 4
	}
	if f.At+f.For >= s.quiet {
		f.For = 0 // until quiet
	}
}

// aim fills in whom the fault befalls.
func (s *settings) aim(f *fault.Fault, info fault.Info, d dice) {
	n := len(s.names)
	switch {
	case f.Kind == fault.Split || f.Kind == fault.Ring || f.Kind == fault.Bridge || f.Kind == fault.Swizzle:
		f.Nodes = s.names
	case f.Kind == fault.Partition || f.Kind == fault.Flapping:
		f.Nodes, _ = s.halves(d)
	case f.Kind == fault.OneWay:
		f.From, f.To = s.halves(d)
		if choose(d.some, 2) == 1 {
			f.From, f.To = f.To, f.From
		}
	case info.Uses(fault.FieldFrom):
		f.From = s.names[d.who : d.who+1]
		// A fifth of them concern all links from the node.
		if d.whom < sides*4/5 || n == 2 || info.Group == fault.Picks {
			to := (d.who + 1 + d.whom*7%(n-1)) % n
			f.To = s.names[to : to+1]
		} else {
			f.To = s.names
		}
	default:
		f.Nodes = s.names[d.who : d.who+1]
	}
}

// halves draws at most half of the nodes, at least one, and the others.
func (s *settings) halves(d dice) (few, others []string) {
	n := len(s.names)
	size := 1 + choose(d.whom, n/2)
	step := 1 + choose(d.shape, n-1)
	in := make([]bool, n)
	for i := d.who; size > 0; size-- {
		for in[i] {
			i = (i + 1) % n
		}
		in[i] = true
		i = (i + step) % n
	}
	for i, name := range s.names {
		if in[i] {
			few = append(few, name)
		} else {
			others = append(others, name)
		}
	}
	return few, others
}

// strength fills in how hard the fault is: d.hard counts upwards.
func (s *settings) strength(f *fault.Fault, info fault.Info, d dice) {
	pick := func(low, high int64) int64 {
		steps := ladder(low, high)
		return steps[choose(d.hard, len(steps))]
	}
	plusOrMinus := int64(1 - 2*choose(d.some, 2))
	if info.Uses(fault.FieldPPM) {
		switch f.Kind {
		case fault.Drift:
			f.PPM = plusOrMinus * pick(50, 200_000)
		case fault.Slow:
			f.PPM = pick(100_000, 10*fault.Million)
		default:
			f.PPM = pick(1_000, fault.Million)
		}
	}
	if info.Uses(fault.FieldMin) && f.Kind != fault.Slow {
		f.Min = time.Duration(pick(int64(time.Millisecond), max(int64(time.Millisecond), int64(s.quiet/4))))
	}
	if info.Uses(fault.FieldShape) {
		f.Shape = fault.Shape(choose(d.shape, 4))
	}
	if info.Uses(fault.FieldMax) && f.Kind != fault.Slow && (f.Shape != fault.Fixed || f.Kind != fault.Latency) {
		f.Max = 4 * f.Min
	}
	if info.Uses(fault.FieldBytes) && f.Kind != fault.Short { // of that, bytes is about one write
		f.Bytes = 1_000_000 / pick(1, 10_000) // fewer bytes are harder
	}
	if info.Uses(fault.FieldOffset) {
		f.Offset = time.Duration(plusOrMinus * pick(int64(time.Millisecond), max(int64(time.Millisecond), int64(s.quiet/2))))
	}
}
