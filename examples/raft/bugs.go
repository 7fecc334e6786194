package raft

import "samerun/internal/zoo"

// Bug names a mistake that can be planted in the servers of a cluster, one at a
// time: the zoo on which the tests prove that they would notice. The zero value is
// none, a correct Raft. Each lives at one place in the algorithm, where rf.bug is
// compared with it.
//
// Most were found in real programs. "akka-raft" is the one in which Scott et al.
// found them ("Minimizing Faulty Executions of Distributed Systems", NSDI 2016),
// "guide" the mistakes that Gjengset saw in the course 6.824 ("Students' Guide to
// Raft", 2016).
type Bug string

const (
	// DuplicateVotesCounted: a candidate that asks a server twice counts two votes of
	// it. Breaks "votes from a majority of the servers" (§5.2). akka-raft.
	DuplicateVotesCounted Bug = "duplicate-votes-counted"

	// OldVotesCounted: a vote counts that was given in an earlier term of the same
	// candidate. Breaks "for the same term" (§5.2). akka-raft.
	OldVotesCounted Bug = "old-votes-counted"

	// VoteForgotten: a candidate that finds somebody else elected forgets that it has
	// voted in this term, for itself. Breaks "at most one candidate in a given term"
	// (§5.2). akka-raft.
	VoteForgotten Bug = "vote-forgotten"

	// CommandBeforeRestore: after a restart the state machine gets the commands behind
	// the snapshot without the snapshot. Breaks §7, and "initialised before it is
	// used". akka-raft has it at its first start.
	CommandBeforeRestore Bug = "command-before-restore"

	// PrevTermIgnored: a follower takes entries if it has any entry at PrevLogIndex,
	// whatever its term, as if an index told which entry is meant. Breaks rule 2 of
	// AppendEntries (Figure 2). akka-raft, where PrevLogIndex was ambiguous.
	PrevTermIgnored Bug = "prev-term-ignored"

	// WrongQuorum: half of the servers, rounded down, is taken for a majority. Breaks
	// §5.2 and §5.3. akka-raft.
	WrongQuorum Bug = "wrong-quorum"

	// VoteNotSaved: a server that restarts has forgotten its vote, but not the term.
	// Breaks "persistent state" (Figure 2). akka-raft.
	VoteNotSaved Bug = "vote-not-saved"

	// StaleAppendTruncates: a follower drops whatever is behind the entries of a
	// message, though they are those that it has; a message that comes late takes
	// entries away that were acknowledged. Breaks rule 3 of AppendEntries. akka-raft,
	// guide.
	StaleAppendTruncates Bug = "stale-append-truncates"

	// OldTermCommitted: a leader takes an entry of an earlier term for committed as
	// soon as a majority has it. Breaks §5.4.2; Figure 8 is the way to a disaster.
	OldTermCommitted Bug = "old-term-committed"

	// ReplyBeforeSave: a server answers, and saves what it has promised a little
	// later. Breaks "updated on stable storage before responding" (Figure 2).
	ReplyBeforeSave Bug = "reply-before-save"

	// OldSnapshotInstalled: a snapshot is installed although the server is past it, so
	// that a message that comes late moves the log back. Breaks §7.
	OldSnapshotInstalled Bug = "old-snapshot-installed"

	// LeadsOn: a leader that sees a higher term adopts it and stays leader, of a term
	// in which nobody has elected it. Breaks "convert to follower" (Figure 2, rules
	// for all servers).
	LeadsOn Bug = "leads-on"

	// CommitOffByOne: an entry counts as held by a server that has the one before it.
	// Breaks "matchIndex[i] ≥ N" (Figure 2, rules for leaders).
	CommitOffByOne Bug = "commit-off-by-one"

	// ShorterLogElected: a voter compares the terms of the last entries, and not the
	// lengths of the logs. Breaks §5.4.1.
	ShorterLogElected Bug = "shorter-log-elected"

	// LastTermIgnored: a voter compares the lengths of the logs, and not the terms of
	// the last entries. Breaks §5.4.1.
	LastTermIgnored Bug = "last-term-ignored"

	// MatchFromPresentLog: when a follower has taken a message in, the leader believes
	// that it has all that the leader has by now, rather than when it sent the
	// message. Breaks "matchIndex" (Figure 2). guide.
	MatchFromPresentLog Bug = "match-from-present-log"

	// CommitBeforeCheck: a follower believes the LeaderCommit of a message before it
	// has found that its log agrees with the leader's up to there. Breaks rules 2 and
	// 5 of AppendEntries. guide.
	CommitBeforeCheck Bug = "commit-before-check"

	// OldLeaderObeyed: a follower takes entries of a leader whose term is over. Breaks
	// rule 1 of AppendEntries.
	OldLeaderObeyed Bug = "old-leader-obeyed"

	// ConflictKept: a follower does not replace an entry that conflicts with the
	// leader's, and appends what comes behind it. Breaks rule 3 of AppendEntries.
	ConflictKept Bug = "conflict-kept"

	// SnapshotDropsTail: a snapshot replaces the whole log, also what comes behind its
	// last index. Breaks "retain log entries following it" (Figure 13, rule 6).
	SnapshotDropsTail Bug = "snapshot-drops-tail"

	// CandidateGivesUp: a candidate whose election has come to nothing does not start
	// another. Breaks "if election timeout elapses: start new election" (Figure 2,
	// rules for candidates): nothing false is ever told, but nobody leads.
	CandidateGivesUp Bug = "candidate-gives-up"
)

// Bugs returns the zoo, in the order above.
func Bugs() []Bug {
	return []Bug{
		DuplicateVotesCounted, OldVotesCounted, VoteForgotten, CommandBeforeRestore, PrevTermIgnored, WrongQuorum,
		VoteNotSaved, StaleAppendTruncates, OldTermCommitted, ReplyBeforeSave, OldSnapshotInstalled, LeadsOn,
		CommitOffByOne, ShorterLogElected, LastTermIgnored, MatchFromPresentLog, CommitBeforeCheck,
		OldLeaderObeyed, ConflictKept, SnapshotDropsTail, CandidateGivesUp,
	}
}

func (b Bug) check() error { return zoo.Check("raft", b, Bugs()) }
