package runtime

import (
	"internal/goarch"
	"unsafe"
)

// How far samerunReaches looks: so many pointers away from the stack, and so many words of an
// object. What a program is about to use is mostly near; what is far is shared by all.
const (
	samerunReachDeep  = 3
	samerunReachWords = 128
)

// samerunReaches marks those of some things, by their addresses, to which a goroutine that
// stands still has a pointer: in its own stack, or near. The stack is that of the program's
// functions and of those that called them. It is read word by word, so that what looks like a
// pointer counts. queue, depth and seen are room for the search, which ends when it is full.
//
//go:linkname samerunReaches testing.samerunReaches
func samerunReaches(goid uint64, things []uintptr, found []bool, queue []uintptr, depth []uint8, seen []uintptr) {
	masked := samerunMask()
	stw := stopTheWorld(stwAllGoroutinesStack)
	var gp *g
	forEachG(func(g *g) {
		if g.goid == goid && readgstatus(g)&^_Gscan != _Gdead {
			gp = g
		}
	})
	if gp != nil && gp != getg() {
		var from uintptr
		systemstack(func() {
			var u unwinder
			for u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors); u.valid(); u.next() {
				if samerunPlaceOf(u.symPC()+1).user != 0 {
					from = u.frame.sp
					break
				}
			}
		})
		if from != 0 {
			r := samerunReach{things, found, queue, depth, seen, 0}
			r.scan(from, gp.stack.hi, 0)
			for i := 0; i < r.n; i++ {
				size := spanOfHeap(queue[i]).elemsize
				r.scan(queue[i], queue[i]+min(size, samerunReachWords*goarch.PtrSize), depth[i])
			}
		}
	}
	startTheWorld(stw)
	samerunUnmask(masked)
}

// samerunReach is a search of samerunReaches.
type samerunReach struct {
	things []uintptr
	found  []bool
	queue  []uintptr
	depth  []uint8
	seen   []uintptr
	n      int // of queue
}

// scan looks at the words from one address to another, which lie so many pointers from the
// stack.
func (r *samerunReach) scan(from, to uintptr, depth uint8) {
	for ; from+goarch.PtrSize <= to; from += goarch.PtrSize {
		p := *(*uintptr)(unsafe.Pointer(from))
		if p == 0 {
			continue
		}
		thing := false
		for i, t := range r.things {
			if t == p {
				r.found[i], thing = true, true
			}
		}
		if thing || depth >= samerunReachDeep || r.n == len(r.queue) {
			continue
		}
		s := spanOfHeap(p)
		if s == nil || s.spanclass.noscan() || s.elemsize == 0 {
			continue
		}
		base := s.base() + (p-s.base())/s.elemsize*s.elemsize
		if base+s.elemsize > s.limit || !r.new(base) {
			continue
		}
		r.queue[r.n], r.depth[r.n] = base, depth+1
		r.n++
	}
}

// new reports whether an object comes for the first time.
func (r *samerunReach) new(base uintptr) bool {
	n := uint64(len(r.seen))
	for i := samerunMix(uint64(base), 1) % n; ; i = (i + 1) % n {
		switch r.seen[i] {
		case base:
			return false
		case 0:
			r.seen[i] = base
			return true
		}
	}
}
