package disk

import (
	"slices"

	"samerun/internal/keyed"
)

// SectorSize is the number of bytes that a disk writes as one: at a crash a
// sector has its old contents or its new ones. Sectors begin at the multiples of
// SectorSize within a file.
const SectorSize = 512

// maxFileSize is the largest size of a file in bytes. A bigger offset is a
// mistake, and would take the memory of the machine.
const maxFileSize = 1 << 30

// inode is a file without its name.
//
// Invariant: carrying out pending on stored, in its order, gives cache.
type inode struct {
	label   *label // what faults know it by
	cache   []byte
	stored  []byte
	pending []write
}

// write is a change of the contents that waits for a sync.
type write struct {
	key      keyed.Key // whether it survives a crash is drawn from it
	file     *label    // by which it was counted
	nth      uint64    // among the writes of that
	off      int64     // of data; for a truncation the new size
	data     []byte
	truncate bool
}

func (w write) apply(b []byte) []byte {
	if w.truncate {
		return resize(b, int(w.off))
	}
	if end := int(w.off) + len(w.data); end > len(b) {
		b = resize(b, end)
	}
	copy(b[w.off:], w.data)
	return b
}

// sectors cuts a write into the parts that are written as one.
func (w write) sectors() []write {
	if w.truncate {
		return []write{w}
	}
	var parts []write
	off, data := w.off, w.data
	for len(data) > 0 {
		n := min(SectorSize-int(off%SectorSize), len(data))
		parts = append(parts, write{off: off, data: data[:n]})
		off, data = off+int64(n), data[n:]
	}
	return parts
}

// put carries a write out in the cache.
func (n *inode) put(w write) {
	n.cache = w.apply(n.cache)
	n.pending = append(n.pending, w)
}

// sync carries all that waits out on the medium.
func (n *inode) sync() {
	for _, w := range n.pending {
		n.stored = w.apply(n.stored)
	}
	clear(n.pending) // a log syncs after each write: keep the room, not the data
	n.pending = n.pending[:0]
}

// forget makes the cache what the medium is.
func (n *inode) forget() {
	n.pending = nil
	n.cache = append(n.cache[:0], n.stored...)
}

// resize cuts b or extends it with zeros.
func resize(b []byte, size int) []byte {
	old := len(b)
	if size <= old {
		return b[:size]
	}
	b = slices.Grow(b, size-old)[:size]
	clear(b[old:]) // Grow may have found bytes that a truncation left behind
	return b
}
