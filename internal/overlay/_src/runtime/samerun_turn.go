package runtime

import "internal/runtime/atomic"

// samerunTurn decides which goroutine of a bubble runs: one at a time, the next
// one picked by the seed, whatever GOMAXPROCS is.
//
// Invariants, while on: at most one goroutine of the bubble, the holder, is
// running, in a system call, or in a queue of the scheduler. Each of the others
// waits, or is ready and held back here: its status is _Grunnable, and no queue
// of the scheduler has it. If there is no holder, none is held back.
//
// The holder gives its turn up when it waits for something the program asked
// for, yields, or exits. A wait of the runtime itself, such as for the garbage
// collector, keeps the turn, because when those happen is chance.
type samerunTurn struct {
	mu     mutex
	on     bool
	whole  bool // the bubble of a whole test: what is left at its end is dropped
	ended  bool
	giving atomic.Uint32 // 1: the holder is about to give its turn up, and who becomes ready is held back, even itself
	exits  bool          // and it does so because it exits

	// The root of a bubble runs its timers. It goes before all others: it becomes
	// ready when something is due, or when all of them wait.
	rootReady bool

	holder              guintptr
	spinFirst, spinLast guintptr // those that wait because they spin, linked by schedlink
	samerunHeld
	picker samerunPicker // which of those held back is next; not asked while a run is replayed

	name  string // of the test
	key   uint64 // of the bubble: a hash of the seed and the test's name
	turns uint64 // turns given so far, without those of the root
	// How many choices a run like this could have: turns for which two or more were
	// ready, and points that were passed while there were others. The calm run lets one
	// goroutine after another come to its end, so that at points nobody else is ready;
	// under other strategies somebody is.
	choices  uint64
	digest   uint64  // of who had each turn and when
	fired    uint64  // the identity of the goroutine that the timer which fires may start
	timers   uint32  // timers made so far
	objects  uint64  // that were keys of maps, by a pointer, for the first time, on the stack of the system
	io       int     // waits for real input or output
	started  int     // other processes
	loop     uintptr // where a goroutine lost its turn in a loop that counts its rounds, or 0
	refused  string  // an address that it dialled in vain
	escaped  string  // an address outside of the test that it used
	finish   bool    // the root has been woken because the test is over
	procs    int     // what GOMAXPROCS says
	busy     int     // turns since all waited
	rest     int64   // until when nobody stalls
	begin    int64   // where the clock began
	limit    int64   // how far it may go from there; 0 for no limit
	moved    int64   // where it was when the root moved it last
	ticks    int     // steps, one after the other, that were less than the cost of a turn
	overtime bool    // it has come to its limit
	passed   int     // points (samerun_point.go) that the holder has passed in its turn

	tables    [samerunTableClasses]*samerunTable // those of samerun_identity.go that are free
	allTables *samerunTable
}

// samerunG is what a goroutine of a bubble needs to draw for itself.
type samerunG struct {
	who    uint64                 // its identity, which is the same for each seed (samerun_identity.go)
	id     uint64                 // a hash of that and of the seed, for its draws
	nth    [samerunStreams]uint64 // draws so far
	counts samerunCounts
	spin   samerunSpinG
	asks   uint8 // why it yields, for samerunYield

	fallen uint64 // PCT: the priority to which it fell; 0 if it did not

	readied uint64 // how often it has become ready and was held back
	passed  uint32 // goroutines that became ready later and went first; counted for records and deviations alone
	shift   uint32 // how many more are to do so
	turn    uint32 // the deviation that says so: its index and one more, or 0
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
	s := &b.samerun
	if s.holder.ptr() == gp && s.giving.Load() == 0 {
		// It has the turn already, and only it could give it up.
		return false
	}
	lock(&s.mu)
	if s.ended {
		// Left behind by its test: it never runs again.
		unlock(&s.mu)
		return true
	}
	if h := s.holder.ptr(); s.giving.Load() == 0 && (h == nil || h == gp) {
		if h == nil {
			s.take(b, gp, 0)
		}
		unlock(&s.mu)
		return false
	}
	if gp == b.root {
		s.rootReady = true
	} else {
		s.push(gp)
	}
	unlock(&s.mu)
	return true
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
	s := &b.samerun
	if s.holder.ptr() != gp || s.ended {
		return nil
	}
	s.giving.Store(1)
	if gp.waitreason == waitReasonIOWait {
		s.io++
	}
	return b
}

// samerunKeep takes samerunGive back: gp did not wait after all.
func samerunKeep(b *synctestBubble) {
	if b != nil {
		b.samerun.giving.Store(0)
	}
}

// samerunAsked reports whether a program waits for this reason because it said so.
func samerunAsked(reason waitReason) bool {
	switch reason {
	case waitReasonIOWait,
		waitReasonSleep,
		waitReasonChanReceiveNilChan, waitReasonChanSendNilChan, waitReasonSelectNoCases,
		waitReasonSelect, waitReasonChanReceive, waitReasonChanSend,
		waitReasonSynctestSelect, waitReasonSynctestChanReceive, waitReasonSynctestChanSend,
		waitReasonSyncCondWait, waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock,
		waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait,
		waitReasonSynctestRun, waitReasonSynctestWait, waitReasonCoroutine,
		waitReasonSamerunSpins:
		return true
	}
	return false
}

// samerunIdle reports whether goroutines that wait for this reason let time pass,
// beyond those that always do: a lock that is held over a sleep would otherwise
// stop the clock, and a deadlock of locks would never be found.
func samerunIdle(reason waitReason) bool {
	if !samerunCfg.on {
		return false
	}
	switch reason {
	case waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock, waitReasonSyncWaitGroupWait, waitReasonSamerunSpins:
		return true
	}
	return false
}

// samerunParked gives the turn of a holder that waits by now to the next
// goroutine; root says that the holder was the root. It stands for decActive as
// well, and runs on g0.
func samerunParked(b *synctestBubble, root bool) {
	b.samerun.respin(b.samerun.holder.ptr())
	lock(&b.mu)
	b.active--
	if b.active < 0 {
		throw("active < 0")
	}
	wake := b.maybeWakeLocked()
	if wake == nil && !root {
		wake = b.samerun.charge(b)
	}
	unlock(&b.mu)
	if wake != nil {
		ready(wake, 0, true)
	}
	b.samerun.pass(b)
}

// samerunPass gives the turn of a holder that has exited or yields to the next
// goroutine. It runs on g0. The turn of the root is free, and so is one that was
// lost at a point.
func samerunPass(b *synctestBubble, free bool) {
	if !free {
		lock(&b.mu)
		wake := b.samerun.charge(b)
		unlock(&b.mu)
		if wake != nil {
			ready(wake, 0, true)
		}
	}
	b.samerun.pass(b)
}

// samerunBrisk is for how many turns a bubble is brisk after all of it waited: a
// turn has a tenth of its cost then. Where goroutines answer each other and wait
// again, time goes by nearly as on an idle machine; where they are busy without
// end, each turn moves the clock far enough for the end to come soon.
const samerunBrisk = 10000

// charge moves the clock on by the cost of the turn that ends, if others are
// ready, and returns the root if timers are due by then, for the caller to make
// ready. It is a model of the CPU: without it a loop of calls that take no time
// stops the clock. The caller holds b.mu.
func (s *samerunTurn) charge(b *synctestBubble) *g {
	// Those that are ready were made so by the holder that has stopped: what is
	// read here is settled, although s.mu is not held.
	if s.n == 0 || s.rootReady || b.done || samerunCfg.cost == 0 {
		return nil
	}
	cost := samerunCfg.cost
	if s.busy++; s.busy <= samerunBrisk {
		cost = (cost + 9) / 10
	}
	b.now += cost
	next := b.timers.wakeTime()
	if !samerunOvertime(b, b.now) && (next == 0 || next > b.now) || readgstatus(b.root)&^_Gscan != _Gwaiting {
		return nil
	}
	// The root takes this back when it parks again, as in maybeWakeLocked.
	b.active++
	return b.root
}

// pass picks the next goroutine and lets it run.
func (s *samerunTurn) pass(b *synctestBubble) {
	lock(&s.mu)
	s.holder = 0
	s.giving.Store(0)
	var gp *g
	switch {
	case s.rootReady:
		if s.n == 0 {
			s.busy = 0
		}
		gp = b.root
		s.rootReady = false
		s.holder.set(gp)
	case s.n > 0:
		i := s.pick()
		if i > 0 && (samerunRec.fd >= 0 || samerunDeviations.on) {
			s.passOver(i)
		}
		gp = s.at(i).ptr()
		s.remove(i)
		s.take(b, gp, i)
	}
	unlock(&s.mu)
	if gp != nil {
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
	s := &b.samerun
	lock(&s.mu)
	if s.ended || s.holder.ptr() != gp {
		unlock(&s.mu)
		return false
	}
	s.giving.Store(1)
	if asks == samerunAsksYield {
		// Who yields waits for another: that other must get a chance.
		s.yields(gp)
	}
	s.push(gp)
	unlock(&s.mu)
	s.respin(gp)
	samerunPass(b, gp == b.root || asks == samerunAsksPoint)
	return true
}

// samerunExits marks the turn of gp as being given up because gp exits.
func samerunExits(gp *g) {
	b := gp.bubble
	if b == nil || !b.samerun.on {
		return
	}
	s := &b.samerun
	lock(&s.mu)
	if s.holder.ptr() == gp && !s.ended {
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
	if b == nil || !b.samerun.on || !b.samerun.exits {
		return
	}
	b.samerun.exits = false
	samerunPass(b, false)
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
	lock(&b.samerun.mu)
	b.samerun.holder.set(to)
	unlock(&b.samerun.mu)
}

// samerunMove makes a coroutine that stands still one of bubble b, or of none.
func samerunMove(b *synctestBubble, to *g) {
	if old := to.bubble; old != nil {
		lock(&old.mu)
		old.total--
		unlock(&old.mu)
	}
	to.bubble = b
	to.timer = nil // that of its sleeps, which knows the clock that it was made for
	to.samerun = samerunG{}
	if b != nil {
		lock(&b.mu)
		b.total++
		unlock(&b.mu)
		samerunBorn(to, b.samerun.holder.ptr(), 0, 0)
	}
}

// take makes gp the holder and notes the turn. The caller holds s.mu. i is its
// place among those that were ready.
func (s *samerunTurn) take(b *synctestBubble, gp *g, i int) {
	s.holder.set(gp)
	if gp == b.root {
		return
	}
	s.turns++
	s.passed = 0
	s.digest = samerunMix(s.digest^gp.samerun.id, uint64(b.now))
	if samerunRec.fd >= 0 {
		samerunRecordTurn(b, gp, i, s.n+1)
	}
	gp.samerun.passed = 0
}
