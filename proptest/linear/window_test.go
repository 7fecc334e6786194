package linear

import (
	"fmt"
	"slices"
	"testing"
)

// longHistory has one client that writes and is answered n times, one after the
// other, and then reads what nobody wrote. Before the given write, others write as
// often as asked and hear nothing.
func longHistory(n, before, unheard int) *History[RegisterInput, RegisterOutput] {
	h := &History[RegisterInput, RegisterOutput]{}
	add := func(client int, in RegisterInput, out RegisterOutput, state outcome) {
		h.now++
		op := operation[RegisterInput, RegisterOutput]{client: client, in: in, out: out, state: state, call: h.now, end: never}
		if state == answered {
			h.now++
			op.end = h.now
		}
		h.ops = append(h.ops, op)
	}
	for i := range n + 1 {
		if i == before {
			for j := range unheard {
				add(1+j, RegisterInput{Op: RegisterWrite, Value: fmt.Sprint("unheard ", j)}, RegisterOutput{}, unknown)
			}
		}
		if i < n {
			add(0, RegisterInput{Op: RegisterWrite, Value: fmt.Sprint("value ", i)}, RegisterOutput{}, answered)
		}
	}
	add(0, RegisterInput{Op: RegisterRead}, RegisterOutput{Value: "invented"}, answered)
	return h
}

// A picture shows the last operations that took place before the bad answer, so many
// and no more, and begins with the state before them. Operations without an answer
// that need not have taken place neither take the room of others nor, if they are
// old, have a row of their own.
func TestWindow(t *testing.T) {
	const n = 400
	for _, c := range []struct {
		name            string
		before, unheard int
		shown           int // of those that nobody heard of
	}{
		{"all answered", 0, 0, 0},
		{"a tail without answers", n, 100, 100},
		{"old ones without answers", 20, 30, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Register()
			p := m.parts(longHistory(n, c.before, c.unheard))[0]
			bad := p.ops[len(p.ops)-1]
			v := m.window(p.ops, bad)
			first := n - pictureOperations
			var answers, others []string
			for _, op := range v.ops {
				if op.state == answered && op != bad {
					answers = append(answers, op.in.Value)
				} else if op != bad {
					others = append(others, op.in.Value)
				}
			}
			if v.blind || v.start != fmt.Sprint("value ", first-1) {
				t.Errorf("it begins with %q (blind: %v), want the value before those that are shown", v.start, v.blind)
			}
			if len(answers) != pictureOperations || answers[0] != fmt.Sprint("value ", first) || answers[len(answers)-1] != fmt.Sprint("value ", n-1) {
				t.Errorf("%d answered operations are shown, want the last %d", len(answers), pictureOperations)
			}
			if len(others) != c.shown || !slices.Contains(v.ops, bad) || v.left+len(v.ops) != len(p.ops) {
				t.Errorf("%d without an answer are shown, want %d; %d left out, %d shown of %d", len(others), c.shown, v.left, len(v.ops), len(p.ops))
			}
		})
	}
}
