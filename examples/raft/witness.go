package raft

import (
	"bytes"
	"fmt"
)

// witness stands between a server's Raft and its state machine, and compares what
// the machine is told with what the others were told: State Machine Safety.
//
// Invariant: last is the index up to which the machine was told everything.
type witness struct {
	c       *Cluster
	server  int
	machine StateMachine
	last    int
}

// Apply notes a command, and passes it on.
func (m *witness) Apply(index int, command []byte) {
	h := &m.c.history
	switch {
	case index != m.last+1:
		h.violated(stateMachineSafety, "n%d applies index %d after index %d", m.server, index, m.last)
	case index == len(h.applied)+1:
		h.applied = append(h.applied, command)
	case index > len(h.applied):
		h.violated(stateMachineSafety, "n%d applies index %d; nobody has applied %d", m.server, index, len(h.applied)+1)
	case !bytes.Equal(h.applied[index-1], command):
		h.violated(stateMachineSafety, "n%d applies %q at index %d, where another has applied %q", m.server, command, index, h.applied[index-1])
	}
	m.last = index
	m.machine.Apply(index, command)
}

// Snapshot compares the machine's state with that of others at the same index.
func (m *witness) Snapshot() []byte {
	snapshot := m.machine.Snapshot()
	m.compare(m.last, snapshot)
	return snapshot
}

// Restore does so too, and passes the snapshot on.
func (m *witness) Restore(index int, snapshot []byte) {
	if index <= m.last {
		m.c.history.violated(stateMachineSafety, "n%d restores a snapshot of index %d after index %d", m.server, index, m.last)
	}
	m.compare(index, snapshot)
	m.last = index
	m.machine.Restore(index, snapshot)
}

// compare holds a snapshot against the first one that was taken at that index.
func (m *witness) compare(index int, snapshot []byte) {
	h := &m.c.history
	first, ok := h.snapshots[index]
	if !ok {
		h.snapshots[index] = snapshot
	} else if !bytes.Equal(first, snapshot) {
		h.violated(stateMachineSafety, "n%d has a state after index %d that differs from another's: %s", m.server, index, differ(snapshot, first))
	}
}

// differ says where two snapshots part.
func differ(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%d and %d bytes, the first %d equal", len(a), len(b), i)
}
