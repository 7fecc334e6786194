package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// samerunTracks says that this run notes who holds each lock, where each channel was made
// and who has used it, so that a report of goroutines that stand still can tell
// (samerun_still.go), and what nodes send each other. It changes no turn and no draw. It costs more than a run in a
// sweep should, so that the tool asks for it only in those that it makes for a report.
var samerunTracks bool

//go:linkname samerunSyncTracks sync.samerunTracking
func samerunSyncTracks() bool { return samerunTracks }

//go:linkname samerunNetTells net.samerunTells
func samerunNetTells() bool { return samerunTracks }

//go:linkname samerunNotes testing.samerunNotes
func samerunNotes() bool { return samerunTracks }

// samerunThing is what is known of a lock, a channel, a condition or a wait group. It is
// known by its address, which may be that of another one later: who makes or takes
// that one enters it anew.
//
// Package testing has the same struct.
type samerunThing struct {
	samerunKnown

	addr uintptr
	next *samerunThing // in its bucket, or of those that are free
	_    sys.NotInHeap
}

// samerunKnown is what package testing gets of it.
type samerunKnown struct {
	made    uintptr          // of a channel: the place in the program
	maker   uintptr          // and the call of the standard library there, if it made it
	writer  samerunHolder    // who has taken the lock, and may wait until those who read leave
	readers [4]samerunHolder // who hold it for reading
	more    int32            // readers that have no place there
	uses    [6]samerunUse    // the places where it was used
}

// samerunHolder is who holds a lock; born is 0 for nobody.
type samerunHolder struct {
	born uint64  // as in samerunG
	from uintptr // where that goroutine was started
	pc   uintptr // where it took the lock
	n    int32   // how often it reads
}

// samerunUse is what was done at one place; what is 0 for nothing.
type samerunUse struct {
	what uint8
	pc   uintptr
	n    int64  // how often; for a wait group, how many were added
	born uint64 // who did so last
	from uintptr
}

// What is done with a channel, a wait group or a condition.
const (
	samerunSends uint8 = iota + 1
	samerunReceives
	samerunCloses
	samerunAdds
	samerunSignalsOne
	samerunSignalsAll
	samerunSignalsOneNobody // nobody waited then
	samerunSignalsAllNobody
)

const (
	samerunBuckets    = 1 << 14
	samerunMostThings = 1 << 18 // what comes later is not known
)

// One goroutine of a test runs at a time, so that this needs no lock.
var samerunThings struct {
	buckets *[samerunBuckets]*samerunThing
	free    *samerunThing
	n       int
}

// samerunTracked returns the current goroutine if what it does is noted.
func samerunTracked() *g {
	gp := getg()
	if gp.bubble == nil || !gp.bubble.samerun.on || gp != gp.m.curg || gp == gp.bubble.root {
		return nil
	}
	return gp
}

// samerunThingOf returns what is known of a thing, or nil; make enters it.
func samerunThingOf(addr uintptr, make bool) *samerunThing {
	t := &samerunThings
	if t.buckets == nil {
		if !make {
			return nil
		}
		t.buckets = (*[samerunBuckets]*samerunThing)(persistentalloc(unsafe.Sizeof(*t.buckets), goarch.PtrSize, &memstats.other_sys))
	}
	bucket := &t.buckets[samerunMix(uint64(addr), 0)%samerunBuckets]
	for o := *bucket; o != nil; o = o.next {
		if o.addr == addr {
			return o
		}
	}
	if !make {
		return nil
	}
	o := t.free
	switch {
	case o != nil:
		t.free = o.next
	case t.n >= samerunMostThings:
		return nil
	default:
		t.n++
		o = (*samerunThing)(persistentalloc(unsafe.Sizeof(*o), goarch.PtrSize, &memstats.other_sys))
	}
	o.samerunKnown, o.addr, o.next = samerunKnown{}, addr, *bucket
	*bucket = o
	return o
}

// samerunDropThing takes out a thing of which nothing is known any more.
func samerunDropThing(o *samerunThing) {
	if o.made != 0 || o.writer.born != 0 || o.readers[0].born != 0 || o.uses[0].what != 0 {
		return
	}
	t := &samerunThings
	at := &t.buckets[samerunMix(uint64(o.addr), 0)%samerunBuckets]
	for *at != o {
		at = &(*at).next
	}
	*at = o.next
	o.next, t.free = t.free, o
}

// samerunUserPC returns the place in the program from where the standard library has been
// called, as a return address, and that of the innermost call; pc and sp are those of the
// caller.
func samerunUserPC(gp *g, pc, sp uintptr) (user, call uintptr) {
	systemstack(func() {
		const deep = 30
		var u unwinder
		n := 0
		for u.initAt(pc, sp, 0, gp, unwindSilentErrors); u.valid() && n < deep; u.next() {
			at := u.symPC() + 1
			if u.frame.fn.funcID == abi.FuncIDWrapper {
				continue // the compiler's, for defer or go, which nobody would know
			}
			if samerunPlaceOf(at).user != 0 {
				user = at
				break
			}
			call = at
			n++
		}
	})
	if user == 0 {
		user = call
	}
	return user, call
}

// samerunStartPC returns the place in the program where by starts a goroutine at pc, which
// may be in the standard library.
func samerunStartPC(by *g, pc uintptr) uintptr {
	if samerunPlaceOf(pc).user != 0 {
		return pc
	}
	user, _ := samerunUserPC(by, ^uintptr(0), ^uintptr(0))
	return user
}

// samerunFrom is where a goroutine was started, as far as that is known.
func samerunFrom(gp *g) uintptr {
	if gp.samerun.starter != 0 {
		return gp.samerun.starter
	}
	return gp.gopc
}

// samerunTook notes that the current goroutine has taken a lock. What holds an RWMutex for
// writing has taken the mutex at its begin.
//
//go:linkname samerunTook sync.samerunTook
func samerunTook(lock unsafe.Pointer, reads bool) {
	gp := samerunTracked()
	if gp == nil {
		return
	}
	samerunUses(uintptr(lock))
	o := samerunThingOf(uintptr(lock), true)
	if o == nil {
		return
	}
	pc, _ := samerunUserPC(gp, sys.GetCallerPC(), sys.GetCallerSP())
	h := samerunHolder{gp.samerun.birth, samerunFrom(gp), pc, 1}
	if !reads {
		o.writer = h
		return
	}
	for i := range o.readers {
		switch o.readers[i].born {
		case h.born:
			o.readers[i].n++
			return
		case 0:
			o.readers[i] = h
			return
		}
	}
	o.more++
}

// samerunLeft notes that somebody gives back a lock.
//
//go:linkname samerunLeft sync.samerunLeft
func samerunLeft(lock unsafe.Pointer, reads bool) {
	gp := samerunTracked()
	if gp == nil {
		return
	}
	o := samerunThingOf(uintptr(lock), false)
	if o == nil {
		return
	}
	if !reads {
		o.writer = samerunHolder{}
	} else {
		o.leave(gp.samerun.birth)
	}
	samerunDropThing(o)
}

// leave takes out a reader: the goroutine itself, or else any.
func (o *samerunThing) leave(born uint64) {
	last := -1
	for i := range o.readers {
		if o.readers[i].born != 0 {
			last = i
		}
		if o.readers[i].born != born {
			continue
		}
		if o.readers[i].n--; o.readers[i].n > 0 {
			return
		}
		for ; i+1 < len(o.readers); i++ {
			o.readers[i] = o.readers[i+1]
		}
		o.readers[i] = samerunHolder{}
		return
	}
	switch {
	case o.more > 0:
		o.more--
	case last >= 0:
		o.readers[last] = samerunHolder{}
	}
}

// samerunMadeHere notes where a channel is made.
func samerunMadeHere(c *hchan) {
	gp := samerunTracked()
	if gp == nil {
		return
	}
	if o := samerunThingOf(uintptr(unsafe.Pointer(c)), true); o != nil {
		o.samerunKnown = samerunKnown{}
		o.made, o.maker = samerunUserPC(gp, sys.GetCallerPC(), sys.GetCallerSP())
	}
}

// samerunUsed notes what the current goroutine does with something.
func samerunUsed(p unsafe.Pointer, what uint8) {
	if gp := samerunTracked(); gp != nil && p != nil {
		gp.samerun.late = what == samerunReceives && samerunOfTime((*hchan)(p))
		samerunNote(gp, uintptr(p), what, 1, sys.GetCallerPC(), sys.GetCallerSP())
	}
}

// samerunOfTime reports whether a channel is a timer's, or that of a context, which may have
// a deadline.
func samerunOfTime(c *hchan) bool {
	if c.timer != nil {
		return true
	}
	const library = "context."
	o := samerunThingOf(uintptr(unsafe.Pointer(c)), false)
	if o == nil || o.maker == 0 {
		return false
	}
	name := funcname(findfunc(o.maker - 1))
	return len(name) > len(library) && name[:len(library)] == library
}

// samerunLate reports whether the current goroutine has just waited for a time.
//
//go:linkname samerunLate testing.samerunLate
func samerunLate() bool { return getg().samerun.late }

// samerunSelected notes which channel a select has used.
func samerunSelected(c *hchan, sends bool) {
	what := samerunReceives
	if sends {
		what = samerunSends
	}
	samerunUsed(unsafe.Pointer(c), what)
}

// samerunSignalled notes that a condition is signalled, or broadcast.
func samerunSignalled(l *notifyList, what uint8) {
	if l.wait.Load() == atomic.Load(&l.notify) {
		what += samerunSignalsOneNobody - samerunSignalsOne
	}
	samerunUsed(unsafe.Pointer(l), what)
}

// samerunAdded notes that something is added to a wait group, whose count was so many.
//
//go:linkname samerunAdded sync.samerunAdded
func samerunAdded(group unsafe.Pointer, delta, count int) {
	gp := samerunTracked()
	if gp == nil || delta == 0 {
		return
	}
	if o := samerunThingOf(uintptr(group), false); o != nil && count == 0 {
		// It begins to count anew.
		o.samerunKnown = samerunKnown{}
	}
	samerunNote(gp, uintptr(group), samerunAdds, int64(delta), sys.GetCallerPC(), sys.GetCallerSP())
}

func samerunNote(gp *g, addr uintptr, what uint8, n int64, pc, sp uintptr) {
	samerunUses(addr)
	o := samerunThingOf(addr, true)
	if o == nil {
		return
	}
	pc, _ = samerunUserPC(gp, pc, sp)
	i := 0
	for ; i < len(o.uses)-1; i++ {
		if u := &o.uses[i]; u.what == 0 || u.what == what && u.pc == pc {
			break
		}
	}
	// The last place is that of all that have none of their own: the latest is told.
	u := &o.uses[i]
	if u.what != what || u.pc != pc {
		u.n = 0
	}
	u.what, u.pc, u.born, u.from = what, pc, gp.samerun.birth, samerunFrom(gp)
	u.n += n
}

// samerunKnows tells package testing what is known of a thing.
//
//go:linkname samerunKnows testing.samerunKnows
func samerunKnows(addr uintptr, known *samerunKnown) bool {
	o := samerunThingOf(addr, false)
	if o == nil {
		return false
	}
	*known = o.samerunKnown
	return true
}
