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
	all   *samerunTable // the next table of the bubble
	next  *samerunTable // the next one that is free
	class uintptr       // it has samerunTableLeast entries times a power of four
	_     uintptr
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
// is of bubble b, and has the turn.
func (c *samerunCounts) next(b *synctestBubble, key uint64) uint64 {
	if key == 0 {
		key = 1
	}
	if c.last == nil || c.last.key != key {
		if c.table == nil || c.used*4 >= c.table.size()*3 {
			c.grow(b)
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
func (c *samerunCounts) grow(b *synctestBubble) {
	old := c.table
	if old == nil {
		c.table = samerunNewTable(b, 0)
		return
	}
	c.table = samerunNewTable(b, old.class+1)
	for i := range old.size() {
		if e := old.at(i); e.key != 0 {
			*c.table.find(e.key) = *e
		}
	}
	b.samerun.freeTable(old)
}

// drop gives the table back. Its goroutine exits, and has the turn.
func (c *samerunCounts) drop(b *synctestBubble) {
	if c.table != nil && b != nil && b.samerun.on && !b.samerun.ended {
		b.samerun.freeTable(c.table)
	}
	*c = samerunCounts{}
}

// samerunTableClasses is how many sizes of tables there are; none is that large.
const samerunTableClasses = 16

// samerunTables are tables of bubbles that have ended.
var samerunTables struct {
	lock mutex
	free [samerunTableClasses]*samerunTable
}

func (s *samerunTurn) freeTable(t *samerunTable) {
	t.next = s.tables[t.class]
	s.tables[t.class] = t
}

// samerunNewTable returns an empty table.
func samerunNewTable(b *synctestBubble, class uintptr) *samerunTable {
	s := &b.samerun
	t := s.tables[class]
	if t != nil {
		s.tables[class] = t.next
	} else {
		l := &samerunTables
		lock(&l.lock)
		if t = l.free[class]; t != nil {
			l.free[class] = t.next
		}
		unlock(&l.lock)
		if t == nil {
			size := unsafe.Sizeof(samerunTable{}) + samerunTableLeast<<(2*class)*unsafe.Sizeof(samerunCount{})
			t = (*samerunTable)(persistentalloc(size, 16, &memstats.other_sys))
			t.class = class
		}
		t.all = s.allTables
		s.allTables = t
	}
	t.next = nil
	memclrNoHeapPointers(unsafe.Pointer(t.at(0)), t.size()*unsafe.Sizeof(samerunCount{}))
	return t
}

// dropTables gives all tables of a bubble back, when it has ended.
func (s *samerunTurn) dropTables() {
	l := &samerunTables
	lock(&l.lock)
	for t := s.allTables; t != nil; {
		next := t.all
		t.next = l.free[t.class]
		l.free[t.class] = t
		t = next
	}
	unlock(&l.lock)
	s.allTables = nil
	s.tables = [samerunTableClasses]*samerunTable{}
}
