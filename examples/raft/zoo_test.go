package raft

import (
	"testing"

	"samerun/internal/zootest"
)

var example = zootest.Example[Bug]{Package: "./examples/raft", Bugs: Bugs(), Scenario: UnderChaos}

// Each bug is caught by the property that it should break.
func TestBugsAreCaught(t *testing.T) {
	example.Caught(t, []zootest.Caught[Bug]{
		{Bug: DuplicateVotesCounted, Seed: 39, Property: "leader completeness"},
		{Bug: OldVotesCounted, Seed: 16, Property: "one leader per term"},
		{Bug: VoteForgotten, Seed: 1, Property: "one vote per term"},
		{Bug: CommandBeforeRestore, Seed: 1, Property: "state machine safety"},
		{Bug: PrevTermIgnored, Seed: 4, Property: "state machine safety"},
		{Bug: WrongQuorum, Seed: 1, Property: "leader completeness"},
		{Bug: VoteNotSaved, Seed: 1, Property: "one vote per term"},
		{Bug: StaleAppendTruncates, Seed: 7, Property: "state machine safety"},
		{Bug: OldTermCommitted, Seed: 116, Property: "leader completeness"},
		{Bug: ReplyBeforeSave, Seed: 5, Property: "one vote per term"},
		{Bug: OldSnapshotInstalled, Seed: 107, Property: "state machine safety"},
		{Bug: LeadsOn, Seed: 1, Property: "one leader per term"},
		{Bug: CommitOffByOne, Seed: 1, Property: "leader completeness"},
		{Bug: ShorterLogElected, Seed: 2, Property: "leader completeness"},
		{Bug: LastTermIgnored, Seed: 4, Property: "leader completeness"},
		{Bug: MatchFromPresentLog, Seed: 1, Property: "leader completeness"},
		{Bug: CommitBeforeCheck, Seed: 1, Property: "state machine safety"},
		{Bug: OldLeaderObeyed, Seed: 1, Property: "state machine safety"},
		{Bug: ConflictKept, Seed: 1, Property: "state machine safety"},
		{Bug: SnapshotDropsTail, Seed: 1, Property: "leaders only append"},
		{Bug: CandidateGivesUp, Seed: 29, Property: "a leader after the faults"},
	})
}

// Each saved failure still fails with the bug, and passes without it.
func TestZooReplays(t *testing.T) { example.Replays(t) }
