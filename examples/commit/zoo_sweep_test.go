//go:build zoo

package commit

import (
	"testing"

	"samerun/internal/zootest"
	"samerun/sim"
	"samerun/sim/fault"
)

// TestZoo has one test for each bug, with the bug planted: each fails, and a sweep
// finds out how soon. That is why it needs the build tag.
//
//	samerun test -tags zoo -seeds 1-2000 -run 'TestZoo/decision-forgotten' ./examples/commit
func TestZoo(t *testing.T) { zootest.Sweep(t, Bugs(), UnderChaos) }

// TestZooSwarm is the same under the preset Swarm.
func TestZooSwarm(t *testing.T) {
	zootest.Sweep(t, Bugs(), func(w *sim.World, bug Bug) { Under(w, fault.Swarm(fault.Chaos()), bug) })
}
