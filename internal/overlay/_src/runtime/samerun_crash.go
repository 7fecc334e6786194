package runtime

import (
	"internal/runtime/atomic"
	"unsafe" // and for go:linkname
)

// A node crashes: none of its goroutines gets a turn any more, and no deferred call of theirs
// runs. Those that were ready wait, and who becomes ready later goes back to waiting
// (comes). What they waited for forgets them, or passes over them, so that nothing that is
// meant for the living is lost with them. Their timers stop. Nobody dies within a system call,
// or while they have the turn, but the one that ends its own node.

// waitReasonSamerunCrashed is for those whose node has crashed.
const waitReasonSamerunCrashed waitReason = 102

// samerunGone reports whether the life of a goroutine is over: its node has crashed.
func samerunIsGone(gp *g) bool {
	return gp.samerun.life != 0 && samerunLifeAt(gp.samerun.life).state == samerunLifeOver
}

// samerunCrashNode ends the present boot of a node, if it is on. It does not return if that
// is the caller's.
//
//go:linkname samerunCrashNode testing.samerunCrashNode
func samerunCrashNode(node int) {
	m := samerunMachineAt(node)
	if life := m.life; life != 0 {
		m.life = 0
		samerunNodeChanged(uint32(node), life, false, false)
		samerunEndLife(life)
		samerunDiskCrash(node, life, true)
		samerunDieIf(life)
	}
}

// samerunDieIf does not return if the caller is of a life, which is over.
func samerunDieIf(life uint32) {
	if getg().samerun.life == life {
		gopark(nil, nil, waitReasonSamerunCrashed, traceBlockForever, 2)
		throw("samerun: the dead have risen")
	}
}

// samerunNodesOver ends all nodes of the test that has ended, or those that were made by
// labels only when all is set.
//
//go:linkname samerunNodesOver testing.samerunNodesOver
func samerunNodesOver(all bool) {
	samerunQuietOver()
	for i := range samerunMachines {
		if m := &samerunMachines[i]; m.life != 0 && (all || !m.labelled) {
			life := m.life
			m.life = 0
			samerunNodeChanged(uint32(i), life, false, true)
			samerunEndLife(life)
		}
	}
	if len(samerunMachines) > 0 {
		samerunNodeChanged(0, 0, false, true)
	}
}

// samerunEndLife ends a life. The caller, who has the turn, may be of it, and is then to wait
// for ever.
func samerunEndLife(life uint32) {
	me, s := getg(), &samerunTurns
	l := samerunLifeAt(life)
	samerunRecordLeft(life)
	lock(&s.mu)
	s.comeBack(l)
	l.state = samerunLifeOver
	for i := s.n - 1; i >= 0; i-- {
		if gp := s.at(i).ptr(); gp.samerun.life == life {
			s.takeOut(i)
			samerunBury(gp)
		}
	}
	unlock(&s.mu)

	// In the order of births, since who they let go on becomes ready in that order.
	var dead []*g
	samerunForEachLiving(func(gp *g) {
		if gp.samerun.life == life && gp.bubble != nil && !samerunIsDead(gp) {
			dead = append(dead, gp)
		}
	})
	samerunLeaveOut(life)
	samerunByBirth(dead)
	for _, gp := range dead {
		if raceenabled {
			racereleasemergeg(gp, samerunWorld.raceaddr())
		}
		lock(&s.mu)
		s.inside(gp)
		unlock(&s.mu)
		if s.test && gp.samerun.gen == s.gen {
			s.live--
		}
		if t := gp.timer; t != nil {
			t.stop()
		}
		if readgstatus(gp)&^_Gscan == _Gwaiting && gp.waitreason != waitReasonSamerunCrashed {
			gp.samerun.died = gp.waitreason
			gp.waitreason = waitReasonSamerunCrashed
		}
	}
	// All of them are known to be dead by now, so that none is woken in place of another one.
	for _, gp := range dead {
		if gp != me && readgstatus(gp)&^_Gscan == _Gwaiting {
			samerunUnqueue(gp)
		}
	}
	if raceenabled {
		raceacquire(samerunWorld.raceaddr())
	}
	s.forgetSpinners(life)
	samerunStopTimers(life)
	m := &samerunMachines[l.node]
	for m.late != nil {
		late := m.late
		m.late, late.samerun.late = late.samerun.late, nil
		late.stop()
	}
	m.lastLate = nil
	samerunEndBubbles(life)
	for _, gp := range dead {
		samerunFreeLocks(gp)
	}
}

// samerunByBirth sorts goroutines by when they were started, which they mostly are already.
func samerunByBirth(list []*g) {
	for i := range list {
		gp := list[i]
		k := i
		for ; k > 0 && list[k-1].samerun.birth > gp.samerun.birth; k-- {
			list[k] = list[k-1]
		}
		list[k] = gp
	}
}

// samerunBury makes a goroutine wait for ever that is ready, or is about to be started.
func samerunBury(gp *g) {
	casgstatus(gp, _Grunnable, _Gwaiting)
	if gp.samerun.died == waitReasonZero {
		gp.samerun.died = gp.waitreason
		gp.samerun.woken = true
	}
	gp.waitreason = waitReasonSamerunCrashed
}

// samerunUnqueue makes what a dead goroutine waits for, or was woken by and has not seen,
// forget it.
func samerunUnqueue(gp *g) {
	g := &gp.samerun
	switch {
	case samerunOnChannel(g.died):
		for sg := gp.waiting; sg != nil; sg = sg.waitlink {
			c := samerunChannel(sg)
			lock(&c.lock)
			if !samerunUnlist(&c.sendq, sg) {
				samerunUnlist(&c.recvq, sg)
			}
			unlock(&c.lock)
			if c.timer != nil {
				unblockTimerChan(c)
			}
		}
	case g.died == waitReasonSyncRWMutexRLock, g.died == waitReasonSyncRWMutexLock:
		if (!g.woken || samerunDeadIn(gp, "runtime.semacquire1")) && g.locks.n > 0 {
			g.locks.n-- // the last one, for which it waits: samerunPassOn gives it back
		}
	}
	switch {
	case g.woken && samerunOnEntry(g.died) && g.died != waitReasonSyncCondWait && samerunDeadIn(gp, "runtime.semacquire1"):
		sg := (*sudog)(unsafe.Pointer(g.entry))
		samerunPassOn(gp, (*uint32)(unsafe.Pointer(g.sema)), sg.ticket == 1, sg.ticket != 1)
	}
}

// samerunDeadIn reports whether a function is one of the innermost of a dead goroutine.
func samerunDeadIn(gp *g, name string) (in bool) {
	for !castogscanstatus(gp, _Gwaiting, _Gscanwaiting) {
		osyield() // the collector looks at its stack
	}
	systemstack(func() { in = samerunStandsIn(gp, name) })
	casfrom_Gscanstatus(gp, _Gscanwaiting, _Gwaiting)
	return in
}

// samerunUnlist takes an entry out of a queue of a channel, and reports whether it was there.
func samerunUnlist(q *waitq, sg *sudog) bool {
	for w := q.first; w != nil; w = w.next {
		if w == sg {
			q.dequeueSudoG(sg)
			return true
		}
	}
	return false
}

// samerunPassedOver is asked about a goroutine that a semaphore is to wake, which it has one
// more of for it. It reports whether the goroutine is dead, and does what that one would do
// next, were it to give back at once what it waits for.
func samerunPassedOver(s *sudog, addr *uint32, handoff bool) bool {
	gp := s.g
	if !samerunIsGone(gp) {
		return false
	}
	samerunPassOn(gp, addr, handoff, true)
	return true
}

// Of a mutex, as in package internal/sync.
const (
	samerunMutexLocked   = 1
	samerunMutexWoken    = 2
	samerunMutexStarving = 4
	samerunMutexWaiter   = 8
)

// samerunPassOn does what a dead goroutine would that was woken at a semaphore, if it gave
// back at once what it waited for. take says that the semaphore still has one more for it.
// handoff is as in semrelease1.
func samerunPassOn(gp *g, addr *uint32, handoff, take bool) {
	sema := uintptr(unsafe.Pointer(addr))
	faster := take && !cansemacquire(addr) // another one was
	switch gp.samerun.died {
	case waitReasonSyncMutexLock:
		if !samerunDeadIn(gp, "internal/sync.(*Mutex).lockSlow") {
			return // the lock of a file: who uses it next wakes others
		}
		state := (*int32)(unsafe.Pointer(sema - samerunMutexSema))
		if faster {
			// That one was counted as waiting, in place of the dead.
			atomic.Storeint32(state, *state-samerunMutexWaiter)
			return
		}
		if handoff {
			// It is still counted as one that waits, and would be the owner.
			left := *state - samerunMutexWaiter
			if left < samerunMutexWaiter {
				left &^= samerunMutexStarving
			}
			atomic.Storeint32(state, left)
			if left >= samerunMutexWaiter {
				semrelease1(addr, true, 0)
			}
			return
		}
		if *state < samerunMutexWaiter || *state&samerunMutexLocked != 0 {
			atomic.Storeint32(state, *state&^samerunMutexWoken)
			return // or who has it now wakes the next one
		}
		atomic.Storeint32(state, *state-samerunMutexWaiter)
		semrelease1(addr, false, 0)
	case waitReasonSyncRWMutexRLock:
		samerunUnlock(samerunUnlockRead, sema-samerunReaderSema)
	case waitReasonSyncRWMutexLock:
		samerunUnlock(samerunUnlockWrite, sema-samerunWriterSema)
	}
}

// samerunCondPasses is asked about a goroutine that a condition is to wake, and reports
// whether it is dead: the next one is to be woken.
func samerunCondPasses(s *sudog) bool { return samerunIsGone(s.g) }

// samerunStopTimers stops what those of a life have set.
func samerunStopTimers(life uint32) {
	for _, tw := range samerunWorld.timers.heap {
		if t := tw.timer; t.samerun.life == life {
			t.stop()
		}
	}
}

// samerunEndBubbles ends the bubbles that those of a life have made.
func samerunEndBubbles(life uint32) {
	for at := &samerunMade; *at != nil; {
		b := *at
		if b.root.samerun.life != life {
			at = &b.samerun.before
			continue
		}
		b.samerun.ended = true
		*at = b.samerun.before
	}
}

// forgetSpinners takes the dead out of those that spin.
func (s *samerunTurn) forgetSpinners(life uint32) {
	next := s.spinFirst.ptr()
	s.spinFirst, s.spinLast = 0, 0
	for next != nil {
		gp := next
		next = gp.schedlink.ptr()
		gp.schedlink = 0
		if gp.samerun.life != life {
			s.spun(gp)
		}
	}
}

// samerunUnlocks gives a lock back. Package sync sets it.
var samerunUnlocks func(kind uint8, what unsafe.Pointer)

// What it gives back. Package sync has the same constants.
const (
	samerunUnlockMutex uint8 = iota
	samerunUnlockWrite
	samerunUnlockRead
)

// samerunUnlock gives a lock back on behalf of the dead.
func samerunUnlock(kind uint8, what uintptr) {
	if samerunUnlocks == nil {
		return // nobody uses package sync
	}
	h := &samerunHolding
	before := h.quiet
	h.quiet = true
	samerunUnlocks(kind, unsafe.Pointer(what))
	h.quiet = before
}

// samerunFreeLocks gives back what the standard library has locked on behalf of a dead
// goroutine, and has called the program under: a logger, a sync.Once. All nodes of the
// process share those. What the program has locked itself stays locked.
func samerunFreeLocks(gp *g) {
	l := &gp.samerun.locks
	for i := l.n - 1; i >= 0; i-- {
		held := *l.at(i)
		if held.number&samerunByLibrary == 0 {
			continue
		}
		for k := i; k+1 < l.n; k++ {
			*l.at(k) = *l.at(k + 1)
		}
		l.n--
		kind := samerunUnlockMutex
		switch {
		case held.what&1 != 0:
			kind = samerunUnlockRead
		case held.number&samerunInRWMutex != 0:
			kind = samerunUnlockWrite
		}
		samerunUnlock(kind, held.what&^1)
	}
}
