package runtime

import "unsafe" // and for go:linkname

// A node pauses: its goroutines keep still. Those that were ready are set aside, and so is who
// becomes ready meanwhile (samerun_node.go); when the node goes on, they come back in that
// order. The clock goes on: timers that are due meanwhile fire when the node goes on, each
// once.

// samerunPauseNode lets a node stand still, if it is on. It returns only when the node goes on
// if that is the caller's.
//
//go:linkname samerunPauseNode testing.samerunPauseNode
func samerunPauseNode(node int) {
	gp, s := getg(), &samerunTurns
	life := samerunMachineAt(node).life
	if life == 0 || samerunLifeAt(life).state != samerunLifeOn {
		return
	}
	l := samerunLifeAt(life)
	samerunRecordLeft(life)
	lock(&s.mu)
	l.state = samerunLifePaused
	for i := 0; i < s.n; {
		if other := s.at(i).ptr(); other.samerun.life == life {
			s.takeOut(i)
			other.samerun.readied += samerunResumed
			l.setAside(other)
		} else {
			i++
		}
	}
	unlock(&s.mu)
	if gp.samerun.life == life {
		gp.samerun.asks = samerunAsksPoint
		mcall(samerunGosched_m)
	}
}

// samerunResumeNode lets a node go on.
//
//go:linkname samerunResumeNode testing.samerunResumeNode
func samerunResumeNode(node int) {
	s := &samerunTurns
	life := samerunMachineAt(node).life
	if life == 0 || samerunLifeAt(life).state != samerunLifePaused {
		return
	}
	l := samerunLifeAt(life)
	lock(&s.mu)
	l.state = samerunLifeOn
	s.comeBack(l)
	unlock(&s.mu)
	m := &samerunMachines[node]
	for t := m.late; t != nil; {
		late := t
		t = t.samerun.late
		late.samerun.late = nil
		late.maybeAdd() // unless somebody has stopped it or set it anew
	}
	m.late, m.lastLate = nil, nil
	if next := samerunWorld.timers.wakeTime(); next != 0 && next <= samerunWorld.now {
		s.due = true
	}
}

// samerunTimerLate is asked about a timer that is about to fire, the first of its heap. If its node
// is paused, it is kept for when that goes on. The caller has locked both.
func samerunTimerLate(t *timer) bool {
	life := t.samerun.life
	if life == 0 || samerunLifeAt(life).state != samerunLifePaused {
		return false
	}
	t.state |= timerZombie
	t.ts.zombies.Add(1)
	t.updateHeap() // which takes it out, and leaves when it was to fire
	m := &samerunMachines[samerunLifeAt(life).node]
	if m.late == nil {
		m.late = t
	} else {
		m.lastLate.samerun.late = t
	}
	m.lastLate = t
	return true
}

// samerunQuiet is who looks at the test when nobody can go on, before the clock moves.
var samerunQuiet samerunQuieter

type samerunQuieter struct {
	g     *g     // it waits, or is about to; nil if there is none
	waits bool   // for such a moment
	over  bool   // the test has ended, and so is it to
	seen  uint64 // turns when it looked last
	stuck *g     // who holds what it waits for, and is dead; nil as long as all is well
}

// samerunQuietWait waits for the next such moment, and reports whether there is one. It stays
// the same goroutine in a test.
//
//go:linkname samerunQuietWait testing.samerunQuietWait
func samerunQuietWait() bool {
	q := &samerunQuiet
	gp := getg()
	if q.g != gp {
		q.g, q.over, q.seen = gp, false, 0
	} else {
		if raceenabled {
			samerunKnownToAll(gp)
		}
		q.seen = samerunTurns.turns
	}
	if !q.over {
		q.waits = true
		gopark(nil, nil, waitReasonSamerunPark, traceBlockGeneric, 2)
		if raceenabled {
			raceacquire(unsafe.Pointer(q))
			raceacquire(samerunWorld.raceaddr()) // of those who have exited
		}
	}
	if q.over {
		q.g = nil
		return false
	}
	return true
}

// quiet is called when all wait. It reports whether somebody is to look at the test, who is
// ready then.
func (s *samerunTurn) quiet() bool {
	q := &samerunQuiet
	if !q.waits || q.seen == s.turns {
		return false
	}
	if raceenabled {
		// It sees what all have done.
		forEachGRace(func(gp *g) {
			if gp.bubble != nil && gp.racectx != 0 && !samerunIsDead(gp) {
				racereleasemergeg(gp, unsafe.Pointer(q))
			}
		})
	}
	q.waits = false
	goready(q.g, 0)
	return true
}

// checkIsStuck is called when all wait. It reports whether who looks at the test waits for a lock
// of the program's that a dead goroutine holds: it would look no more, and nobody would be told.
func (s *samerunTurn) checkIsStuck() bool {
	q := &samerunQuiet
	if q.g == nil || q.waits || q.over || samerunHolding.off || !samerunWaitsForLock(q.g) {
		return false
	}
	what := samerunWaitedLock(q.g)
	forEachGRace(func(gp *g) {
		if !samerunIsGone(gp) {
			return
		}
		for i := range gp.samerun.locks.n {
			if gp.samerun.locks.at(i).what == what {
				q.stuck = gp
			}
		}
	})
	return q.stuck != nil
}

// samerunCheckStuck tells, by the numbers of its goroutines, who looks at the test and waits for
// what a dead one holds, and the node of that; 0 if it is not so.
//
//go:linkname samerunCheckStuck testing.samerunCheckStuck
func samerunCheckStuck() (looks, holder uint64, node string) {
	q := &samerunQuiet
	if q.stuck == nil {
		return 0, 0, ""
	}
	return q.g.goid, q.stuck.goid, samerunNodeName(samerunLifeAt(q.stuck.samerun.life).node)
}

// samerunKnownToAll lets all goroutines know what gp has done, and those that timers start: it
// has read what they are about to write.
func samerunKnownToAll(gp *g) {
	q := unsafe.Pointer(&samerunQuiet.seen)
	racereleasemergeg(gp, q)
	forEachGRace(func(other *g) {
		if other.bubble != nil && other.racectx != 0 && other != gp && !samerunIsDead(other) {
			raceacquireg(other, q)
		}
	})
	if ctx := samerunWorld.timers.raceCtx; ctx != 0 {
		raceacquirectx(ctx, q)
	}
}

// samerunQuietOver ends it, since its test has ended.
func samerunQuietOver() {
	q := &samerunQuiet
	if q.over = true; q.waits {
		q.waits = false
		goready(q.g, 0)
	}
}
