package raft

// compactAt is how many entries a log holds before the applier replaces those that
// are applied by a snapshot. It is small, so that a run of ten seconds sees a few.
const compactAt = 8

// InstallSnapshotArgs is what a leader sends to a server that needs entries which
// it has no more (Figure 13). A snapshot goes in one piece.
type InstallSnapshotArgs struct {
	Term              int    // leader's term
	LeaderID          int    // so that a follower knows who leads
	LastIncludedIndex int    // the snapshot replaces all entries up to this one
	LastIncludedTerm  int    // its term
	Data              []byte // the state machine after that entry
}

// InstallSnapshotReply is the answer.
type InstallSnapshotReply struct {
	Term int // for the leader to update itself
}

// InstallSnapshot is the handler of that RPC.
func (rf *Raft) InstallSnapshot(args *InstallSnapshotArgs, reply *InstallSnapshotReply) {
	rf.lock()
	defer rf.unlock()
	current := rf.hearLeader(args.Term)
	reply.Term = rf.currentTerm
	// A snapshot that is not newer than what we know to be committed is late.
	if !current || args.LastIncludedIndex <= rf.commitIndex && rf.bug != OldSnapshotInstalled {
		return
	}
	rf.saveSnapshot(args.LastIncludedIndex, args.LastIncludedTerm, args.Data)
	rf.commit(args.LastIncludedIndex)
}

// sendSnapshot makes one InstallSnapshot call, as sendEntries does for entries.
func (r *round) sendSnapshot() bool {
	rf := r.rf
	args := &InstallSnapshotArgs{
		Term:              r.term,
		LeaderID:          rf.me,
		LastIncludedIndex: rf.log.base,
		LastIncludedTerm:  rf.log.baseTerm,
		Data:              rf.snapshot,
	}
	reply := &InstallSnapshotReply{}
	rf.unlock()
	ok := rf.peers[r.peer].Call("Raft.InstallSnapshot", args, reply)
	rf.lock()
	if ok {
		rf.observeTerm(reply.Term)
		if rf.leads(r.term) {
			rf.matched(r.peer, args.LastIncludedIndex)
		}
	}
	return ok
}

// saveSnapshot keeps a snapshot of the state machine as of index, and drops the
// part of the log that it replaces.
func (rf *Raft) saveSnapshot(index, term int, snapshot []byte) {
	rf.log.compact(index, term)
	if rf.bug == SnapshotDropsTail {
		rf.log.truncate(index + 1)
	}
	rf.snapshot = snapshot
	rf.unsaved = true
}
