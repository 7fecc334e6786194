//go:build zoo

package zootest

import (
	"testing"

	"samerun/sim"
)

// Sweep has one test for each bug, with the bug planted.
func Sweep[B ~string](t *testing.T, bugs []B, scenario func(w *sim.World, bug B)) {
	for _, bug := range bugs {
		t.Run(string(bug), func(t *testing.T) {
			sim.Test(t, func(w *sim.World) { scenario(w, bug) })
		})
	}
}
