package runtime

import "unsafe" // and for go:linkname

// samerunLocks is the locks that a goroutine holds: an array outside of the heap, of no
// size as long as it has never held one. Who waits for a lock waits for its holder: so a
// deadlock of locks is found although others can come to the locks.
//
// A lock is known by its address, and each holding has a number: if a lock has been
// freed while it was held, the later holding of one at the same address counts.
type samerunLocks struct {
	held   uintptr // an array of samerunLock
	n, cap int32
}

// samerunLock is a lock that is held. what is its address, and one more if it is held for
// reading. number is that of the holding, and how it was taken in the two lowest bits.
type samerunLock struct {
	what, number uintptr
}

// How a lock was taken.
const (
	samerunByLibrary = 1 << iota // by the standard library, for itself
	samerunInRWMutex             // it is the mutex in a sync.RWMutex
	samerunLockStep
)

// samerunLocksLeast is how many locks there is room for at first.
const samerunLocksLeast = 4

// samerunHolding is what is known of all locks.
var samerunHolding struct {
	number uintptr // of holdings so far
	// off says that a lock was given back by another goroutine than the one that took it:
	// in such a program who took a lock says little about who gives it back.
	off bool
	// quiet says that the caller gives back what another one has taken, which is dead.
	quiet bool

	lock mutex
	free [24]uintptr // arrays that are free, by their size: samerunLocksLeast times a power of two
}

func (l *samerunLocks) at(i int32) *samerunLock {
	return (*samerunLock)(unsafe.Pointer(l.held + uintptr(i)*unsafe.Sizeof(samerunLock{})))
}

// push notes that a lock is held.
func (l *samerunLocks) push(what, how uintptr) {
	if l.n == l.cap {
		l.grow()
	}
	samerunHolding.number += samerunLockStep
	*l.at(l.n) = samerunLock{what, samerunHolding.number | how}
	l.n++
}

// take notes that a lock is not held any more, and reports whether it was: mostly it is the
// one that was taken last.
func (l *samerunLocks) take(what uintptr) bool {
	for i := l.n - 1; i >= 0; i-- {
		if l.at(i).what == what {
			for ; i+1 < l.n; i++ {
				*l.at(i) = *l.at(i + 1)
			}
			l.n--
			return true
		}
	}
	return false
}

// samerunLocksClass is the place of arrays of a size in the list of those that are free.
func samerunLocksClass(size int32) (class int) {
	for n := int32(samerunLocksLeast); n < size; n *= 2 {
		class++
	}
	return class
}

// grow makes room.
func (l *samerunLocks) grow() {
	old := *l
	l.cap = max(samerunLocksLeast, 2*old.cap)
	h := &samerunHolding
	class := samerunLocksClass(l.cap)
	lock(&h.lock)
	l.held = h.free[class]
	if l.held != 0 {
		h.free[class] = *(*uintptr)(unsafe.Pointer(l.held))
	}
	unlock(&h.lock)
	if l.held == 0 {
		l.held = uintptr(persistentalloc(uintptr(l.cap)*unsafe.Sizeof(samerunLock{}), 8, &memstats.other_sys))
	}
	for i := range old.n {
		*l.at(i) = *old.at(i)
	}
	old.drop()
}

// drop gives the array back.
func (l *samerunLocks) drop() {
	if l.cap > 0 {
		h := &samerunHolding
		class := samerunLocksClass(l.cap)
		lock(&h.lock)
		*(*uintptr)(unsafe.Pointer(l.held)) = h.free[class]
		h.free[class] = l.held
		unlock(&h.lock)
	}
	*l = samerunLocks{}
}

// samerunTaken notes that the current goroutine has taken a mutex.
//
//go:linkname samerunTaken internal/sync.samerunTaken
func samerunTaken(lock unsafe.Pointer) {
	if gp := getg(); samerunDrawing(gp) {
		gp.samerun.locks.taken(uintptr(lock), gp)
	}
}

// samerunGivenBack notes that it gives one back.
//
//go:linkname samerunGivenBack internal/sync.samerunGivenBack
func samerunGivenBack(lock unsafe.Pointer) {
	if gp := getg(); samerunDrawing(gp) {
		gp.samerun.locks.givenBack(uintptr(lock))
	}
}

// samerunReads notes that the current goroutine holds an RWMutex for reading, or is about
// to wait for that.
//
//go:linkname samerunReads sync.samerunReads
func samerunReads(lock unsafe.Pointer) {
	if gp := getg(); samerunDrawing(gp) {
		gp.samerun.locks.taken(uintptr(lock)+1, gp)
	}
}

// samerunReadsNoMore notes that it gives it back.
//
//go:linkname samerunReadsNoMore sync.samerunReadsNoMore
func samerunReadsNoMore(lock unsafe.Pointer) {
	if gp := getg(); samerunDrawing(gp) {
		gp.samerun.locks.givenBack(uintptr(lock) + 1)
	}
}

// taken notes that gp holds a lock. Those of the standard library are noted always, since they
// must be given back if the node of gp crashes.
func (l *samerunLocks) taken(what uintptr, gp *g) {
	how := gp.samerun.locksHow
	gp.samerun.locksHow = 0
	if !samerunHolding.off || how&samerunByLibrary != 0 {
		l.push(what, how)
	}
}

// givenBack notes that the goroutine that l is of gives a lock back.
func (l *samerunLocks) givenBack(what uintptr) {
	if h := &samerunHolding; !h.quiet && !l.take(what) && !h.off {
		samerunForeign(what)
	}
}

// samerunForeign is called when a lock is given back by a goroutine that is not known to
// have taken it. If another one is, holders say nothing any more, until the next test.
func samerunForeign(what uintptr) {
	forEachGRace(func(gp *g) {
		for i := range gp.samerun.locks.n {
			if gp.samerun.locks.at(i).what == what {
				samerunHolding.off = true
			}
		}
	})
}

// samerunHoldAnew forgets, for the next test, that holders said nothing in this one, with
// all locks that were taken since.
func samerunHoldAnew() {
	if !samerunHolding.off {
		return
	}
	samerunHolding.off = false
	forEachGRace(func(gp *g) { gp.samerun.locks.n = 0 })
}

// Offsets in a mutex, and in an RWMutex: which begins with a mutex, that for those who
// write.
const (
	samerunSemaOfMutex   = 4
	samerunSemaOfWriters = 8
	samerunSemaOfReaders = 12
)

// samerunHolders is the locks that somebody waits for, and who holds them.
//
// Invariant: of holders each three words are a lock, as in samerunLock.what, the number of
// the holding, and the goroutine.
type samerunHolders struct {
	wanted  samerunWordSet
	holders samerunWordList
}

// samerunWaitedLock is what must be given back before gp can go on: it waits for a lock.
func samerunWaitedLock(gp *g) (what uintptr) {
	on := gp.samerun.sema
	switch gp.waitreason {
	case waitReasonSyncMutexLock:
		return on - samerunSemaOfMutex
	case waitReasonSyncRWMutexRLock:
		return on - samerunSemaOfReaders // the mutex, which who writes holds
	case waitReasonSyncRWMutexLock:
		return on - samerunSemaOfWriters + 1
	}
	return 0
}

// samerunWaitsForLock reports whether it does.
func samerunWaitsForLock(gp *g) bool {
	return readgstatus(gp)&^_Gscan == _Gwaiting && samerunForLock(gp.waitreason)
}

// samerunForLock reports whether a wait is one for a lock.
func samerunForLock(reason waitReason) bool {
	return reason == waitReasonSyncMutexLock || reason == waitReasonSyncRWMutexRLock || reason == waitReasonSyncRWMutexLock
}

// find finds the holders of all locks that somebody waits for.
func (h *samerunHolders) find(m *samerunMarker) {
	h.wanted.Clear()
	h.holders.Clear()
	if samerunHolding.off {
		return
	}
	forEachGRace(func(gp *g) {
		if samerunWaitsForLock(gp) {
			m.add(&h.wanted, samerunWaitedLock(gp))
		}
	})
	if h.wanted.Len() == 0 {
		return
	}
	forEachGRace(func(gp *g) {
		n := gp.samerun.locks.n
		if n > 0 && samerunWaitsForLock(gp) && gp.waitreason == waitReasonSyncRWMutexRLock {
			n-- // the last one, for which it waits
		}
		for i := range n {
			l := gp.samerun.locks.at(i)
			if !h.wanted.Has(l.what) {
				continue
			}
			if l.what&1 == 0 && h.newer(l, gp) {
				continue
			}
			m.push(&h.holders, l.what)
			m.push(&h.holders, l.number)
			m.push(&h.holders, uintptr(unsafe.Pointer(gp)))
		}
	})
}

// newer enters a holder of a mutex in the place of an older one, or not if that is newer,
// and reports whether there is one.
func (h *samerunHolders) newer(l *samerunLock, gp *g) bool {
	for i := 0; i < h.holders.Len(); i += 3 {
		if h.holders.At(i) == l.what {
			if h.holders.At(i+1) < l.number {
				h.holders.Set(i+1, l.number)
				h.holders.Set(i+2, uintptr(unsafe.Pointer(gp)))
			}
			return true
		}
	}
	return false
}

// samerunDoubt is for how long, in nanoseconds of virtual time, somebody must have waited for
// a lock before it counts that it holds it itself, or that others hold it for reading: such
// locks may be handed to another goroutine that gives them back. A transaction that is
// begun in one goroutine and ends in another is like that, and a lock that is used as a signal.
const samerunDoubt = 1_000_000_000

// of calls f with each holder of the lock that gp waits for, and reports whether any is
// known that counts at a time.
func (h *samerunHolders) of(gp *g, now int64, f func(holder *g)) (known bool) {
	what := samerunWaitedLock(gp)
	if what == 0 || !h.wanted.Has(what) {
		return false
	}
	doubt := now-gp.samerun.since < samerunDoubt
	if doubt && what&1 != 0 {
		return false
	}
	for i := 0; i < h.holders.Len(); i += 3 {
		if h.holders.At(i) == what {
			holder := (*g)(unsafe.Pointer(h.holders.At(i + 2)))
			if doubt && holder == gp {
				continue
			}
			known = true
			f(holder)
		}
	}
	return known
}
