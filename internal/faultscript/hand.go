package faultscript

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
)

// hand does something by hand: cut, heal, clog or release the link from one node
// to another; crash, restart, pause or resume a node.
func (s *Script) hand(t *testing.T, d *datadriven.TestData) string {
	do, names, when := one(t, d, "do"), list(d, "nodes"), timesOf(t, d)
	links := map[string]func(*sim.Link){
		"cut": (*sim.Link).Cut, "heal": (*sim.Link).Heal, "clog": (*sim.Link).Clog, "release": (*sim.Link).Release,
	}
	nodes := map[string]func(*sim.Node){
		"crash": (*sim.Node).Crash, "restart": (*sim.Node).Restart, "pause": (*sim.Node).Pause, "resume": (*sim.Node).Resume,
	}
	link, node := links[do], nodes[do]
	if (link == nil || len(names) != 2) && (node == nil || len(names) != 1) {
		d.Fatalf(t, "hand has no do=%s for %d nodes", do, len(names))
	}
	return s.add(func(w *sim.World) {
		found := named(w, names)
		when.do(w, func() {
			if link != nil {
				link(w.Link(found[0], found[1]))
			} else {
				node(found[0])
			}
		})
	})
}
