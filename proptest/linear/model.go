package linear

import (
	"fmt"
	"html"

	"github.com/anishathalye/porcupine"
)

// Model says what one system that does one thing after the other would answer: S
// is its state, In an operation with its arguments, Out the answer. Init and Step
// are needed. The functions must be pure: Step returns a new state, and leaves the
// old one as it is.
type Model[S, In, Out any] struct {
	// Init returns the state at the beginning.
	Init func() S
	// Step does one operation. It returns the state after it, and whether the answer
	// is the right one. The answer is nil if nobody heard it; then any is right.
	Step func(s S, in In, out *Out) (after S, ok bool)
	// Key, if set, says which part of the system an operation is about, such as the
	// key of a store. Parts must not influence each other: each is checked alone,
	// which is much faster.
	Key func(in In) string
	// Reads, if set, says that an operation changes nothing. One that was not answered
	// is left out then.
	Reads func(in In) bool
	// Equal compares states. It may be nil if S can be compared with ==.
	Equal func(a, b S) bool
	// Hash, if set, makes large histories much faster if Equal is set too: equal
	// states have equal hashes.
	Hash func(s S) uint64
	// Show and ShowState write an operation and a state for people, in a few words. nil
	// is Go's %v.
	Show      func(in In, out *Out) string
	ShowState func(s S) string

	// What only the models of this package have, to be fast.

	// direct decides the history of one part without a search, where theory has a
	// way; Unknown means that it does not apply to this one.
	direct func(ops []*operation[In, Out]) porcupine.CheckResult
	// narrow returns an equivalent model and history that are easier to search.
	narrow func(m Model[S, In, Out], ops []*operation[In, Out]) (Model[S, In, Out], []*operation[In, Out])
	// idle says that an operation with this answer changes no state.
	idle func(in In, out *Out) bool
}

// show writes an operation for people.
func (m *Model[S, In, Out]) show(in In, out *Out) string {
	switch {
	case m.Show != nil:
		return m.Show(in, out)
	case out == nil:
		return fmt.Sprintf("%v → ?", in)
	}
	return fmt.Sprintf("%v → %v", in, *out)
}

// effort bounds a check by what it does and not by the time that it takes, so that
// its result is the same on every machine.
//
// Invariant: done says that the bound was reached; then no step is right, so that
// the search soon ends.
type effort struct {
	steps, states int
	done          bool
}

// maxSteps and maxMemory bound one check of one part: some seconds and, at one bit
// for each operation in each state that is remembered, half a gigabyte.
const (
	maxSteps  = 1_000_000
	maxMemory = 1 << 29
)

// frontierEffort bounds what the frontier does in one check of one part: half a
// second for a small one, and some seconds for ten thousand operations. It keeps no
// more than some words for each configuration and state.
func frontierEffort(operations int) *effort {
	return &effort{steps: 2*maxSteps + 2_000*operations, states: 4*maxSteps + 2_000*operations}
}

// effortFor bounds porcupine's search.
func effortFor(operations int) *effort {
	return &effort{steps: maxSteps, states: maxMemory / (operations/8 + 128)}
}

// lower translates the model for porcupine. e may be nil for no bound.
func (m *Model[S, In, Out]) lower(e *effort) porcupine.Model {
	p := porcupine.Model{
		Init: func() any { return m.Init() },
		Step: func(state, input, output any) (bool, any) {
			if e != nil {
				if e.steps--; e.steps < 0 || e.states < 0 {
					e.done = true
					return false, state
				}
			}
			after, ok := m.Step(state.(S), input.(In), output.(*Out))
			if ok && e != nil {
				e.states--
			}
			return ok, after
		},
		DescribeOperation: func(input, output any) string {
			return short(m.show(input.(In), output.(*Out)), shortOperation)
		},
	}
	if m.Equal != nil {
		p.Equal = func(a, b any) bool { return m.Equal(a.(S), b.(S)) }
	}
	if m.Hash != nil {
		p.Hash = func(s any) uint64 { return m.Hash(s.(S)) }
	}
	// The page takes the state, unlike all other texts, for HTML.
	p.DescribeState = func(s any) string {
		if m.ShowState == nil {
			return html.EscapeString(short(fmt.Sprint(s), shortState))
		}
		return html.EscapeString(short(m.ShowState(s.(S)), shortState))
	}
	return p
}
