package raft

import (
	"fmt"

	"samerun/labrpc/labgob"
)

// nobody is the votedFor of a server that has not voted in its term.
const nobody = -1

// persistentState is what is saved of currentTerm, votedFor and the log: the box
// "Persistent state on all servers" of Figure 2. Whoever changes one of them sets
// Raft.unsaved. The fields are exported because they are encoded.
type persistentState struct {
	CurrentTerm int
	VotedFor    int
	Base        int // what log.go calls base,
	BaseTerm    int // baseTerm
	Entries     []LogEntry
}

// The keys under which a node keeps the two halves of what it remembers. Both
// are written in one critical section, and a node crashes between tasks only, so
// that they always belong together.
const (
	stateKey    = "raft state"
	snapshotKey = "raft snapshot"
)

// save writes the persistent state. Only unlock calls it.
func (rf *Raft) save() {
	rf.saving = persistentState{rf.currentTerm, rf.votedFor, rf.log.base, rf.log.baseTerm, rf.log.entries}
	data, err := labgob.Marshal(rf.savingBuf[:0], &rf.saving)
	if err != nil {
		rf.w.Fail(fmt.Errorf("server %d cannot encode its state: %w", rf.me, err))
	}
	rf.savingBuf = data
	rf.node.Save(stateKey, data)
}

// load restores what earlier boots of the node have saved. What is in a snapshot
// was committed; the applier will hand it to the state machine.
func (rf *Raft) load() {
	rf.votedFor = nobody
	data := rf.node.Load(stateKey)
	if data == nil {
		return
	}
	var saved persistentState
	if err := labgob.Unmarshal(data, &saved); err != nil {
		rf.w.Fail(fmt.Errorf("server %d cannot decode the state that it saved: %w", rf.me, err))
	}
	rf.currentTerm, rf.votedFor = saved.CurrentTerm, saved.VotedFor
	rf.log = raftLog{base: saved.Base, baseTerm: saved.BaseTerm, entries: saved.Entries, fresh: saved.Base + 1}
	rf.snapshot = rf.node.Load(snapshotKey)
	rf.commitIndex = rf.log.base
}
