package raft

import "slices"

// InstallSnapshotArgs brings a whole snapshot to a follower that is far behind.
type InstallSnapshotArgs struct {
	Term              int
	LeaderID          int
	LastIncludedIndex int
	LastIncludedTerm  int
	Data              []byte
}

// InstallSnapshotReply answers it.
type InstallSnapshotReply struct {
	Term int
}

// Snapshot says that the service has saved all it knows after the command at
// index, so that the log up to there is needed no longer.
func (rf *Raft) Snapshot(index int, snapshot []byte) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if index <= rf.log.base || index > rf.lastApplied {
		return // a later one came first
	}
	rf.log.compact(index, rf.log.term(index))
	rf.snapshot = slices.Clone(snapshot)
	rf.persist()
}

// InstallSnapshot is the handler of a leader's snapshot.
func (rf *Raft) InstallSnapshot(args *InstallSnapshotArgs, reply *InstallSnapshotReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	following := rf.follow(args.Term)
	reply.Term = rf.currentTerm
	if !following || args.LastIncludedIndex <= rf.commitIndex {
		return // all of it is here already, and applied or about to be
	}
	if !rf.log.has(args.LastIncludedIndex, args.LastIncludedTerm) {
		rf.log.truncate(rf.log.base)
	}
	rf.log.compact(args.LastIncludedIndex, args.LastIncludedTerm)
	rf.snapshot = args.Data
	rf.persist()
	rf.install = true
	rf.commitTo(args.LastIncludedIndex)
}

// sendSnapshot is sendEntries for a server that needs entries which are gone.
func (rf *Raft) sendSnapshot(peer int) bool {
	args := InstallSnapshotArgs{
		Term:              rf.currentTerm,
		LeaderID:          rf.me,
		LastIncludedIndex: rf.log.base,
		LastIncludedTerm:  rf.log.term(rf.log.base),
		Data:              rf.snapshot,
	}
	var reply InstallSnapshotReply
	rf.mu.Unlock()
	ok := rf.peers[peer].Call("Raft.InstallSnapshot", &args, &reply)
	rf.mu.Lock()
	if !ok {
		return false
	}
	rf.observe(reply.Term)
	if rf.leads(args.Term) {
		rf.matched(peer, args.LastIncludedIndex)
	}
	return true
}
