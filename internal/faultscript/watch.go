package faultscript

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
)

// watch starts a task on a node, anew at each of its starts, that tells the
// node's own time between waits of the node's own.
func (s *Script) watch(t *testing.T, d *datadriven.TestData) string {
	node, when := one(t, d, "node"), timesOf(t, d)
	return s.add(func(w *sim.World) {
		n := w.Node(node)
		tell := func() {
			w.Sleep(when.at)
			for range when.count {
				s.tell(w, "its clock is ahead by %v", n.Clock().Offset().Round(s.grain()))
				w.Sleep(when.every)
			}
		}
		n.Start(tell)
	})
}
