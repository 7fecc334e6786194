package raft

// AppendEntriesArgs is what a leader sends to replicate its log, and as a
// heartbeat (Figure 2, AppendEntries RPC).
type AppendEntriesArgs struct {
	Term         int        // leader's term
	LeaderID     int        // so that a follower knows who leads
	PrevLogIndex int        // index of the entry right before the new ones
	PrevLogTerm  int        // term of that entry
	Entries      []LogEntry // none for a heartbeat
	LeaderCommit int        // leader's commitIndex
}

// AppendEntriesReply is the answer. The last two fields are the fast back-up of
// the end of §5.3: a leader skips a whole term of conflicting entries at once.
type AppendEntriesReply struct {
	Term          int  // for the leader to update itself
	Success       bool // the follower had the entry at PrevLogIndex and PrevLogTerm
	ConflictTerm  int  // term of the follower's entry at PrevLogIndex, 0 if it has none
	ConflictIndex int  // its first index of that term; its last index + 1 if it has none
}

// AppendEntries is the handler of that RPC: the follower's side of replication.
func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.lock()
	defer rf.unlock()
	if !rf.hearLeader(args.Term) {
		reply.Term = rf.currentTerm
		return
	}
	reply.Term = rf.currentTerm
	if rf.bug == CommitBeforeCheck {
		rf.commit(min(args.LeaderCommit, rf.log.last()))
	}
	if !rf.consistent(args) {
		rf.describeConflict(args.PrevLogIndex, reply)
		return
	}
	reply.Success = true
	rf.merge(args.PrevLogIndex+1, args.Entries)
	// Beyond the entries of this message our log may differ from the leader's.
	rf.commit(min(args.LeaderCommit, args.PrevLogIndex+len(args.Entries)))
}

// hearLeader is what a message from the leader of a term does in any case. It
// answers false if that term is over.
func (rf *Raft) hearLeader(term int) bool {
	rf.observeTerm(term)
	if term < rf.currentTerm && rf.bug != OldLeaderObeyed {
		return false
	}
	if rf.role == candidate {
		rf.become(follower) // somebody else has won (§5.2)
		if rf.bug == VoteForgotten {
			rf.votedFor, rf.unsaved = nobody, true
		}
	}
	rf.resetElectionTimer()
	return true
}

// consistent is the consistency check of §5.3: do we have the entry that comes
// before the new ones? What a snapshot has replaced was committed, so the leader
// has it too.
func (rf *Raft) consistent(args *AppendEntriesArgs) bool {
	if args.PrevLogIndex <= rf.log.base {
		return true
	}
	return args.PrevLogIndex <= rf.log.last() &&
		(rf.log.term(args.PrevLogIndex) == args.PrevLogTerm || rf.bug == PrevTermIgnored)
}

// describeConflict tells the leader how far to go back.
func (rf *Raft) describeConflict(prev int, reply *AppendEntriesReply) {
	if prev > rf.log.last() {
		reply.ConflictIndex = rf.log.last() + 1
		return
	}
	reply.ConflictTerm = rf.log.term(prev)
	reply.ConflictIndex = rf.log.firstOf(prev)
}

// merge takes in entries that begin at index first. Entries that we have are
// skipped, and the log is cut only where one differs: the message may be an old
// one, and what follows may have been acknowledged since.
func (rf *Raft) merge(first int, entries []LogEntry) {
	for i, e := range entries {
		index := first + i
		if index <= rf.log.base {
			continue
		}
		if index <= rf.log.last() {
			if rf.log.term(index) == e.Term && rf.bug != StaleAppendTruncates {
				continue
			}
			if rf.bug == ConflictKept {
				continue
			}
			rf.log.truncate(index)
		}
		rf.log.append(entries[i:]...)
		rf.unsaved = true
		return
	}
}
