package commit

import (
	"testing"

	"samerun/internal/zootest"
)

var example = zootest.Example[Bug]{Package: "./examples/commit", Bugs: Bugs(), Scenario: UnderChaos}

// Each bug is caught by the property that it should break.
func TestBugsAreCaught(t *testing.T) {
	example.Caught(t, []zootest.Caught[Bug]{
		{Bug: DecisionForgotten, Seed: 225, Property: "decisions last"},
		{Bug: UnilateralAbort, Seed: 12, Property: "atomic commit"},
		{Bug: SilenceIsConsent, Seed: 1, Property: "no commit against a no"},
	})
}

// Each saved failure still fails with the bug, and passes without it.
func TestZooReplays(t *testing.T) { example.Replays(t) }
