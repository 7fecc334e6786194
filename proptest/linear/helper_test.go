package linear

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// moment is a call or an answer in a history that is written by hand.
type moment[In, Out any] struct {
	client int
	in     *In
	out    *Out
}

// build makes a history without a world: a call of a client lasts until its next
// answer, if there is one.
func build[In, Out any](moments ...moment[In, Out]) *History[In, Out] {
	h := &History[In, Out]{}
	open := map[int]int{}
	for _, m := range moments {
		h.now++
		if m.in != nil {
			open[m.client] = len(h.ops)
			h.ops = append(h.ops, operation[In, Out]{client: m.client, in: *m.in, call: h.now, end: never})
			continue
		}
		op := &h.ops[open[m.client]]
		op.out, op.state, op.end = *m.out, answered, h.now
	}
	return h
}

func ask[In, Out any](client int, in In) moment[In, Out] {
	return moment[In, Out]{client: client, in: &in}
}
func get[In, Out any](client int, out Out) moment[In, Out] {
	return moment[In, Out]{client: client, out: &out}
}

// simulate makes a linearizable history: clients call at random, and each
// operation takes place at a random moment between its call and its answer. A
// share of them, in percent, is never answered.
func simulate[S, In, Out any](r *rand.Rand, clients, operations, lost int, s S, input func() In, do func(S, In) (S, Out)) *History[In, Out] {
	type running struct {
		op   int
		done bool
		out  Out
	}
	h := &History[In, Out]{}
	busy := make([]*running, clients)
	for {
		c := r.IntN(clients)
		switch x := busy[c]; {
		case x == nil && len(h.ops) < operations:
			h.now++
			busy[c] = &running{op: len(h.ops)}
			h.ops = append(h.ops, operation[In, Out]{client: c, in: input(), call: h.now, end: never})
		case x == nil:
			if !slices.ContainsFunc(busy, func(x *running) bool { return x != nil }) {
				return h
			}
		case !x.done:
			x.done = true
			s, x.out = do(s, h.ops[x.op].in)
		case r.IntN(100) < lost:
			busy[c] = nil
		default:
			h.now++
			op := &h.ops[x.op]
			op.out, op.state, op.end = x.out, answered, h.now
			busy[c] = nil
		}
	}
}

func isLinearizable(t *testing.T, err error, want bool) {
	t.Helper()
	var not *Error
	switch {
	case err != nil && !errors.As(err, &not):
		t.Fatal(err)
	case (err == nil) != want:
		t.Fatalf("linearizable is %v; it should be %v: %v", err == nil, want, err)
	}
}
