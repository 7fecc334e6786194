package runtime

import (
	"internal/goarch"
	"unsafe"
)

// How much is watched: so many variables and objects, and so many bytes of them.
const (
	samerunSeenMost  = 1 << 14
	samerunSeenBytes = 4 << 20
)

// samerunSeen is a variable, or an object to which one leads: where it is, and where its copy
// and its marks are.
type samerunSeen struct {
	addr, size  uintptr
	copy, marks uintptr
	shape       uint32
	variable    uint32
	itself      bool
}

// samerunCopy is what was there at a moment. There are two: a new one is made with the
// help of the one before.
type samerunCopy struct {
	list  uintptr // an array of samerunSeen
	n     int
	bytes uintptr // the copies, and the marks behind them
	used  uintptr
	table uintptr // an array of uint32: by address and shape, the place in the list and one more, or 0
	size  uintptr // how much of it is in use, a power of two
}

// samerunTableMost leaves at least half of the table free.
const samerunTableMost = 2 * samerunSeenMost

// make finds the room. Pages that are not used are none that the system gives.
func (c *samerunCopy) make() {
	c.list = uintptr(persistentalloc(samerunSeenMost*unsafe.Sizeof(samerunSeen{}), goarch.PtrSize, &memstats.other_sys))
	c.bytes = uintptr(persistentalloc(2*samerunSeenBytes, goarch.PtrSize, &memstats.other_sys))
	c.table = uintptr(persistentalloc(samerunTableMost*4, 4, &memstats.other_sys))
	c.clear(0)
}

// clear empties it, for about n things.
func (c *samerunCopy) clear(n int) {
	c.n, c.used, c.size = 0, 0, 64
	for c.size < samerunTableMost && c.size < 4*uintptr(n) {
		c.size *= 2
	}
	memclrNoHeapPointers(unsafe.Pointer(c.table), c.size*4)
}

func (c *samerunCopy) at(i int) *samerunSeen {
	return (*samerunSeen)(unsafe.Pointer(c.list + uintptr(i)*unsafe.Sizeof(samerunSeen{})))
}

// slot is where in the table a thing is, or would be.
func (c *samerunCopy) slot(addr uintptr, shape uint32) *uint32 {
	for h := uintptr(samerunMix(uint64(addr), uint64(shape))); ; h++ {
		s := (*uint32)(unsafe.Pointer(c.table + h&(c.size-1)*4))
		if *s == 0 {
			return s
		}
		if o := c.at(int(*s) - 1); o.addr == addr && o.shape == shape {
			return s
		}
	}
}

// enter makes room for a thing in the table and in the list, where o has its place by now. It
// returns nil if there is none, or if the thing is there already.
func (c *samerunCopy) enter(addr, size uintptr, shape uint32) *samerunSeen {
	s := c.slot(addr, shape)
	if *s != 0 {
		return nil
	}
	room := (size + 7) &^ 7
	if c.n == samerunSeenMost || room > samerunSeenBytes-c.used {
		samerunShared.full = true
		return nil
	}
	o := c.at(c.n)
	c.n++
	*s = uint32(c.n)
	*o = samerunSeen{addr: addr, size: size, copy: c.bytes + c.used, marks: c.bytes + samerunSeenBytes + c.used, shape: shape}
	c.used += room
	if uintptr(c.n)*2 > c.size && c.size < samerunTableMost {
		c.size *= 2
		memclrNoHeapPointers(unsafe.Pointer(c.table), c.size*4)
		for i := range c.n {
			old := c.at(i)
			*c.slot(old.addr, old.shape) = uint32(i + 1)
		}
	}
	return o
}

// samerunSharedLook compares all with the copy and makes a new one. It runs on g0.
func samerunSharedLook() {
	w, l := &samerunShared, &samerunSharedLayout
	if w.began && w.now.same() {
		w.nUsed = 0
		return
	}
	w.now, w.before = w.before, w.now
	w.now.clear(w.before.n)
	for i := range l.vars.n {
		l.reach(l.vars.at(i, 0), uint32(l.vars.at(i, 1)), 1, uint32(i), true)
	}
	for i := 0; i < w.now.n; i++ {
		o := w.now.at(i)
		size := l.shapes.at(int(o.shape), 0)
		for at := uintptr(0); at < o.size; at += size {
			l.follow(o.addr+at, min(size, o.size-at), o.shape, o.variable, 0)
		}
	}
	w.nUsed = 0
}

// same reports whether nothing has changed and none of it was used, so that all is still there.
func (c *samerunCopy) same() bool {
	for i := range c.n {
		o := c.at(i)
		if !memequal(unsafe.Pointer(o.addr), unsafe.Pointer(o.copy), o.size) {
			return false
		}
		for j := range samerunShared.nUsed {
			if samerunShared.used[j]-o.addr < o.size {
				return false
			}
		}
	}
	return true
}

// reach comes to n things of a shape, in a row, to which a variable leads.
func (l *samerunLayout) reach(addr uintptr, shape uint32, n uintptr, variable uint32, itself bool) {
	w, size := &samerunShared, l.shapes.at(int(shape), 0)
	if n > samerunSeenBytes { // as of empty structs
		n = samerunSeenBytes
	}
	if size = min(size*n, samerunExtent(addr)); size == 0 {
		return
	}
	o := w.now.enter(addr, size, shape)
	if o == nil {
		return
	}
	o.variable, o.itself = variable, itself
	memclrNoHeapPointers(unsafe.Pointer(o.marks), size)
	if w.began {
		if s := w.before.slot(addr, shape); *s != 0 {
			o.compare(w.before.at(int(*s)-1), l.shapes.at(int(shape), 1))
		}
	}
	memmove(unsafe.Pointer(o.copy), unsafe.Pointer(addr), size)
}

// samerunExtent is how many bytes may be read from an address on: up to the end of the object, or
// of the package variables. It is 0 for what is neither.
func samerunExtent(addr uintptr) uintptr {
	if addr < minLegalPointer {
		return 0
	}
	if s := spanOfHeap(addr); s != nil && s.elemsize != 0 && addr < s.limit {
		end := s.base() + (addr-s.base())/s.elemsize*s.elemsize + s.elemsize
		return min(end, s.limit) - addr
	}
	for m := &firstmoduledata; m != nil; m = m.next {
		for _, part := range [...][2]uintptr{{m.noptrdata, m.enoptrdata}, {m.data, m.edata}, {m.bss, m.ebss}, {m.noptrbss, m.enoptrbss}} {
			if addr >= part[0] && addr < part[1] {
				return part[1] - addr
			}
		}
	}
	return 0
}

// samerunSharedWord reads a word, if it may be read.
func samerunSharedWord(addr uintptr) uintptr {
	if samerunExtent(addr) < goarch.PtrSize {
		return 0
	}
	return *(*uintptr)(unsafe.Pointer(addr))
}
