package runtime

import (
	"internal/runtime/atomic"
	_ "unsafe" // for go:linkname
)

// A loop that only looks, such as one that waits until an atomic variable changes, never
// comes to a place where it could lose its turn. It is found by what it does: once all
// registers have come back to what they were, along the same path, and no value has
// changed on the way, nothing but another goroutine or a timer can end the loop, and
// which round of it was the last one decides nothing. Then the goroutine waits, for the
// reason "spins", until another one has had a turn or a timer has fired. If all
// others wait, time passes, or it is a deadlock.
//
// That is exact, because a thread that goes on by single steps (samerun_step_linux_amd64.go)
// sees each state, and the goroutine stops at a place of the loop which does not
// depend on when somebody looked. Real time decides only how long it takes until somebody
// looks. A computation never comes back to a state, and keeps its turn.
//
// A loop that counts its rounds does not come back either. If all that changes are
// registers that go up or down by steps that are always the same, the goroutine waits as
// above after samerunCounting of real time. How far it has counted by then is chance, so
// that its test is noted as not exact. So it is for all loops where threads
// cannot go by single steps: there a goroutine must have stood at few places.

// waitReasonSamerunSpins is a wait reason behind those of the runtime.
const waitReasonSamerunSpins waitReason = 100

// waitReasonSamerunPark is for those who wait by samerunHostPark.
const waitReasonSamerunPark waitReason = 101

// samerunLookEvery is how often, in nanoseconds, a goroutine that keeps its turn is
// looked at.
const samerunLookEvery = 1000000

// samerunCounting is how many looks it takes until a loop that counts loses its turn, and
// samerunCountingAgain for one that has lost it there before.
const (
	samerunCounting      = 2000
	samerunCountingAgain = 10
)

// samerunFewPlaces is how many places a loop has at most that loses its turn where
// threads cannot go by single steps.
const samerunFewPlaces = 16

// samerunSpinG is what is known of a goroutine that spins, or did in its last turn.
type samerunSpinG struct {
	spins bool    // it is about to wait
	fresh bool    // and has done something else before in its turn
	again bool    // it has waited, and no step since has shown that it does something else
	pc    uintptr // where it stops, 0 if that is no certain place
	sp    uintptr
	state uint64  // what the registers are there
	path  uint64  // a hash of all states on the way around
	steps uint32  // how many they are
	loop  uintptr // where it lost its turn as one that counts

	inVain uint32 // how often it has looked since, and nothing was changed
	rest   uint32 // turns that are to end before it looks again
	missed bool   // something may have changed
}

// samerunSpinLooks is how sysmon watches the goroutine that has the turn.
//
// Sysmon alone uses the first fields; the others are of the thread that runs the
// goroutine, in its signal handler. Asked hands over.
var samerunSpinLooks struct {
	goid, turn uint64
	next       int64

	asked atomic.Uint32 // 1: the thread is to look; 2: it is another turn than at the last look; 3: both
	n     uint32        // looks in this turn
	seen  [64]uint64    // the states seen at the last of them, each but for memory
	place [samerunFewPlaces]uintptr
	many  bool // there were more
	tries uint32
	pause uint32 // until how many looks none is by steps

	counts atomic.Uint64 // the number of a goroutine that is to lose its turn as one that counts
}

// samerunSysmonDelay shortens how long sysmon sleeps, in microseconds.
func samerunSysmonDelay(delay uint32) uint32 {
	if samerunCfg.on {
		return min(delay, samerunLookEvery/1000)
	}
	return delay
}

// samerunSysmon makes the thread that runs a goroutine which keeps its turn look at what
// that does. Sysmon calls it.
func samerunSysmon(now int64) {
	if !samerunCfg.on || GOOS == "windows" || !preemptMSupported || debug.asyncpreemptoff != 0 {
		return
	}
	w := &samerunSpinLooks
	lock(&allpLock)
	for _, pp := range allp {
		if pp == nil || atomic.Load(&pp.status) != _Prunning {
			continue
		}
		mp := pp.m.ptr()
		if mp == nil {
			continue
		}
		gp := mp.curg
		if gp == nil || readgstatus(gp) != _Grunning {
			continue
		}
		b := gp.bubble
		if b == nil || !b.samerun.on || samerunTurns.holder.ptr() != gp || b.root == gp {
			continue
		}
		// A look that is torn, on a 32-bit machine, is one look too early or too late.
		if turn := samerunTurns.turns; w.goid != gp.goid || w.turn != turn {
			w.goid, w.turn, w.next = gp.goid, turn, now+samerunLookEvery
			w.asked.Store(2)
		} else if now >= w.next {
			w.next = now + samerunLookEvery
			w.asked.Or(1)
			preemptM(mp)
		}
	}
	unlock(&allpLock)
}

// samerunStackPreempt is the guard of the stack that makes a goroutine stop at the next call:
// the one that it has, while it goes by steps.
func samerunStackPreempt(gp *g) uintptr {
	if samerunStepping(gp) {
		return gp.stackguard0
	}
	return stackPreempt
}

// samerunPark is park_m. It is called by way of this variable, because newstack, which must
// have no write barriers while it grows a stack, may preempt as well.
var samerunPark func(gp *g)

// samerunSpinPark lets gp wait if it spins, and does not return then. It runs on g0, when
// gp has been preempted.
func samerunSpinPark(gp *g) {
	if gp.bubble == nil || !gp.bubble.samerun.on {
		return
	}
	s, spin := &samerunTurns, &gp.samerun.spin
	switch {
	case gp.bubble.samerun.ended || s.holder.ptr() != gp:
		return
	case spin.spins && gp.asyncSafePoint:
	case samerunSpinLooks.counts.Load() == gp.goid:
		samerunSpinLooks.counts.Store(0)
		*spin = samerunSpinG{fresh: true, loop: spin.loop}
		if s.loop == 0 {
			s.loop = samerunLoopPlace(gp, spin.loop)
		}
	default:
		spin.spins = false
		return
	}
	spin.spins, spin.again = false, spin.pc != 0
	gp.waitreason = waitReasonSamerunSpins
	samerunTracesAfresh(gp)
	mp := getg().m
	mp.waitTraceBlockReason, mp.waitTraceSkip = traceBlockPreempted, 0
	samerunPark(gp)
}

// samerunSpinners are the goroutines that wait because they spin, linked by schedlink. Who
// has the turn changes them.
type samerunSpinners struct {
	spinFirst, spinLast guintptr
	fires, firesSeen    uint32 // timers that have fired, and when those were made ready last
}

// spun appends gp, which is about to wait, to those that spin.
func (s *samerunSpinners) spun(gp *g) {
	gp.schedlink = 0
	if last := s.spinLast.ptr(); last != nil {
		last.schedlink.set(gp)
	} else {
		s.spinFirst.set(gp)
	}
	s.spinLast.set(gp)
}

// respin makes those that spin ready, since gp, whose turn ends, may have changed
// what they look at. Who has looked in vain for some times has a rest until some more
// turns have ended, if there are others. It runs on the stack of the system, while the turn
// is being given up.
func (s *samerunTurn) respin(gp *g) {
	spins := gp.waitreason == waitReasonSamerunSpins && readgstatus(gp)&^_Gscan == _Gwaiting
	inVain := spins && !gp.samerun.spin.fresh
	fired := s.fires != s.firesSeen
	changed := fired || !inVain && gp != samerunWorld.root
	now := fired || s.n == 0 && s.roots.head == 0
	s.firesSeen = s.fires
	next := s.spinFirst.ptr()
	s.spinFirst, s.spinLast = 0, 0
	for next != nil {
		other := next
		next = other.schedlink.ptr()
		o := &other.samerun.spin
		if changed {
			o.missed = true
			o.rest -= min(o.rest, 1)
		}
		if !o.missed || o.rest > 0 && !now {
			s.spun(other)
			continue
		}
		o.missed = false
		other.schedlink = 0
		samerunStepsAgain(other)
		ready(other, 0, true)
	}
	if spins {
		o := &gp.samerun.spin
		if o.missed, o.rest = false, 0; inVain {
			o.inVain++
			o.rest = 1<<min(o.inVain/8, 6) - 1
		}
		s.spun(gp)
	}
}

// spinAfter is the number of the first test that has left one of those that spin, or gen if
// that is less.
func (s *samerunSpinners) spinAfter(gen uint32) uint32 {
	for gp := s.spinFirst.ptr(); gp != nil; gp = gp.schedlink.ptr() {
		gen = min(gen, gp.samerun.gen)
	}
	return gen
}

// samerunLoopPlace is where in the program gp stands, which stops at pc: in a look that is not
// inlined, that is its caller.
func samerunLoopPlace(gp *g, pc uintptr) uintptr {
	if samerunPlaceOf(pc+1).user != 0 {
		return pc
	}
	var u unwinder
	for u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors); u.valid(); u.next() {
		if at := u.symPC(); samerunPlaceOf(at+1).user != 0 {
			return at
		}
	}
	return pc
}

// samerunLoop is where a goroutine of the test that ended last lost its turn in a loop
// that counts its rounds, or empty.
//
//go:linkname samerunLoop testing.samerunLoop
func samerunLoop() string {
	pc := samerunCfg.last.loop
	f := findfunc(pc)
	if pc == 0 || !f.valid() {
		return ""
	}
	// A function of the standard library, such as a look at an atomic variable, is mostly
	// inlined there: the loop is the program's.
	u, uf := newInlineUnwinder(f, pc)
	for samerunStandard(u.srcFunc(uf).name()) {
		next := u.next(uf)
		if !next.valid() {
			break
		}
		uf = next
	}
	name := u.srcFunc(uf).name()
	_, line := u.fileLine(uf)
	return name + ":" + string(itoa(make([]byte, 20), uint64(line)))
}
