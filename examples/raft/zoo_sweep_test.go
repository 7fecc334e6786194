//go:build zoo

package raft

import (
	"testing"

	"samerun/sim"
)

// TestZoo has one test for each bug, with the bug planted: each fails, and a sweep
// finds out how soon. That is why it needs the build tag.
//
//	samerun test -tags zoo -seeds 1-2000 -run 'TestZoo/wrong-quorum' ./examples/raft
func TestZoo(t *testing.T) {
	for _, bug := range Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			sim.Test(t, func(w *sim.World) { UnderChaos(w, bug) })
		})
	}
}
