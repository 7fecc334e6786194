package faultscript

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
)

// send lets messages go from a node to another. With call in place of send the
// receiver answers each, in a task of its own.
func (s *Script) send(t *testing.T, d *datadriven.TestData) string {
	from, to, when := one(t, d, "from"), one(t, d, "to"), timesOf(t, d)
	method, size := "Ping", 100
	d.MaybeScanArgs(t, "method", &method)
	d.MaybeScanArgs(t, "size", &size)
	answered := d.Cmd == "call"
	return s.add(func(w *sim.World) {
		a, b := w.Node(from), w.Node(to)
		when.do(w, func() {
			m := &sim.Message{Kind: w.Kind(method), Size: size}
			w.Link(a, b).Send(m, 0, receiver{s, w, from + " → " + to + "  " + method, func() {
				if answered {
					b.Go("answer", func() {
						w.Link(b, a).Send(&sim.Message{Kind: m.Kind, Reply: true, Size: size}, 0, receiver{s, w, to + " → " + from + "  answer to " + method, nil})
					})
				}
			}})
		})
	})
}

// receiver is told of the fate of a message; a nil deliver ignores it.
type receiver struct {
	s       *Script
	w       *sim.World
	what    string
	deliver func()
}

func (r receiver) Deliver(m *sim.Message) {
	r.s.saw(r.w, "%s #%d arrives", r.what, m.Nth)
	if r.deliver != nil {
		r.deliver()
	}
}

func (r receiver) Drop(m *sim.Message, f sim.Fate) {
	r.s.saw(r.w, "%s #%d: %v", r.what, m.Nth, f)
}
