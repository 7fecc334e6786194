package runtime

import "unsafe" // and for go:linkname

// A goroutine gives up its turn when it waits. That alone would hide what happens
// when it is held up between two steps for which it need not wait, such as one
// look behind a lock and the next. So it can lose its turn where it takes a lock,
// sends or receives, or comes to a method of package sync/atomic, too: once in samerunPointEvery times, if the strategy is one
// that deviates from the calm run wherever it may. PCT and delay, which count their
// choices, count such places among them and are asked at each.
const samerunPointEvery = 8

// Now and then it is held up for longer, as by a busy machine: once in
// samerunStallEvery points, for 20 µs to 5 ms, each power of two as likely as another.
// Then nobody is for samerunStallRest times as long, so that a busy loop does not
// stall all the time.
const (
	samerunStallEvery = 64
	samerunStallLeast = 20000
	samerunStallRest  = 16
	samerunStallMost  = 1 << 40 // that a replay can ask for: 18 minutes
)

// samerunPatiently is how many of these places, and of those of samerunPoll, a
// goroutine passes in one turn. Then the turn ends and has its cost, whatever the
// strategy: a loop that looks at a variable behind a lock until it changes would
// stop the clock otherwise.
const samerunPatiently = 1000

// samerunSyncPoint is a point where the program takes a lock. It notes who does, for samerunTaken.
//
//go:linkname samerunSyncPoint sync.samerunPoint
func samerunSyncPoint(pc uintptr, lock unsafe.Pointer) {
	gp := getg()
	gp.samerun.wants = uintptr(lock)
	if !samerunDrawing(gp) {
		return
	}
	if place := samerunPlaceOf(pc); place.users {
		gp.samerun.locksHow, gp.samerun.looked = 0, 0
		samerunPointAt(gp, pc, place.name)
	} else if place.inRWMutex {
		gp.samerun.locksHow |= samerunInRWMutex
	} else if gp.samerun.locksHow = 0; !place.relocks {
		gp.samerun.locksHow = samerunByLibrary
	}
}

// samerunPoint is called where the program synchronises; pc is where it does.
func samerunPoint(pc uintptr) {
	gp := getg()
	if !samerunDrawing(gp) {
		return
	}
	// The standard library takes locks to fill its caches, once in a process, and tests that
	// come later would take another course.
	if place := samerunPlaceOf(pc); place.users {
		gp.samerun.looked = 0
		samerunPointAt(gp, pc, place.name)
	}
}

// samerunPointAt is a point in the program itself, in the function of that name.
func samerunPointAt(gp *g, pc uintptr, name uint64) {
	b := gp.bubble
	s := &samerunTurns
	if s.holder.ptr() != gp || samerunQuiet.g == gp {
		// Who looks at the test when all wait sees one moment of it.
		return
	}
	s.passed++
	lost, stall := false, int64(0)
	if !s.fresh {
		lost, stall = samerunMishap(gp, b, pc, name)
	}
	switch {
	case stall > 0:
		late, looked := gp.samerun.late, gp.samerun.looked
		timeSleep(stall)
		gp.samerun.late, gp.samerun.looked = late, looked // it did not ask for that
		return
	case s.passed >= samerunPatiently:
		s.passed = 0
		gp.samerun.asks = samerunAsksYield
	case lost:
		gp.samerun.asks = samerunAsksPoint
	default:
		return
	}
	mcall(samerunGosched_m)
}

// samerunMishap draws what befalls gp at a point: nothing, it loses its turn, or it
// stalls for so many nanoseconds. The draw is that of the how manieth point it is that gp
// passes in a function, so that one point more in another function moves nothing.
func samerunMishap(gp *g, b *synctestBubble, pc uintptr, place uint64) (lost bool, stall int64) {
	s := &samerunTurns
	if s.n > 0 || s.live > 1 {
		s.choices++
	}
	s.comesTo(gp, pc)
	if samerunSaw.on {
		s.sees(gp, samerunPlaceOf(pc).alike)
	}
	if samerunDeviations.on {
		n := gp.samerun.counts.next(place)
		if x, met := samerunDeviatingDraw(gp, samerunStalls, place, n, 0); met {
			stall = int64(min(x, samerunStallMost))
		} else if s.n > 0 {
			_, lost = samerunDeviatingDraw(gp, samerunPoints, place, n, 0)
		}
		if samerunRec.fd >= 0 && (lost || stall > 0) {
			samerunRecordPoint(gp, pc, n, stall)
		}
		return lost, stall
	}
	calm, counts := samerunCfg.calm, s.picker.AtPoints()
	if calm && !counts {
		return false, 0
	}
	n := gp.samerun.counts.next(place)
	x := samerunMix(samerunChance(gp)^place^(samerunPoints+1)<<56, n)
	// The clock of a bubble that a test makes itself is exact. Without others that are
	// ready there is no turn to lose.
	stalls := x>>8%samerunStallEvery == 0 && b.samerun.whole && samerunCfg.cost > 0 && !calm
	if stalls && b.now < s.rest && s.picker.Weighs() {
		stalls = false // then it is an event, as any other
	}
	switch {
	case stalls:
		if b.now < s.rest {
			return false, 0
		}
	case s.n == 0:
		s.passes(gp)
	case counts:
		lost = s.loses(gp)
	default:
		lost = x%samerunPointEvery == 0
	}
	if !lost && !stalls {
		return false, 0
	}
	if stalls {
		stall = samerunStallOf(x)
		s.rest = b.now + samerunStallRest*stall
	}
	if samerunRec.fd >= 0 {
		samerunRecordPoint(gp, pc, n, stall)
	}
	return lost, stall
}

// samerunPoll is called where the program looks for something that may not be
// there and goes on: at the default of a select, and at the clock. A loop of such
// looks, too, must let the others run and time pass.
func samerunPoll() {
	gp := getg()
	if !samerunDrawing(gp) || gp.m.locks > 0 {
		return
	}
	s := &samerunTurns
	if s.holder.ptr() != gp {
		return
	}
	s.passed++
	if s.passed >= samerunPatiently {
		s.passed = 0
		gp.samerun.asks = samerunAsksYield
		mcall(samerunGosched_m)
	}
}

// samerunLook is called before a program looks at the clock of a bubble: a look
// takes a nanosecond, so that no two of them in a row see the same time. No program
// that runs in real time is made for that. A bubble that a test makes itself keeps
// the time to which such tests are written.
func samerunLook(b *synctestBubble) {
	if gp := getg(); b.samerun.whole && samerunCfg.cost > 0 && samerunDrawing(gp) && samerunTurns.holder.ptr() == gp {
		b.now++
	}
	samerunPoll()
}
