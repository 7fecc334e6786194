package raft

import (
	"math/rand/v2"
	"time"

	"samerun/labrpc"
	"samerun/sched"
	"samerun/sim"
)

// role is what a server is in its present term (§5.1, Figure 4).
type role uint8

const (
	follower role = iota
	candidate
	leader
)

// String returns the role in words.
func (r role) String() string { return [...]string{"follower", "candidate", "leader"}[r] }

// StateMachine is what a server replicates. Raft calls its methods from one task,
// one after the other, and holds no lock of its own meanwhile.
type StateMachine interface {
	// Apply executes a committed command. Indexes come in order, without gaps.
	Apply(index int, command []byte)
	// Snapshot returns the state after the last command that was applied.
	Snapshot() []byte
	// Restore replaces the state by one that Snapshot returned on some server
	// after the command at index.
	Restore(index int, snapshot []byte)
}

// Raft is one server of a cluster: Figure 2 of the paper, with the snapshots of
// §7. NewCluster makes it, once per boot of its node.
//
// All fields from currentTerm on are guarded by mu, which is locked by lock and
// given back by unlock; unlock saves what must survive a crash. Invariants while mu
// is free:
//
//   - currentTerm, votedFor and log are on disk as they are in memory, and so is snapshot;
//   - log.base ≤ commitIndex ≤ the last index of the log, and lastApplied ≤ commitIndex;
//   - a candidate or leader has voted for itself in currentTerm;
//   - progress has an entry for each server, and is up to date on a leader only.
type Raft struct {
	mu        sched.Mutex
	w         *sim.World
	node      *sim.Node
	rand      *rand.Rand
	me        int
	peers     []*labrpc.ClientEnd // peers[me] is not used
	machine   StateMachine
	onChange  func(*Raft) // tells the properties that something is new
	bug       Bug         // planted in it, if any
	applyCond sched.Cond  // signalled when the applier has work

	// Persistent state on all servers (Figure 2).
	currentTerm int // latest term this server has seen
	votedFor    int // candidate that received its vote in currentTerm, or nobody
	log         raftLog
	snapshot    []byte // the state machine as of log.base

	// Volatile state on all servers.
	role        role
	commitIndex int           // highest index known to be committed
	lastApplied int           // highest index applied to the state machine
	deadline    time.Duration // when the election timer runs out, by the node's clock

	votes    int        // of a candidate
	voted    []bool     // who gave them
	progress []progress // of the others, as a leader knows it
	rounds   []*round   // that have ended, to be used again

	unsaved   bool // the persistent state differs from the disk
	changed   bool // role, or what is on disk, or commitIndex is not what onChange saw
	saving    persistentState
	savingBuf []byte
}

// newRaft returns a server that remembers what it saved before, and does nothing
// yet. It is called by a task of the node that it lives on.
func newRaft(w *sim.World, node *sim.Node, me int, peers []*labrpc.ClientEnd, onChange func(*Raft), bug Bug) *Raft {
	rf := &Raft{w: w, node: node, rand: node.Rand(), me: me, peers: peers, onChange: onChange, bug: bug}
	rf.applyCond.L = critical{rf}
	rf.progress = make([]progress, len(peers))
	rf.voted = make([]bool, len(peers))
	rf.load()
	rf.changed = true
	return rf
}

// start lets the server take part.
func (rf *Raft) start(machine StateMachine) {
	rf.machine = machine
	rf.lock()
	rf.resetElectionTimer()
	rf.unlock()
	rf.w.Go("election timer", rf.electionTimer)
	rf.w.Go("applier", rf.applier)
}

// Start asks for a command to be replicated, and returns at once. If this server
// believes that it leads, the command has been given the index and term that are
// returned; whether it is committed there is seen when Apply is called for that
// index. Otherwise ok is false, and nothing was done. The command must not be
// changed afterwards. Only tasks of the server's own node may call it.
func (rf *Raft) Start(command []byte) (index, term int, ok bool) {
	rf.lock()
	defer rf.unlock()
	if rf.role != leader {
		return 0, rf.currentTerm, false
	}
	rf.log.append(LogEntry{Term: rf.currentTerm, Command: command})
	rf.unsaved = true
	rf.advanceCommit() // a cluster of one has its majority already
	rf.replicateNew()
	return rf.log.last(), rf.currentTerm, true
}

// State returns the current term, and whether this server believes that it leads.
func (rf *Raft) State() (term int, leads bool) {
	rf.lock()
	defer rf.unlock()
	return rf.currentTerm, rf.role == leader
}

// lock begins a critical section.
func (rf *Raft) lock() { rf.mu.Lock() }

// unlock ends every critical section. Nobody can have seen, and no message can
// have told, what happened in it before it is on disk: this is what Figure 2 asks
// for with "updated on stable storage before responding to RPCs".
func (rf *Raft) unlock() {
	if rf.unsaved {
		if rf.bug == ReplyBeforeSave {
			rf.w.Go("save", rf.saveLater)
		} else {
			rf.save()
		}
		rf.unsaved, rf.changed = false, true
	}
	if rf.changed {
		rf.changed = false
		rf.onChange(rf)
	}
	rf.mu.Unlock()
}

// critical is lock and unlock in the shape that a Cond wants.
type critical struct{ rf *Raft }

func (c critical) Lock()   { c.rf.lock() }
func (c critical) Unlock() { c.rf.unlock() }

// become changes the role.
func (rf *Raft) become(r role) {
	rf.role = r
	rf.changed = true
}

// observeTerm is the rule for all servers (Figure 2): whoever sees a higher term,
// in a request or a reply, adopts it and becomes a follower.
func (rf *Raft) observeTerm(term int) {
	if term > rf.currentTerm {
		rf.currentTerm = term
		rf.votedFor = nobody
		rf.unsaved = true
		if rf.bug == LeadsOn && rf.role == leader {
			return
		}
		rf.become(follower)
	}
}

// majority is how many servers are more than half of the cluster.
func (rf *Raft) majority() int {
	if rf.bug == WrongQuorum {
		return len(rf.peers) / 2
	}
	return len(rf.peers)/2 + 1
}
