package runtime

import (
	"internal/runtime/sys"
	"internal/stringslite"
	_ "unsafe" // for go:linkname
)

// A goroutine can lose its turn at the methods of the types of sync/atomic, too: between a
// look at a number and the operation that relies on it, others can come. The functions of that
// package, such as atomic.AddInt64, are instructions of the processor, made by the
// compiler, and have no such points.

// samerunHasPoints is the first that package sync/atomic asks.
//
//go:linkname samerunHasPoints sync/atomic.samerunHasPoints
func samerunHasPoints() bool { return samerunCfg.on }

// samerunLooksMost is how many such points a goroutine passes until it waits, or comes to a
// point of another kind. Behind that there are none: a loop that only looks must stay one
// (samerun_spin.go), and a computation must not get slow.
const samerunLooksMost = 100

// samerunAtomicPoint is called by such a method, which is mostly inlined where it is called; so
// its own caller's address tells the place in the program. Where the standard library
// calls one, others see nothing half done.
//
//go:linkname samerunAtomicPoint sync/atomic.samerunPoint
func samerunAtomicPoint() {
	// Behind the last of these points a round of a loop must leave the same in all registers, on
	// whatever thread it is: nothing of the thread is looked at before this.
	gp := getg()
	if gp.samerun.looked >= samerunLooksMost || !samerunDrawing(gp) || samerunTurns.holder.ptr() != gp {
		return
	}
	pc := sys.GetCallerPC()
	place := samerunPlaceOf(pc)
	if !place.atomic {
		return
	}
	name := place.user
	if name == 0 {
		// With the race detector it is not inlined, nor where it is called as a value.
		if pc = samerunAtomicCaller(gp, pc, sys.GetCallerSP()); pc == 0 {
			return
		}
		if place = samerunPlaceOf(pc); !place.users {
			return
		}
		name = place.name
	}
	gp.samerun.looked++
	gp.samerun.wants = samerunAtomics
	samerunPointAt(gp, pc, name)
}

// samerunAtomicCaller returns the return address of the call of a method of package
// sync/atomic which gp is in, and which has called at pc.
func samerunAtomicCaller(gp *g, pc, sp uintptr) (caller uintptr) {
	systemstack(func() {
		var u unwinder
		for u.initAt(pc, sp, 0, gp, unwindSilentErrors); u.valid(); u.next() {
			if at := u.symPC() + 1; !samerunPlaceOf(at).atomic {
				caller = at
				return
			}
		}
	})
	return caller
}

// samerunIsAtomic reports whether a function is one of package sync/atomic.
func samerunIsAtomic(name string) bool { return stringslite.HasPrefix(name, "sync/atomic.") }
