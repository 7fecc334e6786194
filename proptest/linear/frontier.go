package linear

import (
	"cmp"
	"math/bits"
	"slices"
)

// sequence is a history of one part together with the machine that must explain
// it. States are of a type that == compares.
type sequence[K comparable] struct {
	start K
	// step does operation i. It says whether the answer is right.
	step func(s K, i int) (after K, ok bool)
	ops  []span
}

// span is what the search must know of an operation beside what it does.
type span struct {
	call, end int64 // never is the end of one that was not answered
	// class is the same for unanswered operations that do the same.
	class int
	// pure says that an operation with this answer changes no state.
	pure bool
}

// frontier searches for an order by going through the calls and answers once, and
// keeping all configurations that explain what came so far. An operation takes place
// only when an answer makes it necessary, or if it changes nothing as soon as it
// can. That is the search of Wing and Gong ("Testing and verifying concurrent
// objects", JPDC 1993) in the breadth-first, just-in-time form of Lowe ("Testing
// for linearizability", CCPE 2017), with one addition: of two configurations that
// differ in nothing but that one has used up more unanswered operations, that one
// is dropped. Whatever may follow it may also follow the other, because an
// unanswered operation never has to take place.
//
// What it needs grows with the number of configurations, which is bounded by what
// overlaps, and not with the length of the history. Until the first answer that
// leaves no configuration there is an order. That answer need not be the one to
// blame: of operations that were called before it, the search knows the answers
// that they got later.
//
// Invariants: slots holds the operations that are called and not yet answered, by
// bit; open holds the classes of which an unanswered operation was called, count
// says of how many, and sample is one of them.
type frontier[K comparable] struct {
	sequence[K]
	effort *effort
	now    *configurations[K]
	slots  [64]int
	busy   uint64
	open   []int
	count  []int
	sample []int
}

// configuration is one way in which everything so far may have taken place.
//
// Invariants: used is sorted, and never changed; done has no bits but those of busy
// slots.
type configuration[K comparable] struct {
	state   K
	done    uint64 // the slots of the operations that took place
	used    []int  // the classes of the unanswered ones that did, one entry for each
	dropped bool
}

// configurations holds those of which none makes another superfluous.
type configurations[K comparable] struct {
	all []configuration[K] // in the order of arrival, with those dropped later
	at  map[configurationKey[K]][]int
	// effort is made by comparing, too, when there are many.
	effort *effort
}

type configurationKey[K comparable] struct {
	state K
	done  uint64
}

func newConfigurations[K comparable](e *effort) *configurations[K] {
	return &configurations[K]{at: map[configurationKey[K]][]int{}, effort: e}
}

// add keeps a configuration, unless one is there that is as good.
func (s *configurations[K]) add(c configuration[K]) {
	k := configurationKey[K]{c.state, c.done}
	same := s.at[k]
	s.effort.steps -= len(same) * (8 + len(c.used)) / 64
	for _, i := range same {
		if contains(c.used, s.all[i].used) {
			return
		}
	}
	kept := same[:0]
	for _, i := range same {
		if contains(s.all[i].used, c.used) {
			s.all[i].dropped = true
		} else {
			kept = append(kept, i)
		}
	}
	s.at[k] = append(kept, len(s.all))
	s.all = append(s.all, c)
}

// contains says whether a sorted list has all entries of another one, each as
// often.
func contains(list, part []int) bool {
	if len(part) > len(list) {
		return false
	}
	i := 0
	for _, x := range part {
		for i < len(list) && list[i] < x {
			i++
		}
		if i == len(list) || list[i] != x {
			return false
		}
		i++
	}
	return true
}

// run returns the place in ops of the operation whose answer leaves no
// configuration, and -1 if there is none. If the effort is done before, it has found out
// nothing, and e.done says so.
func (s sequence[K]) run(e *effort) (bad int) {
	classes := 0
	for _, op := range s.ops {
		classes = max(classes, op.class+1)
	}
	f := &frontier[K]{sequence: s, effort: e, now: newConfigurations[K](e), count: make([]int, classes), sample: make([]int, classes)}
	for i := range f.slots {
		f.slots[i] = -1
	}
	f.now.add(configuration[K]{state: s.start})
	for _, m := range s.moments() {
		switch {
		case e.done:
			return -1
		case m < 0:
			if !f.answer(^m) && !e.done {
				return ^m
			}
		case s.ops[m].end == never:
			f.unanswered(m)
		default:
			f.call(m)
		}
	}
	return -1
}

// moments returns the operations in the order of their calls and answers; those of
// answers are inverted.
func (s sequence[K]) moments() []int {
	type moment struct {
		at int64
		op int
	}
	var all []moment
	for i, op := range s.ops {
		all = append(all, moment{op.call, i})
		if op.end != never {
			all = append(all, moment{op.end, ^i})
		}
	}
	slices.SortFunc(all, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	order := make([]int, len(all))
	for i, m := range all {
		order[i] = m.op
	}
	return order
}

// call notes an operation that will be answered.
func (f *frontier[K]) call(op int) {
	slot := bits.TrailingZeros64(^f.busy)
	if slot == len(f.slots) {
		f.effort.done = true
		return
	}
	f.slots[slot] = op
	f.busy |= 1 << slot
	if !f.ops[op].pure {
		return
	}
	before := f.now
	f.now = newConfigurations[K](f.effort)
	for _, c := range before.all {
		if !c.dropped {
			f.now.add(f.look(c))
		}
	}
}

// unanswered notes an operation that may take place from now on.
func (f *frontier[K]) unanswered(op int) {
	c := f.ops[op].class
	if f.count[c]++; f.count[c] == 1 {
		f.open = append(f.open, c)
		f.sample[c] = op
	}
}

// do is step, and counts it.
func (f *frontier[K]) do(s K, op int) (K, bool) {
	if f.effort.steps--; f.effort.steps < 0 {
		f.effort.done = true
		return s, false
	}
	return f.step(s, op)
}

// look lets all operations take place that can and change nothing: an order in
// which they do so later remains one if they do it now.
func (f *frontier[K]) look(c configuration[K]) configuration[K] {
	for rest := f.busy &^ c.done; rest != 0; rest &= rest - 1 {
		slot := bits.TrailingZeros64(rest)
		if op := f.slots[slot]; f.ops[op].pure {
			if _, ok := f.do(c.state, op); ok {
				c.done |= 1 << slot
			}
		}
	}
	return c
}

// answer lets an operation take place in each configuration in which it has not,
// after any others that it may need, and says whether there is one in which it
// can.
func (f *frontier[K]) answer(op int) bool {
	slot := slices.Index(f.slots[:], op)
	bit := uint64(1) << slot
	work, after := f.now, newConfigurations[K](f.effort)
	next := func(c configuration[K]) {
		if c = f.look(c); c.done&bit == 0 {
			work.add(c)
			return
		}
		c.done &^= bit
		after.add(c)
	}
	for i := 0; i < len(work.all) && !f.effort.done; i++ {
		c := work.all[i]
		if c.dropped {
			continue
		}
		if c.done&bit != 0 {
			c.done &^= bit
			after.add(c)
			continue
		}
		for rest := f.busy &^ c.done; rest != 0; rest &= rest - 1 {
			other := bits.TrailingZeros64(rest)
			if f.ops[f.slots[other]].pure {
				continue // it would have taken place
			}
			if s, ok := f.do(c.state, f.slots[other]); ok {
				next(configuration[K]{state: s, done: c.done | 1<<other, used: c.used})
			}
		}
		for _, class := range f.open {
			at, _ := slices.BinarySearch(c.used, class)
			n := at
			for n < len(c.used) && c.used[n] == class {
				n++
			}
			if n-at == f.count[class] {
				continue
			}
			if s, ok := f.do(c.state, f.sample[class]); ok && s != c.state {
				used := make([]int, 0, len(c.used)+1)
				used = append(append(append(used, c.used[:at]...), class), c.used[at:]...)
				next(configuration[K]{state: s, done: c.done, used: used})
			}
		}
	}
	if f.effort.states -= len(work.all); f.effort.states < 0 {
		f.effort.done = true
	}
	f.busy &^= bit
	f.slots[slot] = -1
	f.now = after
	return len(after.all) > 0
}
