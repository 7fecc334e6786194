package raft

// applier is the task that feeds the state machine: with a snapshot if the log has
// no longer what comes next, otherwise with one committed entry after the other.
// It alone touches the state machine and lastApplied, so that the lock can be
// given up while the machine works.
func (rf *Raft) applier() {
	rf.lock()
	for {
		switch {
		case rf.lastApplied < rf.log.base:
			index, snapshot := rf.log.base, rf.snapshot
			rf.unlock()
			rf.machine.Restore(index, snapshot)
			rf.lock()
			rf.lastApplied = index
		case rf.lastApplied < rf.commitIndex:
			index := rf.lastApplied + 1
			command := rf.log.at(index).Command
			rf.unlock()
			rf.machine.Apply(index, command)
			rf.lock()
			rf.lastApplied = index
		case len(rf.log.entries) >= compactAt && rf.lastApplied > rf.log.base:
			index := rf.lastApplied
			rf.unlock()
			snapshot := rf.machine.Snapshot()
			rf.lock()
			rf.compactTo(index, snapshot)
		default:
			rf.applyCond.Wait()
		}
	}
}

// compactTo replaces the log up to index by our own snapshot, unless the leader has
// sent a newer one meanwhile.
func (rf *Raft) compactTo(index int, snapshot []byte) {
	if index > rf.log.base {
		rf.saveSnapshot(index, rf.log.term(index), snapshot)
	}
}
