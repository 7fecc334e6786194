package runtime

import "unsafe"

// samerunCounts counts for a goroutine by keys: how many goroutines it has started at
// a place, how many points it has passed in a function. It is a hash table with linear
// probing outside of the heap, of no size as long as nothing is counted. Its tables
// are used again when goroutines exit.
type samerunCounts struct {
	table *samerunTable
	used  uintptr
	last  *samerunCount // the one that was counted last
}

// samerunCount is one of the counts, or all zero.
type samerunCount struct {
	key, n uint64
}

// samerunTable is the head of a table; its entries follow.
type samerunTable struct {
	_     notInHeap
	next  *samerunTable // the next one that is free
	class uintptr       // it has samerunTableLeast entries times a power of four
}

const samerunTableLeast = 4

func (t *samerunTable) size() uintptr { return samerunTableLeast << (2 * t.class) }

func (t *samerunTable) at(i uintptr) *samerunCount {
	return (*samerunCount)(unsafe.Pointer(uintptr(unsafe.Pointer(t)) + unsafe.Sizeof(samerunTable{}) + i*unsafe.Sizeof(samerunCount{})))
}

// find returns the entry of a key, or the empty one that is to be its own.
func (t *samerunTable) find(key uint64) *samerunCount {
	mask := t.size() - 1
	for i := uintptr(key) & mask; ; i = (i + 1) & mask {
		if c := t.at(i); c.key == key || c.key == 0 {
			return c
		}
	}
}

// next counts one more for a key, and returns how many there are by now. The goroutine
// has the turn.
func (c *samerunCounts) next(key uint64) uint64 {
	if key == 0 {
		key = 1
	}
	if c.last == nil || c.last.key != key {
		if c.table == nil || c.used*4 >= c.table.size()*3 {
			c.grow()
		}
		c.last = c.table.find(key)
		if c.last.key == 0 {
			c.last.key = key
			c.used++
		}
	}
	c.last.n++
	return c.last.n
}

// grow makes room.
func (c *samerunCounts) grow() {
	old := c.table
	if old == nil {
		c.table = samerunNewTable(0)
		return
	}
	c.table = samerunNewTable(old.class + 1)
	for i := range old.size() {
		if e := old.at(i); e.key != 0 {
			*c.table.find(e.key) = *e
		}
	}
	samerunTurns.freeTable(old)
}

// drop gives the table back. Its goroutine exits, and has the turn.
func (c *samerunCounts) drop() {
	if c.table != nil {
		samerunTurns.freeTable(c.table)
	}
	*c = samerunCounts{}
}

// samerunTableClasses is how many sizes of tables there are; none is that large.
const samerunTableClasses = 16

func (s *samerunTurn) freeTable(t *samerunTable) {
	t.next = s.tables[t.class]
	s.tables[t.class] = t
}

// samerunNewTable returns an empty table.
func samerunNewTable(class uintptr) *samerunTable {
	s := &samerunTurns
	t := s.tables[class]
	if t != nil {
		s.tables[class] = t.next
	} else {
		size := unsafe.Sizeof(samerunTable{}) + samerunTableLeast<<(2*class)*unsafe.Sizeof(samerunCount{})
		t = (*samerunTable)(persistentalloc(size, 16, &memstats.other_sys))
		t.class = class
	}
	t.next = nil
	memclrNoHeapPointers(unsafe.Pointer(t.at(0)), t.size()*unsafe.Sizeof(samerunCount{}))
	return t
}
