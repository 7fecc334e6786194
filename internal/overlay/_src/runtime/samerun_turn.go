package runtime

import "internal/runtime/atomic"

// samerunTurn decides which goroutine runs: one at a time in the whole process, the
// next one picked by the seed, whatever GOMAXPROCS is. It is one for all bubbles: the
// world (samerun_world.go), of which every goroutine of the program is, and those of
// testing/synctest that a test makes.
//
// Invariants, if there is a world: at most one goroutine of a bubble, the holder, is
// running, in a system call, or in a queue of the scheduler. Each of the others
// waits, or is ready and held back here: its status is _Grunnable, and no queue
// of the scheduler has it. If there is no holder, none is held back.
//
// The holder gives its turn up when it waits for something the program asked
// for, yields, or exits. A wait of the runtime itself, such as for the garbage
// collector, keeps the turn, because when those happen is chance.
type samerunTurn struct {
	mu     mutex
	giving atomic.Uint32 // 1: the holder is about to give its turn up, and who becomes ready is held back, even itself
	exits  bool          // and it does so because it exits

	holder guintptr
	samerunHeld
	samerunSpinners
	picker samerunPicker // which of those held back is next; not asked while a run is replayed

	// The root of a bubble runs its timers, and goes before all others. That of the
	// world does when one is due; or when there is nobody else, to move the clock. If it
	// could not do that either, it is stuck until somebody becomes ready.
	due, stuck bool
	ends       bool // it has found a deadlock, and tells it
	// Those of other bubbles become ready when all of their bubble wait: a list, by
	// samerunG.next.
	roots samerunRoots

	samerunLooks

	outside int // goroutines that wait for the world outside: real input or output, processes, system calls
	holds   int // those of them for which the clock stands still: of the test that runs
	away    int // goroutines that have left the world for a while (samerunLeave)
	samerunPace

	samerunCourse
	procs int // what GOMAXPROCS says

	tables [samerunTableClasses]*samerunTable // those of samerun_identity.go that are free
}

// samerunCourse is what begins anew with each test.
type samerunCourse struct {
	over  bool   // its function and its cleanups have returned
	test  bool   // a test runs; else it is before the first one, between two, or behind the last
	name  string // of the test
	gen   uint32 // how manieth test of the process it is, from 1; stays when it has ended
	first int64  // the clock when it began
	turns uint64 // turns given so far, without those of the roots
	// How many choices a run like this could have: turns for which two or more were
	// ready, and points that were passed while there were others. The calm run lets one
	// goroutine after another come to its end, so that at points nobody else is ready;
	// under other strategies somebody is.
	choices uint64
	digest  uint64        // of who had each turn and when
	live    int           // goroutines that it has started, and that have not exited
	io      int           // waits for real input or output
	loop    uintptr       // where a goroutine lost its turn in a loop that counts its rounds, or 0
	moved   int64         // where the clock was when the root moved it last
	ticks   int           // its steps, one after the other, that were less than the cost of a turn
	started int           // other processes
	refused string        // an address that it dialled in vain
	escaped string        // an address outside of the test that it used
	held    samerunHeldBy // the first thing outside for which a goroutine has waited
	busy    int           // turns since all waited
	rest    int64         // until when nobody stalls
	fresh   bool          // the holder has started a goroutine in its turn
	next    bool          // the first of those held back is next
	passed  int           // points (samerun_point.go) that the holder has passed in its turn
}

// samerunTurns is the only one.
var samerunTurns samerunTurn

// samerunBubble is what a bubble has beside what package testing/synctest knows of it.
// All but key is settled when it begins, or changed by who has the turn.
type samerunBubble struct {
	on      bool // there is a seed
	whole   bool // it is the world
	ended   bool
	key     uint64          // a hash of the seed and the test's name; for a bubble of a test, of who made it
	fired   uint64          // the identity of the goroutine that the timer which fires may start
	life    uint32          // on which boot of which node that one runs
	timers  uint32          // timers made so far
	objects uint64          // that were keys of maps, by a pointer, for the first time, on the stack of the system
	net     int             // its goroutines that wait in the network
	till    int64           // until when its clock goes on for those
	before  *synctestBubble // the bubble of a test that was made before, and has not ended
}

// samerunG is what a goroutine of a bubble needs to draw for itself.
type samerunG struct {
	who      uint64                 // its identity, which is the same for each seed (samerun_identity.go)
	id       uint64                 // a hash of that and of the seed, for its draws
	nth      [samerunStreams]uint64 // draws so far
	counts   samerunCounts
	life     uint32     // on which boot of which node it runs (samerun_node.go); 0: on none
	born     uint32     // on which it was started, and runs as long as no label of the program names another
	birth    uint64     // how manieth goroutine of all tests it is, for reports
	starter  uintptr    // where the program started it, if the run notes that
	sema     uintptr    // the semaphore or list at which it waited last
	died     waitReason // what it waited for when its node crashed
	woken    bool       // it was ready then
	locksHow uintptr    // how it takes the lock that it is about to take, as in samerunLock.number
	late     bool       // it has slept, or received from a timer, and has not used a channel since
	spin     samerunSpinG
	asks     uint8         // why it yields, for samerunYield
	looked   uint8         // points at atomic operations that it has passed since it waited, or passed another point
	waited   bool          // the record has that it waits, and not yet that this is over
	piping   samerunPiping // the pipe that it makes

	fallen  uint64  // PCT: the priority to which it fell; 0 if it did not
	left    uint64  // URW and SURW: how many events it has left
	counted uint32  // its number in samerunEvents, and one more; 0: it has none
	kind    uint8   // of its next event
	wants   uintptr // the object of that, for POS (samerun_object.go)

	samerunWaiting

	readied uint64 // how often it has become ready and was held back
	passed  uint32 // goroutines that became ready later and went first; counted for records and deviations alone
	shift   uint32 // how many more are to do so
	turn    uint32 // the deviation that says so: its index and one more, or 0

	next       guintptr // of a root that is ready
	gen        uint32   // the test that started it, by samerunCourse.gen; 0: none did
	renamed    bool     // that test has ended, and its identity says so (samerunAgain)
	outside    bool     // it waits for the world outside
	worldClock bool     // it goes by the clock of the world, and not by its node's
	holds      bool     // and the clock stands still for that
	begins     bool     // the next goroutine that it starts is that of a test
	tests      bool     // it is that one
	free       bool     // its turns take no time
}

// Why a goroutine yields, though it could go on: not at all, because the program
// called Gosched, or because it loses its turn at a point.
const (
	samerunAsksNot uint8 = iota
	samerunAsksYield
	samerunAsksPoint
)

// samerunGosched_m is gosched_m for calls of Gosched by the program, and for points.
func samerunGosched_m(gp *g) {
	if gp.samerun.asks == samerunAsksNot {
		gp.samerun.asks = samerunAsksYield
	}
	goschedImpl(gp, false)
}

// samerunHold is asked about a goroutine that has become ready. It reports
// whether the goroutine is held back, and must not go to a queue.
func samerunHold(gp *g) bool {
	b := gp.bubble
	if b == nil || !b.samerun.on {
		return false
	}
	s := &samerunTurns
	if s.holder.ptr() == gp && s.giving.Load() == 0 {
		// It has the turn already, and only it could give it up.
		return false
	}
	lock(&s.mu)
	if b.samerun.ended {
		// Left behind by its bubble: it never runs again.
		unlock(&s.mu)
		return true
	}
	samerunRecordWoken(gp)
	if gp.samerun.outside {
		s.patient()
		s.inside(gp)
	}
	if gp.waitreason != waitReasonSamerunSpins {
		gp.samerun.looked = 0
	}
	if gp.samerun.life != 0 && s.standsAside(gp) {
		unlock(&s.mu)
		return true
	}
	s.stuck = false
	s.settle()
	if h := s.holder.ptr(); s.giving.Load() == 0 && (h == nil || h == gp) {
		if h == nil {
			s.take(gp, 0)
		}
		unlock(&s.mu)
		return false
	}
	if gp == b.root {
		s.roots.push(gp)
	} else {
		s.push(gp)
	}
	unlock(&s.mu)
	return true
}

// samerunRoots is a queue of roots.
type samerunRoots struct {
	head, tail guintptr
}

func (r *samerunRoots) push(gp *g) {
	gp.samerun.next = 0
	if t := r.tail.ptr(); t != nil {
		t.samerun.next.set(gp)
	} else {
		r.head.set(gp)
	}
	r.tail.set(gp)
}

func (r *samerunRoots) pop() *g {
	gp := r.head.ptr()
	if r.head = gp.samerun.next; r.head == 0 {
		r.tail = 0
	}
	return gp
}

// samerunGive marks the turn of gp as being given up, if it has it and if it is
// about to wait for something that the program asked for. It returns the bubble,
// or nil if gp keeps its turn. It needs no lock: nobody but the holder, which is
// the caller, takes the turn from the holder.
func samerunGive(gp *g) *synctestBubble {
	b := gp.bubble
	if b == nil || !b.samerun.on || !samerunAsked(gp.waitreason) {
		return nil
	}
	s := &samerunTurns
	if s.holder.ptr() != gp || b.samerun.ended {
		return nil
	}
	s.giving.Store(1)
	gp.samerun.since = b.now
	samerunWaitsFor(gp)
	s.locked = s.locked || samerunForLock(gp.waitreason)
	if gp.waitreason == waitReasonIOWait || gp.waitreason == waitReasonSamerunChild {
		lock(&s.mu)
		s.goesOut(gp)
		unlock(&s.mu)
	}
	if !b.samerun.whole {
		b.active++
	}
	return b
}

// samerunKeep takes samerunGive back: gp did not wait after all.
func samerunKeep(b *synctestBubble, gp *g) {
	if b == nil {
		return
	}
	s := &samerunTurns
	s.giving.Store(0)
	if gp.samerun.outside {
		lock(&s.mu)
		s.inside(gp)
		unlock(&s.mu)
	}
}

// inside notes that gp does not wait for the world outside any more. The caller holds
// s.mu.
func (s *samerunTurn) inside(gp *g) {
	if gp.samerun.outside {
		gp.samerun.outside = false
		s.outside--
	}
	if gp.samerun.holds {
		gp.samerun.holds = false
		s.holds--
	}
}

// samerunAsked reports whether a program waits for this reason because it said so.
func samerunAsked(reason waitReason) bool {
	switch reason {
	case waitReasonIOWait, waitReasonSamerunPipe, waitReasonSamerunChild,
		waitReasonSleep,
		waitReasonChanReceiveNilChan, waitReasonChanSendNilChan, waitReasonSelectNoCases,
		waitReasonSelect, waitReasonChanReceive, waitReasonChanSend,
		waitReasonSynctestSelect, waitReasonSynctestChanReceive, waitReasonSynctestChanSend,
		waitReasonSyncCondWait, waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock,
		waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait,
		waitReasonSynctestRun, waitReasonSynctestWait, waitReasonCoroutine,
		waitReasonSamerunSpins, waitReasonSamerunPark, waitReasonSamerunCrashed:
		return true
	}
	return false
}

// samerunParked gives the turn of a holder that waits by now to the next
// goroutine; free says that its turn takes no time. It stands for decActive as well, and
// runs on g0.
func samerunParked(b *synctestBubble, free bool) {
	samerunTurns.respin(samerunTurns.holder.ptr())
	samerunRecordWaits(samerunTurns.holder.ptr())
	b.decActive()
	if !free {
		samerunTurns.charge()
	}
	samerunTurns.pass()
}

// samerunPass gives the turn of a holder that has exited or yields to the next
// goroutine. It runs on g0. The turn of a root is free, and so is one that was lost at a
// point.
func samerunPass(free bool) {
	if !free {
		samerunTurns.charge()
	}
	samerunTurns.pass()
}

// samerunBrisk is for how many turns the world is brisk after all of it waited: a
// turn has a tenth of its cost then. Where goroutines answer each other and wait
// again, time goes by nearly as on an idle machine; where they are busy without
// end, each turn moves the clock far enough for the end to come soon.
const samerunBrisk = 10000

// charge moves the clock of the world on by the cost of the turn that ends, if others
// are ready, and says so if timers are due by then. It is a model of the CPU: without
// it a loop of calls that take no time stops the clock. A turn in a bubble of a test costs
// nothing in there, and a hundredth here: what goes on in there is mostly much, since it
// takes no time, and is not to bring the end of the test's own time.
func (s *samerunTurn) charge() {
	// Those that are ready were made so by the holder that has stopped: what is
	// read here is settled, although s.mu is not held.
	if s.n == 0 || samerunCfg.cost == 0 {
		return
	}
	cost := samerunCfg.cost
	if gp := s.holder.ptr(); gp != nil && gp.bubble != nil && !gp.bubble.samerun.whole {
		cost = (cost + 99) / 100
	} else if s.busy++; s.busy <= samerunBrisk {
		cost = (cost + 9) / 10
	}
	w := &samerunWorld
	if s.children > 0 {
		cost = s.realCost(cost)
	}
	w.now += cost
	if next := w.timers.wakeTime(); next != 0 && next <= w.now || s.overtime(w.now) {
		s.due = true
	}
}

// pass picks the next goroutine and lets it run.
func (s *samerunTurn) pass() {
	lock(&s.mu)
	s.holder = 0
	s.giving.Store(0)
	var gp *g
	wakes := false
	switch {
	case s.roots.head != 0:
		gp = s.roots.pop()
		s.holder.set(gp)
		samerunSharedTurn(0)
	case s.due && !s.ends:
		gp, wakes = samerunWorld.root, true
		s.holder.set(gp)
		samerunSharedTurn(0)
	case s.n > 0:
		i := s.pick()
		if i > 0 && (samerunRec.fd >= 0 || samerunDeviations.on) {
			s.passOver(i)
		}
		gp = s.at(i).ptr()
		s.remove(i)
		s.take(gp, i)
		if samerunStands.turn != 0 && s.stops(gp) {
			gp, wakes = samerunWorld.root, true
			s.holder.set(gp)
		}
	case s.ends:
		samerunStuckAtTheEnd()
	case !s.stuck:
		s.busy = 0
		gp, wakes = samerunWorld.root, true
		s.holder.set(gp)
		samerunSharedTurn(0)
	}
	unlock(&s.mu)
	switch {
	case wakes:
		ready(gp, 0, true)
	case gp != nil:
		// Now and then those outside of the bubble go first, such as the watchdog.
		runqput(getg().m.p.ptr(), gp, s.turns%64 != 0)
	}
}

// samerunYield gives the turn of gp up although gp stays ready. It runs on g0,
// when gp has stopped, and reports whether it did: gp must then not go to a queue.
func samerunYield(gp *g) bool {
	b, asks := gp.bubble, gp.samerun.asks
	gp.samerun.asks = samerunAsksNot
	if asks == samerunAsksNot || b == nil || !b.samerun.on {
		return false
	}
	s := &samerunTurns
	lock(&s.mu)
	if b.samerun.ended || s.holder.ptr() != gp {
		unlock(&s.mu)
		return false
	}
	s.giving.Store(1)
	if asks == samerunAsksYield {
		// Who yields waits for another: that other must get a chance.
		gp.samerun.wants = 0
		s.yields(gp)
	}
	if gp.samerun.life == 0 || !s.standsAside(gp) {
		s.push(gp)
	}
	unlock(&s.mu)
	samerunTracesAfresh(gp)
	s.respin(gp)
	samerunPass(gp.samerun.free || asks == samerunAsksPoint)
	return true
}

// samerunExits marks the turn of gp as being given up because gp exits.
func samerunExits(gp *g) {
	b := gp.bubble
	if b == nil || !b.samerun.on {
		return
	}
	s := &samerunTurns
	lock(&s.mu)
	if s.holder.ptr() == gp && !b.samerun.ended {
		s.giving.Store(1)
		s.exits = true
	}
	unlock(&s.mu)
	if s.exits {
		s.respin(gp)
	}
}

// samerunExited gives the turn of a goroutine that has exited to the next one.
func samerunExited(b *synctestBubble) {
	if b == nil || !b.samerun.on || !samerunTurns.exits {
		return
	}
	samerunTurns.exits = false
	samerunPass(false)
}

// samerunSwitch hands the turn on along with a switch from one coroutine to another.
// An iterator that was made outside of the bubble, or in that of an earlier test,
// belongs to it from then on, as a child of the goroutine that asks it.
func samerunSwitch(b *synctestBubble, to *g) {
	if to.bubble != b && (b == nil || b.samerun.on) && (to.bubble == nil || to.bubble.samerun.on) {
		samerunMove(b, to)
	}
	if b == nil || !b.samerun.on || to.bubble != b {
		return
	}
	lock(&samerunTurns.mu)
	samerunTurns.holder.set(to)
	samerunSharedTurn(to.samerun.life)
	unlock(&samerunTurns.mu)
}

// samerunMove makes a coroutine that stands still one of bubble b, or of none.
func samerunMove(b *synctestBubble, to *g) {
	if old := to.bubble; old != nil && !old.samerun.whole {
		lock(&old.mu)
		old.total--
		unlock(&old.mu)
	}
	to.bubble = b
	to.timer = nil // that of its sleeps, which knows the clock that it was made for
	to.samerun = samerunG{}
	if b != nil {
		if !b.samerun.whole {
			lock(&b.mu)
			b.total++
			unlock(&b.mu)
		}
		samerunBorn(to, samerunTurns.holder.ptr(), 0, 0)
	}
}

// take makes gp the holder and notes the turn. The caller holds s.mu. i is its
// place among those that were ready.
func (s *samerunTurn) take(gp *g, i int) {
	s.holder.set(gp)
	samerunSharedTurn(gp.samerun.life)
	if gp == gp.bubble.root {
		return
	}
	s.turns++
	s.passed, s.fresh = 0, false
	s.digest = samerunMix(s.digest^gp.samerun.id, uint64(gp.bubble.since()))
	if samerunRec.fd >= 0 {
		samerunRecordTurn(gp, i, s.n+1)
	}
	gp.samerun.passed = 0
}
