package raft

import "time"

// The three times of §5.6: broadcastTime ≪ electionTimeout ≪ MTBF. A calm link
// takes less than a millisecond, an unreliable one up to 27 each way.
const (
	// heartbeatInterval is how long a leader is silent at most.
	heartbeatInterval = 100 * time.Millisecond
	// askAgain is how long a candidate waits for an answer before it asks again.
	askAgain = 100 * time.Millisecond
	// An election timer runs for a time drawn anew each time between these two,
	// so that rarely two servers become candidates together (§5.2).
	electionTimeoutMin = 150 * time.Millisecond
	electionTimeoutMax = 300 * time.Millisecond
)

// now is the time by the clock of the server's node, which may be wrong: timing
// decides when something is tried, never whether it is right.
func (rf *Raft) now() time.Duration { return rf.node.Clock().Elapsed() }

// resetElectionTimer gives the leader, or the candidate, some more time. It only
// moves the deadline: the task electionTimer looks at it when it wakes, so that a
// heartbeat costs no event.
func (rf *Raft) resetElectionTimer() {
	spread := int64(electionTimeoutMax - electionTimeoutMin)
	rf.deadline = rf.now() + electionTimeoutMin + time.Duration(rf.rand.Int64N(spread))
}

// electionTimer is the task that starts an election whenever the deadline passes.
func (rf *Raft) electionTimer() {
	for {
		rf.lock()
		if rf.now() >= rf.deadline {
			if rf.role == leader || rf.role == candidate && rf.bug == CandidateGivesUp {
				rf.resetElectionTimer()
			} else {
				rf.startElection()
			}
		}
		wait := rf.deadline - rf.now()
		rf.unlock()
		rf.w.Sleep(wait)
	}
}

// heartbeats is the task of a leader that keeps the others from starting
// elections. It ends with the leadership.
func (rf *Raft) heartbeats(term int) {
	for {
		rf.lock()
		if !rf.leads(term) {
			rf.unlock()
			return
		}
		rf.replicateAll()
		rf.unlock()
		rf.w.Sleep(heartbeatInterval)
	}
}
