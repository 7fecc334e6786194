package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe" // and for go:linkname
)

// When the collector runs by itself is chance, and so is what it finds. So what a
// program asked to hear of, by a finalizer, a cleanup or a weak pointer, is kept alive
// by such a collection, and found by the next one that a goroutine asks for: runtime.GC
// then starts a goroutine for the finalizers and one for the cleanups, children of the
// one that called it, which run them in the order in which they were registered and take
// turns as all others do. The goroutines of the runtime only hand them over. Finalizers
// of the standard library, such as those of files, run as ever.

// samerunGC is what is known of collections.
var samerunGC struct {
	asked atomic.Int32  // calls of runtime.GC that are not done yet
	keeps atomic.Uint32 // 1: the collection that runs is one that nobody asked for
	nth   atomic.Uint64 // finalizers and cleanups registered

	mu      mutex
	runners [2]samerunFinals // for finalizers, and for cleanups
}

const (
	samerunFinalizers = iota
	samerunCleanups
)

// samerunFinals are those of one kind.
//
// Invariant: runs says that there is a goroutine that runs those in ready; if there is none,
// ready is empty.
type samerunFinals struct {
	found       *samerunFinal // by the collector, in any order
	ready, last *samerunFinal // to be run, in this order
	runs        bool
}

// samerunFinal is a function to be run.
type samerunFinal struct {
	next    *samerunFinal
	nth     uint64
	call    samerunCall // a finalizer
	cleanup func()      // or this
}

// samerunStandIn is what is registered in place of a finalizer: a function value with what
// it refers to, which package runtime must not have as a function literal.
type samerunStandIn struct {
	entry uintptr // of samerunFinalizerFound
	nth   uint64
	samerunCall
}

// samerunCall is a finalizer and its arguments.
type samerunCall struct {
	fn   *funcval
	arg  unsafe.Pointer
	nret uintptr
	fint *_type
	ot   *ptrtype
}

// samerunFinalOf returns what is registered in place of a finalizer, with the size of its
// results and the type of its argument: one of the standard library is returned as it is. pc is where it is registered.
func samerunFinalOf(fn *funcval, nret uintptr, fint *_type, ot *ptrtype, etyp *_type, pc uintptr) (*funcval, uintptr, *_type) {
	if !samerunLater(fn.fn, pc) {
		return fn, nret, fint
	}
	s := &samerunStandIn{abi.FuncPCABIInternal(samerunFinalizerFound), samerunGC.nth.Add(1), samerunCall{fn, nil, nret, fint, ot}}
	return (*funcval)(unsafe.Pointer(s)), 0, etyp
}

// samerunFinalizerFound is called by the goroutine of the runtime that runs finalizers.
func samerunFinalizerFound(arg unsafe.Pointer) {
	s := (*samerunStandIn)(unsafe.Pointer(sys.GetClosurePtr()))
	f := &samerunFinal{nth: s.nth, call: s.samerunCall}
	f.call.arg = arg
	samerunFound(samerunFinalizers, f)
}

// samerunCleanupOf returns what is registered in place of a cleanup. pc is where.
func samerunCleanupOf[S any](cleanup func(S), pc uintptr) func(S) {
	if !samerunLater((*(**funcval)(unsafe.Pointer(&cleanup))).fn, pc) {
		return cleanup
	}
	nth := samerunGC.nth.Add(1)
	return func(arg S) {
		samerunFound(samerunCleanups, &samerunFinal{nth: nth, cleanup: func() { cleanup(arg) }})
	}
}

// samerunLater reports whether a function that is registered at pc is the program's.
func samerunLater(fn, pc uintptr) bool {
	return samerunCfg.on && (!samerunStandard(funcname(findfunc(fn))) || samerunPlaceOf(pc).users)
}

// samerunFound takes over what the collector has found.
func samerunFound(kind int, f *samerunFinal) {
	lock(&samerunGC.mu)
	r := &samerunGC.runners[kind]
	f.next, r.found = r.found, f
	unlock(&samerunGC.mu)
}

// samerunCollect is called where a program asks for a collection.
func samerunCollect() *synctestBubble {
	if samerunCfg.on {
		samerunGC.asked.Add(1)
	}
	return samerunMask()
}

// samerunCollected is called when the collection is done. b is the bubble of who asked for
// it, which samerunCollect has returned.
func samerunCollected(b *synctestBubble) {
	if !samerunCfg.on {
		return
	}
	samerunGC.asked.Add(-1)
	if b == nil {
		return
	}
	if samerunGC.nth.Load() > 0 {
		const patience = 10_000_000_000
		if fingStatus.Load() != fingUninitialized {
			for begin := nanotime(); samerunNoFing() && nanotime()-begin < patience; {
				Gosched()
			}
			blockUntilEmptyFinalizerQueue(patience)
		}
		if gcCleanups.ng.Load() > 0 {
			gcCleanups.blockUntilEmpty(patience)
		}
	}
	samerunUnmask(b)
	// They are of the world, whatever bubble the test has made around the caller.
	mp := acquirem()
	gp := getg()
	gp.bubble = &samerunWorld
	life := gp.samerun.life
	gp.samerun.life = 0 // and of no node
	if samerunHandOver(samerunFinalizers) {
		go samerunRunFinalizers()
	}
	if samerunHandOver(samerunCleanups) {
		go samerunRunCleanups()
	}
	gp.samerun.life = life
	gp.bubble = b
	releasem(mp)
}

func samerunNoFing() bool {
	lock(&finlock)
	none := fing == nil
	unlock(&finlock)
	return none
}

// samerunHandOver makes what was found ready to be run, and reports whether a goroutine is
// to be started for that.
func samerunHandOver(kind int) bool {
	lock(&samerunGC.mu)
	defer unlock(&samerunGC.mu)
	r := &samerunGC.runners[kind]
	list := samerunSortFinals(r.found)
	r.found = nil
	if list == nil {
		return false
	}
	if r.ready == nil {
		r.ready = list
	} else {
		r.last.next = list
	}
	for r.last = list; r.last.next != nil; {
		r.last = r.last.next
	}
	starts := !r.runs
	r.runs = true
	return starts
}

// These have names of another package: a goroutine that begins in package runtime is one of
// the runtime's own.
//
//go:linkname samerunRunFinalizers finalizers.run
func samerunRunFinalizers() { samerunRunFinals(samerunFinalizers) }

//go:linkname samerunRunCleanups cleanups.run
func samerunRunCleanups() { samerunRunFinals(samerunCleanups) }

// samerunRunFinals runs what is ready.
func samerunRunFinals(kind int) {
	r := &samerunGC.runners[kind]
	for {
		lock(&samerunGC.mu)
		f := r.ready
		if f == nil {
			r.runs = false
			unlock(&samerunGC.mu)
			return
		}
		if r.ready = f.next; r.ready == nil {
			r.last = nil // which would keep its object alive
		}
		unlock(&samerunGC.mu)
		if raceenabled {
			racefingo()
		}
		if f.cleanup != nil {
			f.cleanup()
		} else {
			f.call.do()
		}
	}
}

// samerunSortFinals sorts a list by the order of registration.
func samerunSortFinals(list *samerunFinal) *samerunFinal {
	if list == nil || list.next == nil {
		return list
	}
	middle, end := list, list.next
	for end != nil && end.next != nil {
		middle, end = middle.next, end.next.next
	}
	b := middle.next
	middle.next = nil
	a, b := samerunSortFinals(list), samerunSortFinals(b)
	var head *samerunFinal
	at := &head
	for a != nil && b != nil {
		if a.nth < b.nth {
			*at, a = a, a.next
		} else {
			*at, b = b, b.next
		}
		at = &(*at).next
	}
	if *at = a; a == nil {
		*at = b
	}
	return head
}

// do calls the finalizer, as runFinalizers does.
func (c *samerunCall) do() {
	var regs abi.RegArgs
	size := unsafe.Sizeof((any)(nil)) + c.nret
	frame := mallocgc(size, nil, true)
	r := frame
	if intArgRegs > 0 {
		r = unsafe.Pointer(&regs.Ints)
	} else {
		*(*[2]uintptr)(frame) = [2]uintptr{}
	}
	if c.fint.Kind() == abi.Interface {
		ityp := (*interfacetype)(unsafe.Pointer(c.fint))
		(*eface)(r)._type = &c.ot.Type
		(*eface)(r).data = c.arg
		if len(ityp.Methods) != 0 {
			(*iface)(r).tab = assertE2I(ityp, (*eface)(r)._type)
		}
	} else {
		*(*unsafe.Pointer)(r) = c.arg
	}
	reflectcall(nil, unsafe.Pointer(c.fn), frame, uint32(size), uint32(size), uint32(size), &regs)
}

// samerunCollects is called when a collection begins, and the world stands still.
func samerunCollects() {
	keeps := uint32(0)
	if samerunCfg.on && samerunGC.asked.Load() == 0 {
		keeps = 1
	}
	samerunGC.keeps.Store(keeps)
}

// samerunKeepSpecial keeps the object alive that has a special, if nobody asked for this
// collection.
func samerunKeepSpecial(s *mspan, sp *special, gcw *gcWork) {
	if samerunGC.keeps.Load() == 0 {
		return
	}
	if sp.kind == _KindSpecialFinalizer && (*specialfinalizer)(unsafe.Pointer(sp)).fn.fn != abi.FuncPCABIInternal(samerunFinalizerFound) {
		return
	}
	p := s.base() + uintptr(sp.offset)
	scanblock(uintptr(unsafe.Pointer(&p)), goarch.PtrSize, &oneptrmask[0], gcw, nil)
}
