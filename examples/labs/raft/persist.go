package raft

import (
	"bytes"
	"encoding/gob"
	"log"
)

// saved is what survives a crash, beside the snapshot.
type saved struct {
	CurrentTerm int
	VotedFor    int
	Base        int
	Log         []Entry
}

// persist saves what Figure 2 of the paper wants on disk before anybody hears of
// it. The caller holds mu.
func (rf *Raft) persist() {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(saved{rf.currentTerm, rf.votedFor, rf.log.base, rf.log.list}); err != nil {
		log.Fatalf("raft: the state of server %d cannot be saved: %v", rf.me, err)
	}
	rf.persister.Save(b.Bytes(), rf.snapshot)
}

// load brings back what was saved, if anything was.
func (rf *Raft) load() {
	data := rf.persister.ReadRaftState()
	if len(data) == 0 {
		return
	}
	var s saved
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		log.Fatalf("raft: the state of server %d cannot be read: %v", rf.me, err)
	}
	rf.currentTerm, rf.votedFor = s.CurrentTerm, s.VotedFor
	rf.log = entries{base: s.Base, list: s.Log}
	rf.snapshot = rf.persister.ReadSnapshot()
	// The service starts from the snapshot by itself.
	rf.commitIndex, rf.lastApplied = rf.log.base, rf.log.base
}
