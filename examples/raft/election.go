package raft

// RequestVoteArgs is what a candidate sends (Figure 2, RequestVote RPC).
type RequestVoteArgs struct {
	Term         int // candidate's term
	CandidateID  int // candidate requesting vote
	LastLogIndex int // index of candidate's last log entry
	LastLogTerm  int // term of candidate's last log entry
}

// RequestVoteReply is the answer.
type RequestVoteReply struct {
	Term        int  // for the candidate to update itself
	VoteGranted bool // true means the candidate received the vote
}

// RequestVote is the handler of that RPC.
func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.lock()
	defer rf.unlock()
	rf.observeTerm(args.Term)
	reply.Term = rf.currentTerm
	if rf.mayVoteFor(args) {
		rf.votedFor = args.CandidateID
		rf.unsaved = true
		rf.resetElectionTimer()
		reply.VoteGranted = true
	}
}

// mayVoteFor is rules 1 and 2 of the receiver: no vote in an old term, one vote
// in a term, and only for a log that is at least as up to date as our own.
func (rf *Raft) mayVoteFor(args *RequestVoteArgs) bool {
	return args.Term == rf.currentTerm &&
		(rf.votedFor == nobody || rf.votedFor == args.CandidateID) &&
		rf.upToDate(args.LastLogIndex, args.LastLogTerm)
}

// upToDate compares a log with ours (§5.4.1): the later last term wins, and of
// equal terms the longer log. It is what makes Leader Completeness hold.
func (rf *Raft) upToDate(lastIndex, lastTerm int) bool {
	if lastTerm != rf.log.lastTerm() && rf.bug != LastTermIgnored {
		return lastTerm > rf.log.lastTerm()
	}
	return lastIndex >= rf.log.last() || rf.bug == ShorterLogElected
}

// startElection is what a follower or candidate does when its election timer has
// run out (§5.2).
func (rf *Raft) startElection() {
	rf.currentTerm++
	rf.votedFor = rf.me
	rf.unsaved = true
	rf.become(candidate)
	rf.votes = 1
	clear(rf.voted)
	rf.resetElectionTimer()
	rf.countVotes() // a cluster of one has its majority already
	args := &RequestVoteArgs{
		Term:         rf.currentTerm,
		CandidateID:  rf.me,
		LastLogIndex: rf.log.last(),
		LastLogTerm:  rf.log.lastTerm(),
	}
	rf.w.Go("campaign", func() { rf.campaign(args) })
}

// campaign is the task of a candidate that asks for votes, and asks those again
// that have not answered in time (§5.1). It ends with the election.
func (rf *Raft) campaign(args *RequestVoteArgs) {
	for {
		rf.lock()
		if rf.role != candidate || rf.currentTerm != args.Term {
			rf.unlock()
			return
		}
		for peer := range rf.peers {
			if peer != rf.me && !rf.voted[peer] {
				rf.w.Go("ask for vote", func() { rf.askForVote(peer, args) })
			}
		}
		rf.unlock()
		rf.w.Sleep(askAgain)
	}
}

// askForVote asks one server, once.
func (rf *Raft) askForVote(peer int, args *RequestVoteArgs) {
	var reply RequestVoteReply
	if !rf.peers[peer].Call("Raft.RequestVote", args, &reply) {
		return
	}
	rf.lock()
	defer rf.unlock()
	rf.observeTerm(reply.Term)
	if !reply.VoteGranted || rf.role != candidate {
		return
	}
	if rf.currentTerm != args.Term && rf.bug != OldVotesCounted {
		return // the answer is to a question of an earlier term
	}
	if rf.voted[peer] && rf.bug != DuplicateVotesCounted {
		return // the question was asked twice
	}
	rf.voted[peer] = true
	rf.votes++
	rf.countVotes()
}

// countVotes makes a candidate the leader once a majority has voted for it.
func (rf *Raft) countVotes() {
	if rf.votes < rf.majority() {
		return
	}
	rf.become(leader)
	for peer := range rf.progress {
		rf.progress[peer] = progress{next: rf.log.last() + 1}
	}
	term := rf.currentTerm
	rf.w.Go("heartbeats", func() { rf.heartbeats(term) })
}

// leads says whether this server is still the leader that it was in that term.
func (rf *Raft) leads(term int) bool {
	return rf.role == leader && rf.currentTerm == term
}
