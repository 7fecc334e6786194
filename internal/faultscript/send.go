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
			w.Link(a, b).Send(m, 0, receiver{func() {
				if answered {
					b.Go("answer", func() {
						w.Link(b, a).Send(&sim.Message{Kind: m.Kind, Reply: true, Size: size}, 0, receiver{})
					})
				}
			}})
		})
	})
}

// receiver is told of the fate of a message; a nil deliver ignores it.
type receiver struct{ deliver func() }

func (r receiver) Deliver(*sim.Message) {
	if r.deliver != nil {
		r.deliver()
	}
}

func (receiver) Drop(*sim.Message, sim.Fate) {}
