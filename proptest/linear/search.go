package linear

import (
	"reflect"

	"github.com/anishathalye/porcupine"
)

// verdict is what is known of one part of a history. If it is illegal, bad is an
// operation before whose answer all is explained, nil if none is known.
type verdict[In, Out any] struct {
	result porcupine.CheckResult
	bad    *operation[In, Out]
}

// judge decides on one part: directly where the model has a way, else by going
// through it with all configurations, and if these are too many by porcupine's
// search, which goes deep instead and is often lucky with a history that is
// linearizable.
func (m *Model[S, In, Out]) judge(ops []*operation[In, Out]) verdict[In, Out] {
	if m.direct != nil {
		if r := m.direct(ops); r != porcupine.Unknown {
			return verdict[In, Out]{result: r}
		}
	}
	narrow := *m
	if m.narrow != nil {
		narrow, ops = m.narrow(*m, ops)
	}
	e := frontierEffort(len(ops))
	if s, ok := narrow.sequence(ops, e); ok {
		bad := s.run(e)
		switch {
		case e.done:
		case bad < 0:
			return verdict[In, Out]{result: porcupine.Ok}
		default:
			return verdict[In, Out]{result: porcupine.Illegal, bad: ops[bad]}
		}
	}
	e = effortFor(len(ops))
	switch ok := narrow.search(ops, e); {
	case ok:
		return verdict[In, Out]{result: porcupine.Ok}
	case e.done:
		return verdict[In, Out]{result: porcupine.Unknown}
	}
	return verdict[In, Out]{result: porcupine.Illegal}
}

// decide is judge for those who need no more than the result.
func (m *Model[S, In, Out]) decide(ops []*operation[In, Out]) porcupine.CheckResult {
	return m.judge(ops).result
}

// search is porcupine's search.
func (m *Model[S, In, Out]) search(ops []*operation[In, Out], e *effort) bool {
	return porcupine.CheckOperations(m.lower(e), forPorcupine(ops))
}

// sequence makes a history ready for the frontier: states become numbers. It
// answers false if states cannot be found again fast, or if the model refuses an
// operation that nobody heard of, which it must not; porcupine takes both.
func (m *Model[S, In, Out]) sequence(ops []*operation[In, Out], e *effort) (sequence[int], bool) {
	states := newNumbers[S](m.Hash, m.Equal)
	if states == nil {
		return sequence[int]{}, false
	}
	s := sequence[int]{start: states.of(m.Init(), e), ops: make([]span, len(ops))}
	kinds := map[any]int{}
	for i, op := range ops {
		x := &s.ops[i]
		x.call, x.end = op.call, op.end
		if op.state == answered {
			x.pure = m.Reads != nil && m.Reads(op.in) || m.idle != nil && m.idle(op.in, &op.out)
			continue
		}
		if _, ok := m.Step(m.Init(), op.in, nil); !ok {
			return sequence[int]{}, false
		}
		x.class = i
		if v := reflect.ValueOf(op.in); v.IsValid() && v.Comparable() {
			if first, ok := kinds[op.in]; ok {
				x.class = first
			} else {
				kinds[op.in] = i
			}
		}
	}
	s.step = func(state, i int) (int, bool) {
		after, ok := m.Step(states.all[state], ops[i].in, ops[i].answer())
		if !ok {
			return state, false
		}
		return states.of(after, e), true
	}
	return s, true
}

// numbers gives equal states equal numbers, in the order in which they are met.
type numbers[S any] struct {
	all   []S
	hash  func(S) uint64
	equal func(a, b S) bool
	byKey map[any]int      // of states that == compares
	byH   map[uint64][]int // of others, by hash
}

// newNumbers returns nil if equal states could only be found by comparing with all.
func newNumbers[S any](hash func(S) uint64, equal func(a, b S) bool) *numbers[S] {
	switch {
	case equal == nil && reflect.TypeFor[S]().Comparable():
		return &numbers[S]{byKey: map[any]int{}}
	case equal != nil && hash != nil:
		return &numbers[S]{hash: hash, equal: equal, byH: map[uint64][]int{}}
	}
	return nil
}

// of returns the number of a state. A new one counts as effort.
func (n *numbers[S]) of(s S, e *effort) int {
	if n.byKey != nil {
		i, ok := n.byKey[s]
		if !ok {
			i = n.add(s, e)
			n.byKey[s] = i
		}
		return i
	}
	h := n.hash(s)
	for _, i := range n.byH[h] {
		if n.equal(n.all[i], s) {
			return i
		}
	}
	i := n.add(s, e)
	n.byH[h] = append(n.byH[h], i)
	return i
}

func (n *numbers[S]) add(s S, e *effort) int {
	e.states--
	n.all = append(n.all, s)
	return len(n.all) - 1
}
