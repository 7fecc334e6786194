package raft

import "slices"

// replicate begins a round of replication with one server: messages, one after the
// other, until it has all that this leader has. The caller holds mu, and leads.
func (rf *Raft) replicate(peer int) {
	term := rf.currentTerm
	rf.busy[peer]++
	go func() {
		rf.mu.Lock()
		defer rf.mu.Unlock()
		for rf.leads(term) {
			var ok bool
			if rf.nextIndex[peer] > rf.log.base {
				ok = rf.sendEntries(peer)
			} else {
				ok = rf.sendSnapshot(peer)
			}
			if !ok || rf.matchIndex[peer] == rf.log.last() {
				break
			}
		}
		if rf.leads(term) {
			rf.busy[peer]--
		}
	}()
}

// sendEntries sends one message with entries, and says whether it was answered. The
// caller holds mu and leads; mu is free while the message is on its way.
func (rf *Raft) sendEntries(peer int) bool {
	prev := rf.nextIndex[peer] - 1
	args := AppendEntriesArgs{
		Term:         rf.currentTerm,
		LeaderID:     rf.me,
		PrevLogIndex: prev,
		PrevLogTerm:  rf.log.term(prev),
		Entries:      rf.log.from(prev + 1),
		LeaderCommit: rf.commitIndex,
	}
	var reply AppendEntriesReply
	rf.mu.Unlock()
	ok := rf.peers[peer].Call("Raft.AppendEntries", &args, &reply)
	rf.mu.Lock()
	if !ok {
		return false
	}
	rf.observe(reply.Term)
	if !rf.leads(args.Term) {
		return true
	}
	switch {
	case reply.Success:
		rf.matched(peer, prev+len(args.Entries))
	case rf.nextIndex[peer] != prev+1:
		// The answer to an old message: another round has moved on since.
	default:
		rf.nextIndex[peer] = max(rf.matchIndex[peer]+1, rf.backUp(&reply))
	}
	return true
}

// backUp returns the index to go on from with a follower whose log did not fit
// (the end of section 5.3 of the paper). The caller holds mu.
func (rf *Raft) backUp(reply *AppendEntriesReply) int {
	if reply.ConflictTerm != 0 {
		if i, ok := rf.log.lastOf(reply.ConflictTerm); ok && i >= reply.ConflictIndex {
			return i + 1
		}
	}
	return reply.ConflictIndex
}

// matched notes that a server has all entries up to an index. The caller holds mu,
// and leads.
func (rf *Raft) matched(peer, index int) {
	if index > rf.matchIndex[peer] {
		rf.matchIndex[peer] = index
		rf.advanceCommit()
	}
	rf.nextIndex[peer] = max(rf.nextIndex[peer], rf.matchIndex[peer]+1)
}

// advanceCommit commits what a majority has, if it ends with an entry of this
// term (section 5.4.2). The caller holds mu, and leads.
func (rf *Raft) advanceCommit() {
	rf.matchIndex[rf.me] = rf.log.last()
	sorted := slices.Sorted(slices.Values(rf.matchIndex))
	index := sorted[len(sorted)-rf.majority()]
	if index > rf.commitIndex && rf.log.term(index) == rf.currentTerm {
		rf.commitTo(index)
	}
}
