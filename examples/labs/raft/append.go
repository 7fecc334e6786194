package raft

// AppendEntriesArgs brings entries to a follower, or none as a heartbeat.
type AppendEntriesArgs struct {
	Term         int
	LeaderID     int
	PrevLogIndex int
	PrevLogTerm  int
	Entries      []Entry
	LeaderCommit int
}

// AppendEntriesReply answers it. Of a follower whose log does not fit, it says
// where the leader should go on: ConflictIndex is the first index of the follower's
// entries of ConflictTerm, or, without such a term, the end of what can be in common.
type AppendEntriesReply struct {
	Term          int
	Success       bool
	ConflictTerm  int // 0: the log has no entry at PrevLogIndex
	ConflictIndex int
}

// AppendEntries is the handler of a leader's message.
func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if !rf.follow(args.Term) {
		reply.Term = rf.currentTerm
		return
	}
	reply.Term = rf.currentTerm
	prev, list := args.PrevLogIndex, args.Entries
	if prev < rf.log.base {
		// The snapshot has the first of them, which are committed.
		list = list[min(len(list), rf.log.base-prev):]
		prev = rf.log.base
	} else if prev > rf.log.last() {
		reply.ConflictIndex = rf.log.last() + 1
		return
	} else if rf.log.term(prev) != args.PrevLogTerm {
		reply.ConflictTerm = rf.log.term(prev)
		reply.ConflictIndex = rf.log.firstOf(prev)
		return
	}
	for i, e := range list {
		// Entries that are there already stay, and so does what comes behind
		// them: this may be an old message.
		if index := prev + 1 + i; !rf.log.has(index, e.Term) {
			if index <= rf.log.last() {
				rf.log.truncate(index - 1)
			}
			rf.log.append(list[i:]...)
			rf.persist()
			break
		}
	}
	rf.commitTo(min(args.LeaderCommit, args.PrevLogIndex+len(args.Entries)))
	reply.Success = true
}

// follow is what every message of a leader does first. It reports whether its
// sender is the leader of the current term. The caller holds mu.
func (rf *Raft) follow(term int) bool {
	rf.observe(term)
	if term < rf.currentTerm {
		return false
	}
	rf.state = follower
	rf.resetElectionTimer()
	return true
}

// commitTo takes entries up to an index as committed. The caller holds mu.
func (rf *Raft) commitTo(index int) {
	if index > rf.commitIndex {
		rf.commitIndex = index
		rf.applyCond.Broadcast()
	}
}
