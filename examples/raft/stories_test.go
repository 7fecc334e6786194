package raft

import "testing"

// The story of each failure has the events that a reader needs to find the bug: the fault, what
// it did to a message or a node, and what happened that should not have.
func TestStories(t *testing.T) {
	example.Stories(t, map[Bug][]string{
		// n0 has counted n2's vote, which comes twice, and leads with two votes of five.
		DuplicateVotesCounted: {"fault  cut n1 → n0 n2 request", "n2  is paused", "RequestVote", "n2  goes on", " sent", "leader completeness"},
		OldVotesCounted:       {"fault  reorder", "RequestVote", "one leader per term"},
		// n2 has voted for itself in term 2, and its leader's first message makes n1 forget its vote.
		VoteForgotten:        {"RequestVote #1 held", "CandidateID:1", "CandidateID:2", "AppendEntries #1  ", "LeaderID:2", "one vote per term"},
		CommandBeforeRestore: {"n2  crashes (boot 1)", "n2  starts again (boot 2)", "RequestVote #2", "AppendEntries #33", "state machine safety"},
		PrevTermIgnored:      {"fault  loss", " lost", "fault  isolate n0", "cut off", "state machine safety"},
		// n1 leads term 2, and no vote has arrived.
		WrongQuorum:          {"fault  cut n2 → n1 request", "AppendEntries #9 cut off", "AppendEntries #1 sent  Term:2 LeaderID:1", "leader completeness"},
		VoteNotSaved:         {"RequestVote #1", "n2  crashes (boot 1)", "n2  starts again (boot 2)", "one vote per term"},
		StaleAppendTruncates: {"AppendEntries #3", "AppendEntries #10", "AppendEntries #3, after 903.247ms", "state machine safety"},
		OldTermCommitted:     {"fault  ring", "AppendEntries #2  Term:2 LeaderID:3", "RequestVote #2 cut off  Term:3", "RequestVote #2  Term:4", "RequestVote reply #1, #2  Term:4 VoteGranted:true", "leader completeness"},
		ReplyBeforeSave:      {"RequestVote #1  Term:3 CandidateID:2", "n2  crashes (boot 1)", "n2  starts again (boot 2)", "one vote per term"},
		OldSnapshotInstalled: {"InstallSnapshot #1", "InstallSnapshot #1, after 1.836069s", "state machine safety"},
		LeadsOn:              {"AppendEntries #75 cut off", "RequestVote #1  Term:2", "RequestVote #1  Term:3 CandidateID:1", "one leader per term"},
		CommitOffByOne:       {"AppendEntries #3 held", "cut off", "RequestVote", " sent", "leader completeness"},
		ShorterLogElected:    {"n0  starts again (boot 2)", `Command:"command 2.0`, "RequestVote #1  Term:2 LastLogIndex:1", "RequestVote reply #1  Term:2 VoteGranted:true", "leader completeness"},
		LastTermIgnored:      {"fault  isolate n0", "RequestVote #2 cut off  Term:4", "RequestVote #2  Term:5", "leader completeness"},
		MatchFromPresentLog:  {"held back", "AppendEntries #9 sent", "RequestVote", "leader completeness"},
		CommitBeforeCheck:    {"n3  is paused", "n3  goes on", "cut off", "AppendEntries", "state machine safety"},
		OldLeaderObeyed:      {"fault  isolate n1", "AppendEntries #13 cut off", "Term:2", "AppendEntries #18", "state machine safety"},
		ConflictKept:         {"fault  cut n3", "cut off", "RequestVote", "AppendEntries", "state machine safety"},
		SnapshotDropsTail:    {"AppendEntries #7", `Command:"command 3.0"`, `Command:"command 4.0`, "leaders only append"},
		CandidateGivesUp:     {"RequestVote #1 held", "RequestVote #46", "a leader after the faults"},
	})
}
