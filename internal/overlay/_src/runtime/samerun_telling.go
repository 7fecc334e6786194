package runtime

import (
	"internal/abi"
	"unsafe"
)

// When the root of the world has package testing tell something, that reads what goroutines of
// the test have written, and writes what it has read of source files. Nobody else runs, which the
// race detector does not know. So the root has a context of its own for that, as a
// goroutine would that is started for it: it knows what all others have done, and
// nobody knows of it but those that come to samerunHeard. Were it the root's own, what timers
// start later would be ordered behind all that came before, and races would be hidden.

// samerunTold has no value: its addresses stand for moments.
var samerunTold struct{ before, after, afresh byte }

// samerunTracesAfresh has the race detector note anew what gp looks at from now on. It notes
// the same look at the same variable once, as long as gp tells others nothing, and has
// forgotten where that was by the time when a loop has come round some ten thousand times: then it
// keeps quiet about a race with it. So gp tells something here, to nobody. Its turn ends, and
// the caller is on g0 with a processor.
func samerunTracesAfresh(gp *g) {
	if raceenabled && gp.racectx != 0 {
		racereleaseg(gp, unsafe.Pointer(&samerunTold.afresh))
	}
}

// samerunRootTells calls tell, on the root.
func samerunRootTells(tell func(arg int64), arg int64) {
	masked := samerunMask()
	if raceenabled {
		gp := getg()
		own := gp.racectx
		gp.racectx = racegostart(abi.FuncPCABIInternal(samerunRootTells))
		samerunKnowsAll(gp)
		tell(arg)
		racereleasemerge(unsafe.Pointer(&samerunTold.after))
		racectxend(gp.racectx)
		gp.racectx = own
	} else {
		tell(arg)
	}
	samerunUnmask(masked)
}

// samerunKnowsAll lets gp, the caller, know what all goroutines of the world have done.
func samerunKnowsAll(gp *g) {
	before := unsafe.Pointer(&samerunTold.before)
	forEachGRace(func(other *g) {
		if other.bubble != nil && other.racectx != 0 && other != gp && !samerunIsDead(other) {
			racereleasemergeg(other, before)
		}
	})
	raceacquire(before)
}

// samerunHeard is called before package testing writes what the root may have read, or reads
// what it may have written.
//
//go:linkname samerunHeard testing.samerunHeard
func samerunHeard() {
	if raceenabled {
		raceacquire(unsafe.Pointer(&samerunTold.after))
	}
}
