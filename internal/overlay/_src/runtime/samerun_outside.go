package runtime

import (
	"internal/runtime/atomic"
	"unsafe" // and for go:linkname
)

// What is outside takes its own time: other processes, descriptors that another
// process can have, system calls. A goroutine that waits for it has given its turn up, and
// the others go on. When all wait, the clock moves at the pace of the real one, and stops
// where something comes from outside: so a limit of ten seconds for a process that needs
// one is kept. It does as long as a process lives that the program has started, and
// for others while nothing has come for samerunPatient; then it moves as fast as ever.
// Runs in which a goroutine has waited so are not exact.

// samerunPatient is how long the clock moves at the pace of the real one after somebody
// has begun to wait for what is outside, or after something has come from there: a second.
const samerunPatient = 1_000_000_000

// samerunStride is the most by which the clock moves at once at that pace, so that the
// watchdog sees that it moves. A process that the system has stopped for a while, or that gets no
// processor, loses one stride by it and not all its patience: what had come meanwhile is
// taken in before the next one ends.
const samerunStride = 100_000_000

// samerunStraggle is how many strides the clock keeps its pace when its patience is over but a
// thread is about to come back from its system call.
const samerunStraggle = 100

// samerunPace is what is known of the pace of the clock.
//
// Invariant: if waitSince is not 0, all wait, the root too, and nobody has the turn; then the clock
// was at waitFrom at the real time waitSince, and is to move by waitFor at most, and no further than
// to waitUntil, if that is not 0.
type samerunPace struct {
	patience                       int64 // for how long it is still that of the real one
	waitSince, waitFrom, waitUntil int64
	waitFor                        int64
	straggle                       int   // strides left for threads that come back late
	timer                          timer // ends the wait of the root; of the real clock
	children                       int   // processes that the program has started, and that live
	charged                        int64 // the real time at which a turn was charged last, while there are any
	child                          *samerunChild
}

// samerunHeldBy says who has waited for something outside.
type samerunHeldBy struct {
	kind uint8
	pc   uintptr // where, in the program; or 0
}

const (
	samerunHeldNot uint8 = iota
	samerunHeldIO
	samerunHeldChild
	samerunHeldCall
)

// goesOut notes that gp, which stands still or is in a system call, waits for what is
// outside. The caller holds s.mu.
func (s *samerunTurn) goesOut(gp *g) {
	s.io++
	s.outside++
	gp.samerun.outside = true
	if gp.samerun.gen == s.genNow() {
		s.holds++
		gp.samerun.holds = true
		s.patient()
	}
	if s.held.kind != samerunHeldNot {
		return
	}
	switch {
	case readgstatus(gp)&^_Gscan == _Gsyscall:
		s.held.kind = samerunHeldCall
	case gp.waitreason == waitReasonSamerunChild:
		s.held.kind = samerunHeldChild
	default:
		s.held.kind = samerunHeldIO
	}
	const deep = 30
	var u unwinder
	n := 0
	for u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors); u.valid() && n < deep; u.next() {
		if pc := u.symPC() + 1; samerunPlaceOf(pc).user != 0 {
			s.held.pc = pc
			return
		}
		n++
	}
}

// samerunHeldTold tells who has waited for something outside in the test that ended last:
// what it was, and the function; both are empty if nobody has.
//
//go:linkname samerunHeldTold testing.samerunHeld
func samerunHeldTold() (kind, function string) {
	h := samerunTurns.held
	switch h.kind {
	case samerunHeldNot:
		return "", ""
	case samerunHeldIO:
		kind = "for input or output"
	case samerunHeldChild:
		kind = "for a process"
	case samerunHeldCall:
		kind = "in a system call"
	}
	if h.pc != 0 {
		u, uf := newInlineUnwinder(findfunc(h.pc), h.pc-1)
		for ; uf.valid() && u.f.valid(); uf = u.next(uf) {
			name := u.srcFunc(uf).name()
			if samerunStandard(name) {
				continue
			}
			// What the compiler makes of a go statement has the name of the function in which it is.
			const wrapper = ".gowrap"
			for i := 0; i+len(wrapper) < len(name); i++ {
				if name[i:i+len(wrapper)] == wrapper {
					name = name[:i]
				}
			}
			return kind, name
		}
	}
	return kind, ""
}

// realTime is asked when all wait, and the next timer is due at next, or none is set if
// that is 0. It reports whether the clock may move there at once; if not, for how long the
// root has to wait in real time, 0 for ever. Those who wait for what is outside since before
// the test, such as a server that TestMain has started, hold no clock.
func (s *samerunTurn) realTime(next int64) (d int64, free bool) {
	lock(&s.mu)
	defer unlock(&s.mu)
	if next != 0 {
		d = max(next-samerunWorld.now, 1)
	}
	switch {
	case s.children > 0 || s.away > 0:
		if d == 0 || d > samerunStride {
			d = samerunStride
		}
		return d, false
	case s.holds == 0:
		return 0, true
	case next == 0:
		return 0, false
	case s.patience <= 0:
		if s.straggle == 0 {
			return 0, true
		}
		if s.straggle--; !s.comesBack() {
			s.straggle = 0
			return 0, true
		}
		s.patience = samerunStride
	}
	return min(d, s.patience, samerunStride), false
}

// patient is called when somebody has begun to wait for what is outside, or when something
// has come from there. The caller holds s.mu.
func (s *samerunTurn) patient() {
	s.patience, s.straggle = samerunPatient, samerunStraggle
}

// comesBack reports whether somebody who is outside does not wait any more: its thread only
// has to get a processor. The caller holds s.mu.
func (s *samerunTurn) comesBack() bool {
	comes := false
	forEachGRace(func(gp *g) {
		if !gp.samerun.outside || comes {
			return
		}
		switch readgstatus(gp) &^ _Gscan {
		case _Gsyscall:
			mp := gp.m
			comes = mp != nil && !samerunBlocked(mp.procid)
		case _Grunning, _Grunnable:
			comes = true
		}
	})
	return comes
}

// waitOutside prepares the root to wait, which it does next: until something comes from
// outside, or for d of real time, if that is not 0. It reports whether there is anything
// for which it could wait.
func (s *samerunTurn) waitOutside(next, d int64) bool {
	t := &s.timer
	if t.f == nil {
		t.init(samerunWaited, nil)
	}
	lock(&s.mu)
	ready, dead := s.n > 0 || s.roots.head != 0, s.outside+s.away+s.children == 0
	if !ready && !dead {
		s.stuck = true
		if d > 0 {
			s.waitSince, s.waitFrom, s.waitUntil, s.waitFor = nanotime(), samerunWorld.now, next, d
		}
	}
	unlock(&s.mu)
	if !ready && !dead && d > 0 {
		t.reset(nanotime()+d, 0)
	}
	return ready || !dead
}

// settle moves the clock on for the time that the root has waited. The caller holds s.mu.
func (s *samerunTurn) settle() {
	if s.waitSince == 0 {
		return
	}
	waited := min(nanotime()-s.waitSince, s.waitFor)
	s.waitSince = 0
	s.patience -= waited
	now := s.waitFrom + waited
	if s.waitUntil != 0 && now >= s.waitUntil {
		now = s.waitUntil
		s.due = true
	}
	samerunWorld.now = max(samerunWorld.now, now)
}

// samerunWaited is called when the root has waited for long enough. It runs on the stack
// of the system, in no bubble.
func samerunWaited(any, uintptr, int64) {
	s := &samerunTurns
	lock(&s.mu)
	wake := false
	if s.stuck {
		s.stuck = false
		s.settle()
		if s.holder == 0 {
			s.holder.set(samerunWorld.root)
			wake = true
		}
	}
	unlock(&s.mu)
	if wake {
		ready(samerunWorld.root, 0, true)
	}
}

// realCost returns the cost of a turn while a process lives that the program has started:
// no more than it took. A program that looks whether that process is done would else see
// its limits pass before it can be.
func (s *samerunTurn) realCost(cost int64) int64 {
	now := nanotime()
	cost = min(cost, now-s.charged)
	s.charged = now
	return cost
}

// samerunSentinel is a goroutine of the runtime that sees, every few milliseconds of real
// time, what has happened outside of the simulation.
func samerunSentinel() {
	var last samerunCallSeen
	for {
		timeSleep(samerunSentinelEvery)
		samerunSignalsFromOutside()
		samerunLookAtCalls(&last)
	}
}

// samerunSentinelEvery is how often it looks, in nanoseconds.
const samerunSentinelEvery = 10_000_000

// samerunCall is the system call that a goroutine makes: a number that it has not had before,
// 0 if it makes none, or samerunCallLost if it has lost its turn in it.
type samerunSyscall struct {
	now atomic.Uint32
	nth uint32
}

const samerunCallLost = ^uint32(0)

// samerunCallSeen is a system call that the sentinel has seen, and how often.
type samerunCallSeen struct {
	g     guintptr
	nth   uint32
	times int
}

// samerunCallTimes is how often the sentinel must see one and the same call: it has taken
// 20 milliseconds at least by then.
const samerunCallTimes = 3

// samerunCallEnters notes that gp makes a system call. It is called where nothing may
// happen.
//
//go:nosplit
func samerunCallEnters(gp *g) {
	if gp.bubble == nil {
		return
	}
	c := &gp.samerunCall
	if c.nth++; c.nth == samerunCallLost {
		c.nth = 1
	}
	c.now.Store(c.nth)
}

// samerunCallReturns is called when gp has come back from it: if it has lost its turn, it
// becomes ready, and goes on when it is its turn again.
func samerunCallReturns(gp *g) {
	c := &gp.samerunCall
	if n := c.now.Load(); n == 0 || n != samerunCallLost && c.now.CompareAndSwap(n, 0) {
		return
	}
	c.now.Store(0)
	if gp.bubble != nil {
		mcall(gosched_m)
	}
}

// samerunLookAtCalls lets the holder lose its turn if it waits in a system call.
func samerunLookAtCalls(last *samerunCallSeen) {
	s := &samerunTurns
	lock(&s.mu)
	gp := s.holder.ptr()
	unlock(&s.mu)
	if gp == nil {
		*last = samerunCallSeen{}
		return
	}
	n := gp.samerunCall.now.Load()
	if n == 0 || n == samerunCallLost {
		*last = samerunCallSeen{}
		return
	}
	if last.g.ptr() != gp || last.nth != n {
		last.g.set(gp)
		last.nth, last.times = n, 0
	}
	if last.times++; last.times < samerunCallTimes {
		return
	}
	mp := gp.m
	if mp == nil || !samerunBlocked(mp.procid) {
		return
	}
	systemstack(func() {
		lock(&s.mu)
		lost := s.holder.ptr() == gp && s.giving.Load() == 0 && gp.samerunCall.now.CompareAndSwap(n, samerunCallLost)
		if lost {
			// From now on, whoever becomes ready is held back, even the one that loses its turn.
			s.giving.Store(1)
			s.goesOut(gp)
		}
		unlock(&s.mu)
		if lost {
			s.pass()
		}
	})
}

// samerunChild is a process that the program has started, and that lives.
type samerunChild struct {
	next   *samerunChild
	pid    int
	waiter guintptr // who waits for its end
	ended  bool
}

// samerunChildStarts notes that the program has started a process, if it is one that runs
// under a seed. Somebody is to call samerunChildEnds when it has ended.
//
//go:linkname samerunChildStarts syscall.samerunChildStarts
func samerunChildStarts(pid int) bool {
	if !samerunWorld.samerun.on {
		return false
	}
	c := &samerunChild{pid: pid}
	s := &samerunTurns
	lock(&s.mu)
	c.next, s.child = s.child, c
	s.children++
	s.charged = nanotime()
	unlock(&s.mu)
	return true
}

// samerunChildEnds says that the process has ended.
//
//go:linkname samerunChildEnds syscall.samerunChildEnds
func samerunChildEnds(pid int) {
	s := &samerunTurns
	var waiter *g
	lock(&s.mu)
	for at := &s.child; *at != nil; at = &(*at).next {
		if c := *at; c.pid == pid {
			*at = c.next
			c.ended = true
			waiter = c.waiter.ptr()
			c.waiter = 0
			s.children--
			break
		}
	}
	s.patient()
	unlock(&s.mu)
	if waiter != nil {
		goready(waiter, 0)
	}
}

// samerunChildren reports whether a process lives that the program has started.
//
//go:linkname samerunChildren net.samerunChildren
func samerunChildren() bool {
	s := &samerunTurns
	lock(&s.mu)
	defer unlock(&s.mu)
	return s.children > 0
}

// samerunChildWait returns when the process has ended, if it is one that the program has
// started: the turn passes on meanwhile.
//
//go:linkname samerunChildWait os.samerunChildWait
func samerunChildWait(pid int) {
	gp, s := getg(), &samerunTurns
	if !samerunDrawing(gp) {
		return
	}
	lock(&s.mu)
	c := s.child
	for c != nil && c.pid != pid {
		c = c.next
	}
	wait := c != nil && c.waiter == 0
	unlock(&s.mu)
	if wait {
		gopark(samerunChildWaits, unsafe.Pointer(c), waitReasonSamerunChild, traceBlockGeneric, 1)
	}
}

// samerunChildWaits is called when gp stands still, and reports whether it is to wait.
func samerunChildWaits(gp *g, child unsafe.Pointer) bool {
	c, s := (*samerunChild)(child), &samerunTurns
	lock(&s.mu)
	wait := !c.ended && c.waiter == 0
	if wait {
		c.waiter.set(gp)
	}
	unlock(&s.mu)
	return wait
}

//go:linkname samerunSyscallAside syscall.samerunAside
func samerunSyscallAside(f func()) { go samerunSystem(f) }
