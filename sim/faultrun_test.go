package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/sim/fault"
)

// schedule reads the elements of a schedule, one a line, and its quiet time.
func schedule(t testing.TB, quiet time.Duration, elements ...string) fault.Schedule {
	t.Helper()
	s, err := fault.Parse([]byte(`{"faults":[` + strings.Join(elements, ",\n") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	s.Quiet = quiet
	return s
}

// cast is a world of five nodes in which a sends to b.
type cast struct {
	w             *World
	a, b, c, d, e *Node
	link          *Link // a → b
	box           box
}

// send sends a message from a to b at an instant, whoever is up.
func (x *cast) send(at time.Duration) {
	x.w.Sleep(at - x.w.Elapsed())
	x.link.Send(&Message{}, 0, &x.box)
}

// act runs a world with a schedule; fixed latencies of 10 ms. It returns what
// the receiver of the messages was told, and the report.
func act(t testing.TB, seed uint64, s fault.Schedule, play func(x *cast)) (string, *Report) {
	t.Helper()
	x := new(cast)
	r := mustRun(t, Config{Seed: seed, Link: fixed(10 * ms), Faults: &s}, func(w *World) {
		*x = cast{w: w}
		for i, n := range []**Node{&x.a, &x.b, &x.c, &x.d, &x.e} {
			*n = w.Node(string(rune('a' + i)))
			(*n).Start(func() {})
		}
		x.link = w.Link(x.a, x.b)
		play(x)
	})
	addsUp(t, r.Messages)
	return x.box.String(), r
}

// fired says how often each element took effect, or why it never did.
func fired(r *Report) string {
	var out []string
	for _, o := range r.Outcomes {
		if o.Fired > 0 {
			out = append(out, fmt.Sprint(o.Fired))
		} else {
			out = append(out, o.Why)
		}
	}
	return strings.Join(out, "; ")
}

// inOrder sorts what happened at one instant by the number of the message: there
// chance decides.
func inOrder(log string) string {
	type entry struct {
		at   time.Duration
		text string
	}
	var entries []entry
	for _, text := range strings.Split(log, ", ") {
		at, _ := time.ParseDuration(text[strings.LastIndexByte(text, ' ')+1:])
		entries = append(entries, entry{at, text})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.text, b.text)) })
	var out []string
	for _, e := range entries {
		out = append(out, e.text)
	}
	return strings.Join(out, ", ")
}
