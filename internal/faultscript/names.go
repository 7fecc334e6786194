package faultscript

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"samerun/sim"
)

// role says who has a role.
func (s *Script) role(t *testing.T, d *datadriven.TestData) string {
	name, nodes := one(t, d, "name"), list(d, "nodes")
	return s.add(func(w *sim.World) {
		found := named(w, nodes)
		w.Role(name, func() []*sim.Node { return found })
	})
}

// domain says which nodes are of a failure domain.
func (s *Script) domain(t *testing.T, d *datadriven.TestData) string {
	name, nodes := one(t, d, "name"), list(d, "nodes")
	return s.add(func(w *sim.World) { w.Domain(name, named(w, nodes)...) })
}
