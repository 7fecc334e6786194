package raft

import "time"

// RequestVoteArgs asks for a vote.
type RequestVoteArgs struct {
	Term         int
	CandidateID  int
	LastLogIndex int
	LastLogTerm  int
}

// RequestVoteReply answers it.
type RequestVoteReply struct {
	Term        int
	VoteGranted bool
}

// ticker starts an election whenever no leader has been heard of for too long.
func (rf *Raft) ticker() {
	for !rf.killed() {
		rf.mu.Lock()
		if rf.state == leader {
			rf.resetElectionTimer()
		} else if !time.Now().Before(rf.deadline) {
			rf.startElection()
		}
		wait := time.Until(rf.deadline)
		rf.mu.Unlock()
		time.Sleep(wait)
	}
}

// startElection makes this server a candidate. The caller holds mu.
func (rf *Raft) startElection() {
	rf.state = candidate
	rf.currentTerm++
	rf.votedFor = rf.me
	rf.persist()
	rf.resetElectionTimer()
	args := RequestVoteArgs{
		Term:         rf.currentTerm,
		CandidateID:  rf.me,
		LastLogIndex: rf.log.last(),
		LastLogTerm:  rf.log.lastTerm(),
	}
	votes := 1 // guarded by mu
	if votes == rf.majority() {
		rf.lead()
	}
	for peer := range rf.peers {
		if peer == rf.me {
			continue
		}
		go func() {
			var reply RequestVoteReply
			if !rf.peers[peer].Call("Raft.RequestVote", &args, &reply) {
				return
			}
			rf.mu.Lock()
			defer rf.mu.Unlock()
			rf.observe(reply.Term)
			if rf.state != candidate || rf.currentTerm != args.Term || !reply.VoteGranted {
				return // it has been decided, or was about another term
			}
			if votes++; votes == rf.majority() {
				rf.lead()
			}
		}()
	}
}

// lead makes a candidate the leader. The caller holds mu.
func (rf *Raft) lead() {
	rf.state = leader
	for peer := range rf.peers {
		rf.nextIndex[peer] = rf.log.last() + 1
		rf.matchIndex[peer] = 0
		rf.busy[peer] = 0
	}
	go rf.heartbeats(rf.currentTerm)
}

// heartbeats begins a round of replication with everyone, again and again, for as
// long as this server leads the term.
func (rf *Raft) heartbeats(term int) {
	for {
		rf.mu.Lock()
		if !rf.leads(term) {
			rf.mu.Unlock()
			return
		}
		for peer := range rf.peers {
			if peer != rf.me {
				rf.replicate(peer)
			}
		}
		rf.mu.Unlock()
		time.Sleep(heartbeatInterval)
	}
}

// RequestVote is the handler of a candidate's request.
func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.observe(args.Term)
	reply.Term = rf.currentTerm
	if args.Term < rf.currentTerm {
		return
	}
	free := rf.votedFor == nobody || rf.votedFor == args.CandidateID
	upToDate := args.LastLogTerm > rf.log.lastTerm() ||
		args.LastLogTerm == rf.log.lastTerm() && args.LastLogIndex >= rf.log.last()
	if free && upToDate {
		rf.votedFor = args.CandidateID
		rf.persist()
		rf.resetElectionTimer()
		reply.VoteGranted = true
	}
}
