//go:build zoo

package commit

import (
	"testing"

	"samerun/sim"
	"samerun/sim/fault"
)

// TestZoo has one test for each bug, with the bug planted: each fails, and a sweep
// finds out how soon. That is why it needs the build tag.
//
//	samerun test -tags zoo -seeds 1-2000 -run 'TestZoo/decision-forgotten' ./examples/commit
func TestZoo(t *testing.T) { zoo(t, fault.Chaos()) }

// TestZooSwarm is the same under the preset Swarm.
func TestZooSwarm(t *testing.T) { zoo(t, fault.Swarm(fault.Chaos())) }

func zoo(t *testing.T, plan fault.Plan) {
	for _, bug := range Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			sim.Test(t, func(w *sim.World) { Under(w, plan, bug) })
		})
	}
}
