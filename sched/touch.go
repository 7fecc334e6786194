package sched

import (
	"math"
	"reflect"

	"samerun/clock"
)

// Access is how a turn touches something that tasks share; see Touch.
type Access uint8

// The ways to touch a thing. Two turns that touch one thing in the same way commute if
// it is ToRead or ToAdd, and in all other cases their order may matter.
const (
	ToRead  Access = iota + 1 // looks, and changes nothing
	ToAdd                     // changes it so that only the sum of such changes matters, as a counter
	ToWrite                   // any other change
)

// Touch says that the present turn of the calling task touches x, which tasks of other
// groups touch too. An exhaustive search that leaves orders out (ExhaustiveOptions.DPOR) has
// to know this of variables that tasks of several groups share: what tasks share by means
// of this package, such as a Mutex or a Chan, it sees by itself.
//
// x names the thing: a pointer to it, or a string or a number that stands for it. nil stands
// for everything: the order of this turn and of any other matters. Without such a search
// Touch does nothing.
func Touch(x any, how Access) { current("Touch").s.Touch(x, how) }

// Touch is the package's Touch for those who have the scheduler in hand. In an event it
// does nothing, because no task has a turn then.
func (s *Scheduler) Touch(x any, how Access) {
	if s.foot != nil && !s.over {
		s.foot.touch(x, how)
	}
	if s.onTouch != nil && x != nil && !s.over {
		s.onTouch(s.Current(), x)
	}
}

// watchTurns lets f know what turns touch from now on.
func (s *Scheduler) watchTurns(f *footprint) {
	if s.foot != nil {
		return
	}
	s.foot = f
	s.clk.Observe(func(x clock.Change) {
		switch x.What {
		case clock.Scheduled:
			s.Touch(instant{x.At, x.Tie}, ToWrite)
		case clock.ContextUsed:
			s.Touch("contexts", ToWrite)
		default:
			s.Touch(nil, ToWrite)
		}
	})
}

// footprint collects what the turns of one run touch.
//
// Invariant: cur is the turn in progress, nil between turns and while events fire.
type footprint struct {
	numbers map[any]uint64
	cur     *turn
	joining uint64 // a thing; see join
	holds   map[hold]int
}

func (f *footprint) touch(x any, how Access) {
	f.count(x, how, 0, math.MaxInt)
}

// count is touch for a WaitGroup that is counted down.
func (f *footprint) count(x any, how Access, minus, left int) {
	if f.cur == nil {
		return
	}
	thing, ok := f.number(x) // also if it touches everything, because later turns may touch x
	switch {
	case !ok:
		f.cur.all = true
	case !f.cur.all:
		f.cur.add(touched{thing, how, minus, left})
	}
}

// number is the number of a thing; ok is false if it cannot be told apart from others.
func (f *footprint) number(x any) (thing uint64, ok bool) {
	switch x := x.(type) {
	case nil:
		return 0, false
	case string:
		return named | identOf("string").Str(x).Uint64(), true
	case groupThing:
		return named | identOf("group").With(uint64(x)).Uint64(), true
	case instant:
		return named | identOf("instant").With(uint64(x.at)).With(x.tie).Uint64(), true
	}
	switch v := reflect.ValueOf(x); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return named | identOf("number").With(uint64(v.Int())).Uint64(), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return named | identOf("number").With(v.Uint()).Uint64(), true
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
	default:
		return 0, false
	}
	n, known := f.numbers[x]
	if !known {
		n = uint64(len(f.numbers)) + 1
		f.numbers[x] = n
	}
	return n, true
}

// join says that the tasks that are woken until it is called again with nil owe this to all
// turns of the phase that have added to x, and not just to the last of them.
func (f *footprint) join(x any) {
	f.joining = 0
	if x != nil {
		f.joining, _ = f.number(x)
	}
}

// counts is Touch for a WaitGroup that is counted down.
func (s *Scheduler) counts(g *WaitGroup, minus, left int) {
	if s.foot != nil && !s.over {
		s.foot.count(g, ToAdd, minus, left)
	}
}

func (s *Scheduler) join(x any) {
	if s.foot != nil && !s.over {
		s.foot.join(x)
	}
}

// hold says that a task has an RWMutex for reading.
type hold struct {
	m *RWMutex
	t uint64
}

// reads notes that a task takes an RWMutex for reading.
func (s *Scheduler) reads(m *RWMutex, t *Task) {
	if s.foot != nil {
		s.foot.holds[hold{m, t.ID()}]++
	}
}

// hasRead says that a task gives back an RWMutex that it has taken for reading itself. Then
// there is no order in which nobody has it.
func (s *Scheduler) hasRead(m *RWMutex, t *Task) bool {
	if s.foot == nil {
		return true
	}
	h := hold{m, t.ID()}
	if s.foot.holds[h] == 0 {
		return false
	}
	s.foot.holds[h]--
	return true
}
