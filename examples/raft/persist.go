package raft

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"time"

	"samerun/labrpc/labgob"
)

// nobody is the votedFor of a server that has not voted in its term.
const nobody = -1

// persistentState is what is on disk: the box "Persistent state on all servers" of
// Figure 2, and the snapshot. Whoever changes a part of it sets Raft.unsaved. The
// fields are exported because they are encoded.
type persistentState struct {
	CurrentTerm int
	VotedFor    int
	Base        int // what log.go calls base,
	BaseTerm    int // baseTerm
	Entries     []LogEntry
	Snapshot    []byte
}

// stateFile holds the persistent state, behind a checksum of four bytes. It is one
// file, and replaced as a whole, so that its parts always belong together.
const stateFile = "raft"

const checksumSize = 4

// restartAfter is how long a server stays away after its disk has failed.
const restartAfter = 50 * time.Millisecond

// save writes the persistent state, and returns when it is durable.
func (rf *Raft) save() {
	rf.saving = persistentState{rf.currentTerm, rf.votedFor, rf.log.base, rf.log.baseTerm, rf.log.entries, rf.snapshot}
	data, err := labgob.Marshal(append(rf.savingBuf[:0], make([]byte, checksumSize)...), &rf.saving)
	if err != nil {
		rf.w.Fail(fmt.Errorf("server %d cannot encode its state: %w", rf.me, err))
	}
	binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[checksumSize:]))
	rf.savingBuf = data
	if err := rf.node.Disk().WriteFile(stateFile, data); err != nil {
		rf.stop(err)
	}
}

// saveLater is the task of the bug ReplyBeforeSave.
func (rf *Raft) saveLater() {
	rf.w.Sleep(20 * time.Millisecond)
	rf.lock()
	rf.save()
	rf.unlock()
}

// load restores what earlier boots of the node have saved. What is in a snapshot
// was committed; the applier will hand it to the state machine.
func (rf *Raft) load() {
	rf.votedFor = nobody
	data, err := rf.node.Disk().ReadFile(stateFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return // the first boot, or none before has got as far as saving anything
	case err != nil:
		rf.stop(err)
	case len(data) < checksumSize || binary.BigEndian.Uint32(data) != crc32.ChecksumIEEE(data[checksumSize:]):
		rf.stop(errors.New("the saved state does not have the checksum that it should"))
	}
	var saved persistentState
	if err := labgob.Unmarshal(data[checksumSize:], &saved); err != nil {
		rf.w.Fail(fmt.Errorf("server %d cannot decode the state that it saved: %w", rf.me, err))
	}
	rf.currentTerm = saved.CurrentTerm
	if rf.bug != VoteNotSaved {
		rf.votedFor = saved.VotedFor
	}
	rf.log = raftLog{base: saved.Base, baseTerm: saved.BaseTerm, entries: saved.Entries, fresh: saved.Base + 1}
	rf.snapshot = saved.Snapshot
	rf.commitIndex = rf.log.base
	if rf.bug == CommandBeforeRestore {
		rf.lastApplied = rf.log.base
	}
}

// stop is what a server does whose disk has failed, and does not return. Nobody
// knows then what is on the disk, the old state or the new one. Either is fine as
// long as nobody was told of the new one: so the server says no more, and finds
// out when it starts again. A state that reads wrong is no state: as long as it
// does, the server takes no part.
func (rf *Raft) stop(err error) {
	rf.w.Logf("server %d stops: %v", rf.me, err)
	rf.w.Sleep(restartAfter)
	rf.node.Restart()
}
