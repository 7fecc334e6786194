package kv

import (
	"testing"

	"samerun/internal/zootest"
)

var example = zootest.Example[Bug]{Package: "./examples/kv", Bugs: Bugs(), Scenario: UnderChaos}

// Each bug is caught by the property that it should break.
func TestBugsAreCaught(t *testing.T) {
	example.Caught(t, []zootest.Caught[Bug]{
		{Bug: StaleReads, Seed: 1, Property: "linearizable"},
		{Bug: RetriesExecuted, Seed: 3, Property: "linearizable"},
		{Bug: SessionsNotSaved, Seed: 13, Property: "state machine safety"},
		{Bug: WritesUnawaited, Seed: 4, Property: "linearizable"},
	})
}

// Each saved failure still fails with the bug, and passes without it.
func TestZooReplays(t *testing.T) { example.Replays(t) }
