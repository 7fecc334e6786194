package linear

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"
)

// Check returns nil if the history is linearizable: if there is one order of its
// operations, each somewhere between its call and its answer, in which the model
// gives all the answers that the clients got. Otherwise it returns an *Error that
// names the first answer that no order explains, or an *UndecidedError if the
// search was given up. The result depends on nothing but the history.
func Check[S, In, Out any](m Model[S, In, Out], h *History[In, Out]) error {
	if err := m.problem(); err != nil {
		return err
	}
	if h == nil {
		return errors.New("linear.Check was given no history; it needs the one in which the clients' operations were recorded")
	}
	var undecided error
	for _, p := range m.parts(h) {
		switch v := m.judge(p.ops); v.result {
		case porcupine.Illegal:
			return m.explain(p, v.bad)
		case porcupine.Unknown:
			if undecided == nil {
				undecided = &UndecidedError{Key: p.key, Operations: len(p.ops)}
			}
		}
	}
	return undecided
}

func (m *Model[S, In, Out]) problem() error {
	if m.Init == nil || m.Step == nil {
		return errors.New("the model has no Init or no Step; it needs both")
	}
	return nil
}

// part is the operations on one key, in the order of their calls.
type part[In, Out any] struct {
	key string
	ops []*operation[In, Out]
}

// parts cuts the history by key, in the order of first mention, and leaves out
// what cannot matter.
func (m *Model[S, In, Out]) parts(h *History[In, Out]) []part[In, Out] {
	var parts []part[In, Out]
	places := map[string]int{}
	for i := range h.ops {
		op := &h.ops[i]
		if op.state == canceled || op.state == unknown && m.Reads != nil && m.Reads(op.in) {
			continue
		}
		key := ""
		if m.Key != nil {
			key = m.Key(op.in)
		}
		at, ok := places[key]
		if !ok {
			at = len(parts)
			places[key] = at
			parts = append(parts, part[In, Out]{key: key})
		}
		parts[at].ops = append(parts[at].ops, op)
	}
	return parts
}

// forPorcupine translates operations. Places are doubled, which leaves room
// between them for the faults of a picture.
func forPorcupine[In, Out any](ops []*operation[In, Out]) []porcupine.Operation {
	lanes := laneOf(ops)
	all := make([]porcupine.Operation, 0, len(ops))
	for i, op := range ops {
		all = append(all, porcupine.Operation{
			ClientId: lanes[i], Input: op.in, Call: 2 * op.call, Output: op.answer(), Return: 2 * op.end, Metadata: fmt.Sprintf("client %d, %s", op.client, op.times()),
		})
	}
	return all
}

// laneOf gives each operation a row in the picture: that of its client, but
// another one after an operation whose end is not known, since a row shows one
// thing at a time.
func laneOf[In, Out any](ops []*operation[In, Out]) []int {
	lanes := make([]int, len(ops))
	last := map[int]int{} // of a client: the place in ops of its last operation
	next := 0
	for _, op := range ops {
		next = max(next, op.client+1)
	}
	for i, op := range ops {
		before, ok := last[op.client]
		switch {
		case !ok:
			lanes[i] = max(0, op.client)
		case ops[before].end > op.call:
			lanes[i] = next
			next++
		default:
			lanes[i] = lanes[before]
		}
		last[op.client] = i
	}
	return lanes
}

// firstBad finds the first answer that no order explains, and how many answers were
// before it. bad, if not nil, has that answer or an earlier one.
func (m *Model[S, In, Out]) firstBad(p part[In, Out], bad *operation[In, Out]) (first *operation[In, Out], before int) {
	var ends []*operation[In, Out]
	for _, op := range p.ops {
		if op.state == answered {
			ends = append(ends, op)
		}
	}
	if len(ends) == 0 {
		ends = p.ops[:1] // the model refuses an operation whatever its answer
	}
	slices.SortFunc(ends, func(a, b *operation[In, Out]) int { return cmp.Compare(a.end, b.end) })
	// What is true of a history is true of each beginning of it. So the answer can be
	// found by halving, after steps that grow, for it is mostly near to bad.
	low, high := 0, len(ends)-1 // it is one of these, since the whole has no order
	if bad != nil {
		low, _ = slices.BinarySearchFunc(ends, bad.end, func(op *operation[In, Out], end int64) int { return cmp.Compare(op.end, end) })
	}
	for step := 1; low < high; step *= 2 {
		at := min(low+step-1, (low+high)/2)
		if m.decide(m.until(p.ops, ends[at].end)) == porcupine.Illegal {
			high, step = at, len(ends) // from now on halve
		} else {
			low = at + 1
		}
	}
	return ends[low], low
}

// explain tells of the first answer that no order explains: up to the one before
// it there is an order.
func (m *Model[S, In, Out]) explain(p part[In, Out], bad *operation[In, Out]) error {
	bad, low := m.firstBad(p, bad)
	e := &Error{
		Key: p.key, Operations: len(p.ops), Explained: low,
		Client: bad.client, Answer: short(m.show(bad.in, bad.answer()), shortOperation), Call: bad.callAt, Return: bad.endsAt,
	}
	before := m.until(p.ops, bad.end)
	for _, op := range before[max(0, len(before)-contextLines):] {
		mark := " "
		if op.call == bad.call {
			mark = ">"
		}
		e.Context = append(e.Context, contextLine(mark, op.client, short(m.show(op.in, op.answer()), shortOperation), op.times()))
	}
	return e
}

// until returns the history as it was at a moment: what was not answered by then
// is not known.
func (m *Model[S, In, Out]) until(ops []*operation[In, Out], end int64) []*operation[In, Out] {
	var early []*operation[In, Out]
	for _, op := range ops {
		switch {
		case op.call > end:
			return early
		case op.end <= end:
			early = append(early, op)
		case m.Reads == nil || !m.Reads(op.in):
			pending := *op
			pending.state, pending.end, pending.endsAt = unknown, never, 0
			early = append(early, &pending)
		}
	}
	return early
}

// answer returns the answer, nil if there was none.
func (op *operation[In, Out]) answer() *Out {
	if op.state != answered {
		return nil
	}
	return &op.out
}

// times is when, in virtual time, an operation was called and answered.
func (op *operation[In, Out]) times() string {
	if op.state == unknown {
		return "called " + clockTime(op.callAt) + ", no answer"
	}
	return clockTime(op.callAt) + " to " + clockTime(op.endsAt)
}

func clockTime(d time.Duration) string { return d.Round(time.Microsecond).String() }
