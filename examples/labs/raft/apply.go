package raft

// applier sends what is committed to the service, in order, and without holding
// the lock: the service may well be about to call Snapshot.
func (rf *Raft) applier() {
	defer close(rf.applyCh)
	rf.mu.Lock()
	defer rf.mu.Unlock()
	for !rf.killed() {
		var msg ApplyMsg
		switch {
		case rf.install:
			rf.install = false
			rf.lastApplied = rf.log.base
			msg = ApplyMsg{
				SnapshotValid: true,
				Snapshot:      rf.snapshot,
				SnapshotTerm:  rf.log.term(rf.log.base),
				SnapshotIndex: rf.log.base,
			}
		case rf.lastApplied < rf.commitIndex:
			rf.lastApplied++
			msg = ApplyMsg{
				CommandValid: true,
				Command:      rf.log.list[rf.lastApplied-rf.log.base].Command,
				CommandIndex: rf.lastApplied,
			}
		default:
			rf.applyCond.Wait()
			continue
		}
		rf.mu.Unlock()
		rf.applyCh <- msg
		rf.mu.Lock()
	}
}
