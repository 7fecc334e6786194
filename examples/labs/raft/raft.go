// Package raft is the Raft consensus algorithm (Ongaro and Ousterhout, "In Search
// of an Understandable Consensus Algorithm", extended version) the way a student
// writes it for a lab: one big mutex, a goroutine for each RPC, time.Sleep and
// math/rand for the time-outs, and a channel for what is committed.
package raft

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"time"

	"labs/labrpc"
)

const (
	heartbeatInterval = 50 * time.Millisecond
	electionTimeout   = 350 * time.Millisecond // and up to as much again
)

// ApplyMsg is what a server tells its service: the next committed command, or a
// snapshot that replaces all commands up to its index.
type ApplyMsg struct {
	CommandValid bool
	Command      any
	CommandIndex int

	SnapshotValid bool
	Snapshot      []byte
	SnapshotTerm  int
	SnapshotIndex int
}

type state int

const (
	follower state = iota
	candidate
	leader
)

const nobody = -1

// Raft is one server of a cluster. mu guards all fields below it.
type Raft struct {
	peers     []*labrpc.ClientEnd
	me        int
	persister *Persister
	applyCh   chan ApplyMsg
	dead      atomic.Bool

	mu        sync.Mutex
	applyCond *sync.Cond // there may be something to apply

	// On disk (Figure 2 of the paper).
	currentTerm int
	votedFor    int
	log         entries
	snapshot    []byte // the service as of log.base

	state       state
	deadline    time.Time // of the election timer
	commitIndex int
	lastApplied int
	install     bool // the snapshot has yet to be told to the service

	// Of a leader.
	nextIndex  []int
	matchIndex []int
	busy       []int // rounds of replication under way
}

// Make starts the server peers[me]. It remembers what persister holds, and sends
// what is committed to applyCh, which it closes once it is killed.
func Make(peers []*labrpc.ClientEnd, me int, persister *Persister, applyCh chan ApplyMsg) *Raft {
	rf := &Raft{
		peers:      peers,
		me:         me,
		persister:  persister,
		applyCh:    applyCh,
		votedFor:   nobody,
		log:        emptyLog(),
		nextIndex:  make([]int, len(peers)),
		matchIndex: make([]int, len(peers)),
		busy:       make([]int, len(peers)),
	}
	rf.applyCond = sync.NewCond(&rf.mu)
	rf.load()
	rf.resetElectionTimer()
	go rf.ticker()
	go rf.applier()
	return rf
}

// GetState returns the current term, and whether this server believes it leads.
func (rf *Raft) GetState() (term int, isLeader bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	return rf.currentTerm, rf.state == leader
}

// Start asks for a command to be replicated, and returns at once. A leader says at
// which index the command will appear if it is ever committed.
func (rf *Raft) Start(command any) (index, term int, isLeader bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if rf.state != leader || rf.killed() {
		return -1, rf.currentTerm, false
	}
	rf.log.append(Entry{rf.currentTerm, command})
	rf.persist()
	rf.advanceCommit()
	for peer := range rf.peers {
		// A round under way will take the command along.
		if peer != rf.me && rf.busy[peer] == 0 {
			rf.replicate(peer)
		}
	}
	return rf.log.last(), rf.currentTerm, true
}

// Kill tells the goroutines of the server to end.
func (rf *Raft) Kill() {
	rf.dead.Store(true)
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.applyCond.Broadcast()
}

func (rf *Raft) killed() bool { return rf.dead.Load() }

// leads reports whether this server still leads the term. The caller holds mu, as
// do those of the methods below.
func (rf *Raft) leads(term int) bool {
	return rf.state == leader && rf.currentTerm == term && !rf.killed()
}

// observe is the rule for all servers: a higher term makes a follower.
func (rf *Raft) observe(term int) {
	if term > rf.currentTerm {
		rf.currentTerm = term
		rf.votedFor = nobody
		rf.state = follower
		rf.persist()
	}
}

func (rf *Raft) resetElectionTimer() {
	rf.deadline = time.Now().Add(electionTimeout + time.Duration(rand.Int63n(int64(electionTimeout))))
}

func (rf *Raft) majority() int { return len(rf.peers)/2 + 1 }
