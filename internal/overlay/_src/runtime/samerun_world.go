package runtime

import (
	"internal/runtime/sys"
	"unsafe" // and for go:linkname
)

// samerunWorld is the bubble that the whole process is, from before its packages are
// initialised to its end: initialisation, TestMain, the tests one after another, and the
// goroutines of all of them. What outlives a test is there for the next.
//
// Outside are the goroutines of the runtime itself, and those of the tool: they are in no
// bubble, take no turns, and live in real time. When one of them makes a goroutine of the
// world ready, it is an event from outside.
//
// The world has a root, as each bubble, a goroutine of the runtime's own. Nothing counts
// who waits, as in bubbles that a test makes: one goroutine has the turn, so that all wait
// when nobody takes it. samerunTurn.pass sees that.
//
// The clock begins one to two seconds, by the seed, before the tests do. It is set back for
// each test if nothing of before is alive (samerunBegin): so a test by itself takes the
// course that it takes among the others.
var samerunWorld synctestBubble

// samerunTestBinary points to the "1" that the go command links into tests. Package
// testing sets it; in other programs it is nil.
var samerunTestBinary *string

// samerunInside is set in the environment of the processes that a world starts. They
// are outside of it: until they run tests themselves, they live in real time, and their
// sockets are always the machine's, or whoever has started them could not come to them.
const samerunInside = "SAMERUN_INSIDE"

// samerunGenesis makes the world, if the process is one that runs tests under a seed.
// The packages of the program are about to be initialised.
func samerunGenesis() {
	if !samerunCfg.on || samerunTestBinary == nil || *samerunTestBinary != "1" || gogetenv(samerunInside) != "" {
		return
	}
	samerunBeProgram()
	envs = append(envs, samerunInside+"=1")
	samerunEnter()
}

// samerunEnter makes the world, with the caller as the only one in it, and the holder.
func samerunEnter() {
	gp, b, s := getg(), &samerunWorld, &samerunTurns
	lockInit(&s.mu, lockRankLeafRank)
	lockInit(&b.mu, lockRankSynctest)
	lockInit(&b.timers.mu, lockRankTimers)
	samerunNewTimers()
	b.now = max(samerunBirth(), 1)
	b.samerun.on, b.samerun.whole = true, true
	b.samerun.key = samerunMix(samerunCfg.seed, 0x776f726c64)
	s.first = b.now
	s.procs = samerunCfg.procs
	s.startPicking(b.samerun.key)
	go samerunSentinel()
	f := samerunRoot
	pc := sys.GetCallerPC()
	systemstack(func() {
		root := newproc1(*(**funcval)(unsafe.Pointer(&f)), gp, pc, true, waitReasonSynctestRun)
		root.bubble = b
		root.samerun.free = true
		b.root = root
	})
	samerunBirths = samerunMainBirth
	gp.samerun = samerunG{who: samerunMainID, id: samerunMix(b.samerun.key, samerunMainID), birth: samerunMainBirth}
	s.holder.set(gp)
	gp.timer = nil
	gp.bubble = b
}

// samerunRoot is the root of the world. Each time that it gets the turn, it runs the
// timers that are due. If nobody is ready then, it moves the clock to the next one.
func samerunRoot() {
	gp, b, s := getg(), &samerunWorld, &samerunTurns
	for {
		if samerunStands.next != 0 {
			s.stands()
			continue
		}
		s.due = false
		if s.overtime(b.now) {
			s.timeOut()
		}
		systemstack(func() {
			// Clear gp.m.curg while running timers,
			// so timer goroutines inherit their child race context from g0.
			curg := gp.m.curg
			gp.m.curg = nil
			b.timers.check(b.now, b)
			gp.m.curg = curg
		})
		if samerunEdges.due {
			samerunEdges.act()
		}
		if s.idle() && !s.quiet() {
			if s.checkIsStuck() {
				s.deadlock()
			}
			if s.advance() {
				continue
			}
		}
		gopark(nil, nil, waitReasonSynctestRun, traceBlockSynctest, 0)
	}
}

// idle reports whether nobody is ready.
func (s *samerunTurn) idle() bool {
	lock(&s.mu)
	none := s.n == 0 && s.roots.head == 0
	unlock(&s.mu)
	return none
}

// advance does what is to be done when all wait, and reports whether it has moved the
// clock. If not, somebody is ready by now, or the root has to wait for the world outside.
func (s *samerunTurn) advance() bool {
	b := &samerunWorld
	next := b.timers.wakeTime()
	d, free := s.realTime(next)
	if free && next != 0 {
		if s.isToLook(next) && s.lookAround(next) {
			s.deadlock()
		}
		if s.overtime(next) {
			s.timeOut()
		}
		b.now = s.step(next)
		return true
	}
	if free && s.helpBubble() {
		return false
	}
	if !s.waitOutside(next, d) && s.settled() {
		samerunSearching.n, samerunSearching.dead = 0, false
		s.deadlock()
	}
	return false
}

// helpBubble moves the clock of a bubble of a test although not all in it wait for each
// other: nothing else can go on. Somebody waits there for a lock that is held over a
// sleep, which in the rules of package testing/synctest stops the clock.
func (s *samerunTurn) helpBubble() bool {
	for b := samerunMade; b != nil; b = b.samerun.before {
		if b.timers.wakeTime() == 0 || b.done || readgstatus(b.root)&^_Gscan != _Gwaiting || b.root.waitreason != waitReasonSynctestRun {
			continue
		}
		lock(&b.mu)
		b.active++
		unlock(&b.mu)
		goready(b.root, 0)
		return true
	}
	return false
}

// samerunOnDeadlock is what package testing does about a deadlock, or about a test that has
// come to the limit of its time, which is then not 0: it ends the process.
var samerunOnDeadlock func(limit int64)

//go:linkname samerunDeadlocks testing.samerunDeadlocks
func samerunDeadlocks(f func(limit int64)) { samerunOnDeadlock = f }

// settled gives those outside a moment of whom nobody knows, such as threads of cgo, and
// reports whether still nobody is ready.
func (s *samerunTurn) settled() bool {
	for range 10 {
		usleep(1000)
		if !s.idle() {
			return false
		}
	}
	return true
}

// deadlock ends the process: the test waits for ever, or all do.
func (s *samerunTurn) deadlock() {
	lock(&s.mu)
	s.ends = true
	unlock(&s.mu)
	if f := samerunOnDeadlock; f != nil {
		if raceenabled {
			samerunKnowsAll(getg()) // the process ends: what that hides does not matter
		}
		f(0)
	}
	print("samerun: deadlock before the tests: every goroutine waits, and no timer is set\n")
	print("samerun: again: SAMERUN_SEED=", samerunCfg.seed, " and the same go test\n")
	gp := getg()
	systemstack(func() { tracebackothers(gp) })
	exit(2)
}

// samerunStuckAtTheEnd ends the process when what tells a deadlock is part of it. It runs
// on g0, with the lock.
func samerunStuckAtTheEnd() {
	if !samerunWorld.root.samerun.outside {
		print("samerun: deadlock; where goroutines wait cannot be told, since one of them holds what it is told with\n")
		exit(2)
	}
}

// samerunBegin begins a test, which the caller is about to start. It returns the number
// of the test, from 1, that has left what is alive by now, or -1 if nothing is: 0 is
// what was there before the first test.
//
//go:linkname samerunBegin testing.samerunBegin
func samerunBegin(name string) (after int) {
	if !samerunWorld.samerun.on {
		samerunCfg.realNet = true
		samerunEnter()
	}
	gp, b, s := getg(), &samerunWorld, &samerunTurns
	after = -1
	switch gen, alive := samerunAlive(); {
	case s.gen == 0:
		samerunDawn()
		samerunFirst = b.now
	case alive || s.spinFirst != 0:
		after = int(s.spinAfter(gen))
	default:
		b.now = samerunFirst
	}
	samerunRunner.g, samerunRunner.self = gp, gp.samerun
	samerunNodesOver(true)
	samerunNoMachines()
	samerunSharedBegin()
	samerunCallsBegin()

	s.startLooking(b.now)
	lock(&s.mu)
	samerunEvents.n = 0
	samerunForksBegin()
	samerunSawBegin()
	s.samerunCourse = samerunCourse{test: true, name: name, gen: s.gen + 1, first: b.now, moved: b.now}
	s.procs = samerunCfg.procs
	b.samerun.key = samerunMixString(samerunMix(samerunCfg.seed, 0x74657374), name)
	b.samerun.objects = 0
	unlock(&s.mu)
	samerunDeviations.on = samerunDeviations.next
	samerunCfg.calm = samerunDeviations.on || !samerunCfg.spec.Kind.Deviates()
	samerunAgain(gp)
	gp.samerun = samerunG{who: samerunRootID, id: samerunMix(b.samerun.key, samerunRootID), gen: s.gen, begins: true, free: true, birth: gp.samerun.birth}
	gp.timer = nil // a new one has its place among timers of one instant from this test
	if !samerunRec.failed {
		samerunRec.fd = samerunRecordAt
	}
	if samerunRec.fd >= 0 {
		samerunRecordTest(name)
	}
	return after
}

// samerunDawn lets the time pass until the tests are to begin. Goroutines that are ready
// all the time get a thousand turns.
func samerunDawn() {
	b, s := &samerunWorld, &samerunTurns
	for turns := 0; b.now < samerunCfg.epoch; {
		switch next := b.timers.wakeTime(); {
		case !s.idle() && turns < samerunPatiently:
			turns++
			Gosched()
		case s.idle() && s.holds == 0 && next != 0 && next < samerunCfg.epoch:
			timeSleep(max(next-b.now, 1))
		default:
			b.now = samerunCfg.epoch
			s.due = true
		}
	}
}

// samerunFirst is when the first test began.
var samerunFirst int64

// samerunRunner is who runs the tests, and what it is between them.
var samerunRunner struct {
	g    *g
	self samerunG
}

// samerunAgain lets all goroutines that are there draw as if they were new, in the name
// of the test that begins, so that a goroutine from before the first test, which waits to
// be asked, takes in each test the course that it takes if that is the only one. Those
// that an earlier test has left become others than those of this one.
func samerunAgain(but *g) {
	b, s := &samerunWorld, &samerunTurns
	forEachGRace(func(gp *g) {
		if gp.bubble != b || gp == but || gp == b.root {
			return
		}
		if gp.samerun.holds {
			gp.samerun.holds = false
			s.holds--
		}
		if readgstatus(gp)&^_Gscan == _Gdead {
			return
		}
		old := &gp.samerun
		who := old.who
		if old.gen > 0 && !old.renamed {
			who = samerunMix(who^samerunLeftBehind, uint64(old.gen))
		}
		old.counts.drop()
		old.who, old.id, old.renamed = who, samerunMix(b.samerun.key, who), old.gen > 0
		old.nth = [samerunStreams]uint64{}
		old.readied, old.passed, old.fallen = 0, 0, 0
		old.left, old.counted, old.kind, old.wants = 0, 0, 0, 0
		old.shift, old.turn = 0, 0
	})
	lock(&s.mu)
	s.startPicking(b.samerun.key)
	if samerunDeviations.on {
		s.again()
	}
	unlock(&s.mu)
}

// samerunAlive reports whether anything in the world can go on by itself: a goroutine
// that is ready, or a timer; and the number of the first test that has left one. Who
// waits for others, or for the world outside, does not count.
func samerunAlive() (gen uint32, alive bool) {
	gen = ^uint32(0)
	s := &samerunTurns
	lock(&s.mu)
	for i := range s.n {
		gen, alive = min(gen, s.at(i).ptr().samerun.gen), true
	}
	unlock(&s.mu)
	ts := &samerunWorld.timers
	systemstack(func() {
		ts.lock()
		for _, tw := range ts.heap {
			if tw.timer.astate.Load()&timerZombie == 0 {
				gen, alive = min(gen, tw.timer.samerun.gen), true
			}
		}
		ts.unlock()
	})
	return gen, alive
}

// samerunTestOver notes what the test that runs has come to: its goroutine exits, its
// function and its cleanups have returned. What it leaves gets turns yet.
func samerunTestOver() {
	s := &samerunTurns
	s.over = true
	samerunCfg.last = samerunEnding{turns: s.turns, choices: s.choices, now: samerunWorld.now - s.first}
}

// samerunPending reports how long it takes until anything in the world goes on by
// itself: 0 if somebody is ready; never is for nothing, and if the clock stands still.
//
//go:linkname samerunPending testing.samerunPending
func samerunPending() (wait int64, never bool, turns uint64) {
	s, b := &samerunTurns, &samerunWorld
	if !s.idle() {
		return 0, false, s.turns
	}
	if s.holds > 0 {
		return 0, true, s.turns
	}
	if _, alive := samerunAlive(); !alive {
		return 0, true, s.turns
	}
	return max(0, b.timers.wakeTime()-b.now), false, s.turns
}

// samerunEnd ends the test that runs.
//
//go:linkname samerunEnd testing.samerunEnd
func samerunEnd() {
	gp, b, s := getg(), &samerunWorld, &samerunTurns
	samerunRecordLeft(0)
	samerunRecordFlush()
	samerunRec.fd = -1
	left := 0
	forEachGRace(func(other *g) {
		if other.samerun.holds {
			other.samerun.holds = false
			s.holds--
		}
		if other.samerun.gen == s.gen && other.bubble != nil && readgstatus(other)&^_Gscan == _Gwaiting && !samerunIsGone(other) {
			left++
		}
	})
	samerunSharedEnd()
	l := &samerunCfg.last
	l.digest = samerunMix(s.digest, uint64(b.since()))
	l.loop = s.loop
	l.left, l.io, l.processes, l.refused, l.escaped = left, s.io, s.started, s.refused, s.escaped
	lock(&s.mu)
	s.test = false
	b.samerun.key = samerunMix(samerunCfg.seed, 0x776f726c64)
	unlock(&s.mu)
	samerunCfg.calm, samerunDeviations.on = true, false
	if samerunRunner.g == gp {
		gp.samerun.counts.drop()
		gp.samerun = samerunRunner.self
	}
	lock(&s.mu)
	s.startPicking(b.samerun.key)
	unlock(&s.mu)
}

// samerunLeave takes the caller out of the world, for what is to run in real time, and
// reports whether it was in there. Those who are left go on among themselves, until
// samerunReturn at the pace of real time.
//
//go:linkname samerunLeave testing.samerunLeave
func samerunLeave() bool {
	gp, s := getg(), &samerunTurns
	if gp.bubble != &samerunWorld {
		return false
	}
	lock(&s.mu)
	s.away++
	unlock(&s.mu)
	gp.timer = nil
	gp.bubble = nil
	systemstack(func() { s.pass() })
	return true
}

// samerunReturn takes samerunLeave back.
//
//go:linkname samerunReturn testing.samerunReturn
func samerunReturn() {
	gp, s := getg(), &samerunTurns
	lock(&s.mu)
	s.away--
	s.stuck = false
	unlock(&s.mu)
	gp.timer = nil
	gp.bubble = &samerunWorld
	// The scheduler holds it back, if others are there.
	mcall(gosched_m)
}

// samerunMasked runs f outside of the world, and lets nobody in there go on meanwhile:
// for what waits for a goroutine that is outside, too.
//
//go:linkname samerunMasked testing.samerunMasked
func samerunMasked(f func()) {
	gp := getg()
	timer := gp.timer
	gp.timer = nil // that of its sleeps, which knows the clock that it was made for
	b := samerunMask()
	defer func() {
		samerunUnmask(b)
		gp.timer = timer
	}()
	f()
}
