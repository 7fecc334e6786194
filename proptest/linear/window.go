package linear

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

// pictureOperations is how many operations of a failing part a picture shows:
// those before the answer that nothing explains.
const pictureOperations = 150

// view is what a picture shows of a part that is not linearizable.
//
// Invariant: if blind, start says nothing.
type view[S, In, Out any] struct {
	ops   []*operation[In, Out]
	left  int  // operations before, left out
	start S    // the state after these
	blind bool // no order of these was found, so that none can be drawn
}

// window chooses the operations for a picture of a part that is not linearizable:
// those that were called before the answer that nothing explains was given. If
// these are many the first ones are left out: porcupine's search finds an order
// for all that came before that answer, and its last ones are shown. The search has
// a small bound.
func (m *Model[S, In, Out]) window(ops []*operation[In, Out], bad *operation[In, Out]) view[S, In, Out] {
	v := view[S, In, Out]{start: m.Init()}
	for _, op := range ops {
		if op.call < bad.end {
			v.ops = append(v.ops, op)
		}
	}
	if len(v.ops) <= pictureOperations {
		return v
	}
	first := v.ops[len(v.ops)-pictureOperations].call // where it begins if nothing else is known
	all := len(v.ops)
	before := m.until(v.ops, bad.end-1)
	result, info := porcupine.CheckOperationsVerbose(m.lower(pictureEffort(len(before))), forPorcupine(before), 0)
	if result != porcupine.Ok {
		v.blind = true
		v.ops = slices.DeleteFunc(v.ops, func(op *operation[In, Out]) bool { return op.call < first && op != bad })
		v.left = all - len(v.ops)
		return v
	}
	order := info.PartialLinearizations()[0][0]
	// Unanswered ones at the end of the order need not have taken place.
	for len(order) > 0 && before[order[len(order)-1]].state == unknown {
		order = order[:len(order)-1]
	}
	shown := map[int64]bool{bad.call: true} // by call
	for i, at := range order {
		op := before[at]
		if i < len(order)-pictureOperations && op.call != bad.call {
			v.start, _ = m.Step(v.start, op.in, op.answer())
		} else {
			shown[op.call] = true
		}
	}
	// Nor are old ones without an answer shown that the order did not need: each
	// would have a row of its own.
	v.ops = slices.DeleteFunc(v.ops, func(op *operation[In, Out]) bool {
		return !shown[op.call] && op.call < first
	})
	v.left = all - len(v.ops)
	return v
}

// pictureEffort bounds a search that writes down each of its dead ends, as long as
// the history.
func pictureEffort(operations int) *effort {
	e := effortFor(operations)
	e.steps = pictureWork/(operations+1) + 4*operations
	return e
}

// pictureWork bounds the search for a picture: a second, or less.
const pictureWork = 50_000_000
