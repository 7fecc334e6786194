package raft

import (
	"encoding/binary"
	"hash/fnv"
)

// chain is the state machine of a cluster whose commands mean nothing: a digest of
// all of them, in order. Two servers have the same one only if they have executed
// the same commands.
type chain struct{ sum uint64 }

// Apply takes a command into the digest.
func (m *chain) Apply(_ int, command []byte) {
	h := fnv.New64a()
	h.Write(m.Snapshot())
	h.Write(command)
	m.sum = h.Sum64()
}

// Snapshot returns the digest.
func (m *chain) Snapshot() []byte { return binary.BigEndian.AppendUint64(nil, m.sum) }

// Restore takes over another server's digest.
func (m *chain) Restore(_ int, snapshot []byte) { m.sum = binary.BigEndian.Uint64(snapshot) }
