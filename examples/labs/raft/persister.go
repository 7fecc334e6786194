package raft

import "sync"

// Persister is the disk of one server: what it has saved outlives a crash. It
// holds the state and the snapshot of one Save, never those of two.
type Persister struct {
	mu       sync.Mutex
	state    []byte
	snapshot []byte
}

// MakePersister returns an empty disk.
func MakePersister() *Persister { return new(Persister) }

// Copy returns a disk with the same contents, for the next life of a server: what
// the old one may still save does not reach it.
func (p *Persister) Copy() *Persister {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &Persister{state: p.state, snapshot: p.snapshot}
}

// Save replaces both the state and the snapshot.
func (p *Persister) Save(state, snapshot []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state, p.snapshot = state, snapshot
}

// ReadRaftState returns the state that was saved last, or nil.
func (p *Persister) ReadRaftState() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

// RaftStateSize returns the size of the state in bytes.
func (p *Persister) RaftStateSize() int { return len(p.ReadRaftState()) }

// ReadSnapshot returns the snapshot that was saved last, or nil.
func (p *Persister) ReadSnapshot() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.snapshot
}

// SnapshotSize returns the size of the snapshot in bytes.
func (p *Persister) SnapshotSize() int { return len(p.ReadSnapshot()) }
