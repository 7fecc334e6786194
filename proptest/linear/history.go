package linear

import (
	"math"
	"time"

	"samerun/sched"
	"samerun/sim"
)

// History is what the clients of a run asked and were answered. The zero value is
// empty and ready to use. It is made outside of the world, so that it can be
// checked when the run is over; it serves one run.
//
// Invariants: now counts the calls and answers so far and is the time by which
// they are ordered, because at one virtual instant much can happen, one thing
// after the other; ops are in the order of their calls.
type History[In, Out any] struct {
	now  int64
	ops  []operation[In, Out]
	told []sim.Operation // of each, if a trace is made of the run
}

// operation is a call and perhaps its answer.
type operation[In, Out any] struct {
	client         int
	in             In
	out            Out
	state          outcome
	call, end      int64 // places in the history
	callAt, endsAt time.Duration
}

type outcome uint8

const (
	unknown  outcome = iota // not answered: it may happen at any time, or never
	answered                // out is the answer
	canceled                // it did not happen
)

// never is the time at which an operation ends that was not answered: behind all
// others, so that it may take place at any time from its call on.
const never = math.MaxInt64 / 4

// Call is an operation that has begun. If none of its methods is called its
// outcome stays unknown, which is right for a client that crashed or gave up:
// the operation may have happened or not, and may yet happen.
type Call[In, Out any] struct {
	h *History[In, Out]
	w *sim.World
	i int
}

// Begin records that a client asks for something, at the moment at which it does.
func (h *History[In, Out]) Begin(w *sim.World, client int, in In) Call[In, Out] {
	w.Scheduler().Touch(h, sched.ToWrite) // what comes first decides what is linearizable
	if !w.Scheduler().Over() {
		h.now++
		h.ops = append(h.ops, operation[In, Out]{client: client, in: in, call: h.now, end: never, callAt: w.Elapsed()})
		if w.Traced() {
			h.told = append(h.told, w.Operation(client, inWords(in)))
		}
	}
	return Call[In, Out]{h, w, len(h.ops) - 1}
}

// End records the answer, at the moment at which the client has it. Only the
// first of End and Cancel counts.
func (c Call[In, Out]) End(out Out) { c.end(answered, out) }

// Cancel records that the operation surely did not happen and never will. "No
// answer" is not enough for that.
func (c Call[In, Out]) Cancel() {
	var none Out
	c.end(canceled, none)
}

func (c Call[In, Out]) end(how outcome, out Out) {
	c.w.Scheduler().Touch(c.h, sched.ToWrite)
	// Deferred calls of tasks that are unwound after the run's end change nothing.
	if c.w.Scheduler().Over() || c.h.ops[c.i].state != unknown {
		return
	}
	c.h.now++
	op := &c.h.ops[c.i]
	op.state, op.out, op.end, op.endsAt = how, out, c.h.now, c.w.Elapsed()
	if c.i < len(c.h.told) {
		words := "it is certain that it did not happen"
		if how == answered {
			words = outWords(op.in, out)
		}
		c.h.told[c.i].End(words)
	}
}

// Len returns the number of operations that have begun.
func (h *History[In, Out]) Len() int { return len(h.ops) }

// Unanswered returns the number of operations without an outcome. A check gets
// weaker, and slower, with each that may have changed something.
func (h *History[In, Out]) Unanswered() int {
	n := 0
	for i := range h.ops {
		if h.ops[i].state == unknown {
			n++
		}
	}
	return n
}
