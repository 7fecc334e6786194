package runtime

import (
	"internal/goarch"
	"unsafe"
)

// samerunCensus is all goroutines but those that have died with their nodes, which never become
// others: an array of pointers outside of the heap. A crash looks at these, so that it takes no
// longer after thousands of others.
//
// Invariant: it has those of the first seen of allgs that are not left out.
var samerunCensus struct {
	list         uintptr
	n, cap, seen uintptr
}

func samerunCensusAt(i uintptr) *guintptr {
	return (*guintptr)(unsafe.Pointer(samerunCensus.list + i*goarch.PtrSize))
}

// samerunForEachLiving calls f with each of them, and with those that were made since. The caller
// has the turn.
func samerunForEachLiving(f func(gp *g)) {
	c := &samerunCensus
	all, n := atomicAllG()
	for ; c.seen < n; c.seen++ {
		if c.n == c.cap {
			room := max(256, 2*c.cap)
			list := uintptr(persistentalloc(room*goarch.PtrSize, 8, &memstats.other_sys))
			if c.n > 0 {
				memmove(unsafe.Pointer(list), unsafe.Pointer(c.list), c.n*goarch.PtrSize)
			}
			c.list, c.cap = list, room
		}
		samerunCensusAt(c.n).set(atomicAllGIndex(all, c.seen))
		c.n++
	}
	for i := uintptr(0); i < c.n; i++ {
		f(samerunCensusAt(i).ptr())
	}
}

// samerunLeaveOut takes those out that were found to die with a life.
func samerunLeaveOut(life uint32) {
	c := &samerunCensus
	kept := uintptr(0)
	for i := uintptr(0); i < c.n; i++ {
		gp := samerunCensusAt(i).ptr()
		if gp.samerun.life == life && gp.bubble != nil && !samerunIsDead(gp) {
			continue
		}
		samerunCensusAt(kept).set(gp)
		kept++
	}
	c.n = kept
}
