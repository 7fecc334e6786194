package raft

import "fmt"

// dump is what a server says of itself when a run is stopped (samerun replay -until). Nothing goes
// on then, so that it needs no lock.
func (rf *Raft) dump() string {
	vote := "nobody"
	if rf.votedFor != nobody {
		vote = fmt.Sprintf("n%d", rf.votedFor)
	}
	return fmt.Sprintf("%v of term %d, which voted for %s\nlog from %d to %d, committed to %d, applied to %d",
		rf.role, rf.currentTerm, vote, rf.log.base, rf.log.last(), rf.commitIndex, rf.lastApplied)
}
