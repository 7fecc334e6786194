package runtime

import "unsafe" // and for go:linkname

// Goroutines that wait for ever: on a channel, a lock, a condition or a group that no
// goroutine which can still go on comes to (samerun_mark.go), or for a lock whose holder
// waits for ever (samerun_locks.go).

// samerunWaiting is what is known of a goroutine's waits.
type samerunWaiting struct {
	since int64   // when it gave up its turn to wait, by the clock of the bubble
	entry uintptr // its sudog, if it waited last for a lock, group or condition
	alive uint64  // the number of the last search that found that it can go on
	told  bool    // that it waits for ever

	locks samerunLocks
}

// samerunQueues notes that a goroutine is about to wait in a queue that no channel has.
func samerunQueues(s *sudog) { s.g.samerun.entry = uintptr(unsafe.Pointer(s)) }

// samerunStuckFrames is how many frames of a goroutine are kept, from the innermost on.
const samerunStuckFrames = 24

// samerunStuck is a goroutine that waits for ever, as it was when it was found.
type samerunStuck struct {
	gp     guintptr
	birth  uint64
	since  int64
	reason waitReason
	told   bool
	on     uintptr // what it waits for, or one of those; 0 if there is nothing
	from   uintptr // where it was started, as a return address
	n      int
	frames [samerunStuckFrames]uintptr
}

// samerunSearch looks for such goroutines.
type samerunSearch struct {
	marks   samerunMarker
	holders samerunHolders
	number  uint64 // of the search, from 1
	now     int64

	// What the last one found, in the order in which they were started.
	found   uintptr // an array of samerunStuck, outside of the heap
	n, room int
	dead    bool // the test itself is one of them
}

var samerunSearching samerunSearch

func (f *samerunSearch) at(i int) *samerunStuck {
	return (*samerunStuck)(unsafe.Pointer(f.found + uintptr(i)*unsafe.Sizeof(samerunStuck{})))
}

// samerunFindStuck looks for goroutines that the test which runs, or has ended last, has
// started and that wait for ever, and returns how many there are. The caller has the
// turn. If none has waited since a time, it does not look. It does as if it was now, which is
// when the clock is about to move to.
func samerunFindStuck(since, now int64) int {
	f := &samerunSearching
	f.n, f.now = 0, now
	if !samerunMayBeStuck(since) {
		return 0
	}
	masked := samerunMask()
	world := stopTheWorld(stwUnknown)
	systemstack(func() { f.search() })
	startTheWorld(world)
	samerunUnmask(masked)
	return f.n
}

// samerunMayBeStuck reports whether a goroutine of the test waits in a way that can be
// for ever, since a time or before.
func samerunMayBeStuck(since int64) (may bool) {
	forEachG(func(gp *g) {
		may = may || gp.samerun.since <= since && samerunOfTheTest(gp) && readgstatus(gp)&^_Gscan == _Gwaiting && samerunCanBeForEver(gp.waitreason)
	})
	return may
}

// samerunOfTheTest reports whether the test that runs, or has ended last, has started a
// goroutine, which has not been left behind by a bubble of the test's.
func samerunOfTheTest(gp *g) bool {
	return gp.bubble != nil && !samerunIsPast(gp) && gp.samerun.gen == samerunTurns.gen && gp != samerunRunner.g
}

// samerunCanBeForEver reports whether a wait for this reason ends only if another goroutine
// ends it.
func samerunCanBeForEver(reason waitReason) bool {
	return samerunOnNothing(reason) || samerunOnChannel(reason) || samerunOnEntry(reason)
}

func samerunOnNothing(reason waitReason) bool {
	switch reason {
	case waitReasonSelectNoCases, waitReasonChanSendNilChan, waitReasonChanReceiveNilChan:
		return true
	}
	return false
}

func samerunOnChannel(reason waitReason) bool {
	switch reason {
	case waitReasonSelect, waitReasonChanReceive, waitReasonChanSend,
		waitReasonSynctestSelect, waitReasonSynctestChanReceive, waitReasonSynctestChanSend:
		return true
	}
	return false
}

func samerunOnEntry(reason waitReason) bool {
	switch reason {
	case waitReasonSyncCondWait, waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock,
		waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait:
		return true
	}
	return false
}

// search does it, with the world stopped and on the system stack.
func (f *samerunSearch) search() {
	f.number++
	r := &f.marks
	r.begin()
	f.prepare()
	f.holders.find(r)
	r.roots()
	r.timers(&samerunWorld.timers)
	for _, gp := range allgs {
		if in := gp.bubble; in != nil && !in.samerun.whole && !in.samerun.ended && !samerunIsDead(gp) {
			r.timers(&in.timers)
		}
	}
	f.spread(f.canGoOn)
	for f.spread(samerunWaitsForNetwork) {
		f.spread(f.canGoOn)
	}
	f.collect()
}

// prepare marks what the search must not follow, and what it will ask for.
func (f *samerunSearch) prepare() {
	r := &f.marks
	r.skip(uintptr(unsafe.Pointer(&allgs[0])))
	for _, gp := range allgs {
		if samerunIsDead(gp) {
			continue
		}
		r.skip(uintptr(unsafe.Pointer(gp)))
		if in := gp.bubble; in != nil {
			samerunSkipBubble(r, in)
		}
		if readgstatus(gp)&^_Gscan != _Gwaiting {
			continue
		}
		for sg := gp.waiting; sg != nil; sg = sg.waitlink {
			r.skip(uintptr(unsafe.Pointer(sg)))
			if samerunOnChannel(gp.waitreason) {
				r.want(uintptr(unsafe.Pointer(samerunChannelOf(sg))))
			}
		}
		if samerunOnEntry(gp.waitreason) {
			r.skip(gp.samerun.entry)
			r.want(gp.samerun.sema)
		}
	}
	samerunSkipBubble(r, &samerunWorld)
}

func samerunSkipBubble(r *samerunMarker, b *synctestBubble) {
	r.skip(uintptr(unsafe.Pointer(b)))
	if len(b.timers.heap) > 0 {
		r.skip(uintptr(unsafe.Pointer(&b.timers.heap[0])))
	}
}

// spread finds those that can go on, and from them others, until there are no more. It
// reports whether it found one.
func (f *samerunSearch) spread(can func(*g) bool) (found bool) {
	for more := true; more; {
		more = false
		for _, gp := range allgs {
			if gp.samerun.alive == f.number || samerunIsDead(gp) || samerunIsPast(gp) || !can(gp) {
				continue
			}
			gp.samerun.alive = f.number
			f.marks.goroutine(gp)
			more, found = true, true
		}
	}
	return found
}

// samerunIsDead reports whether there is no goroutine any more that gp stands for.
func samerunIsDead(gp *g) bool {
	status := readgstatus(gp) &^ _Gscan
	return status == _Gdead || status == samerunDeadExtra
}

// samerunIsPast reports whether a goroutine never goes on, because it was left behind by a
// bubble that a test has made, or its node has crashed.
func samerunIsPast(gp *g) bool {
	return gp.bubble != nil && gp.bubble.samerun.ended || samerunIsGone(gp)
}

// canGoOn reports whether a goroutine can go on, as far as is known by now.
func (f *samerunSearch) canGoOn(gp *g) bool {
	if readgstatus(gp)&^_Gscan != _Gwaiting || gp.samerun.life != 0 && samerunLifeAt(gp.samerun.life).state == samerunLifePaused {
		return true
	}
	switch reason := gp.waitreason; {
	case samerunOnNothing(reason):
		return false
	case samerunOnChannel(reason):
		for sg := gp.waiting; sg != nil; sg = sg.waitlink {
			c := samerunChannelOf(sg)
			if c.timer != nil && samerunIsSet(c.timer) || f.marks.reached(uintptr(unsafe.Pointer(c))) {
				return !samerunWaitsForSubtest(gp) || f.subtestCanGoOn(gp)
			}
		}
		return false
	case samerunOnEntry(reason):
		all := true
		if f.holders.of(gp, f.now, func(holder *g) { all = all && holder.samerun.alive == f.number }); !all {
			return false
		}
		on := gp.samerun.sema
		if gp.stack.lo <= on && on < gp.stack.hi {
			return false // nobody else has its address
		}
		return f.marks.reached(on)
	}
	return true
}

// samerunWaitsForNetwork reports whether a goroutine waits for the network of the test. That
// is no wait for another goroutine, even though it is one in this process.
func samerunWaitsForNetwork(gp *g) bool {
	if !samerunOnChannel(gp.waitreason) {
		return false
	}
	return samerunStandsIn(gp, "net.(*samerunSock).wait")
}

// samerunStandsIn reports whether a function is one of the innermost of a goroutine that
// stands still.
func samerunStandsIn(gp *g, name string) bool {
	const deep = 8
	var u unwinder
	n := 0
	for u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors); u.valid() && n < deep; u.next() {
		if funcname(u.frame.fn) == name {
			return true
		}
		n++
	}
	return false
}

// samerunRunsTests is the function in which a test waits for its subtest.
const samerunRunsTests = "testing.(*T).Run"

// samerunWaitsForSubtest reports whether a goroutine waits for a subtest to end. Who
// has the subtest's testing.T could reach the channel, and does not use it.
func samerunWaitsForSubtest(gp *g) bool {
	return (gp.waitreason == waitReasonChanReceive || gp.waitreason == waitReasonSynctestChanReceive) && samerunStandsIn(gp, samerunRunsTests)
}

// subtestCanGoOn reports whether a subtest can go on that a goroutine waits for.
func (f *samerunSearch) subtestCanGoOn(gp *g) (can bool) {
	there := false
	for _, sub := range allgs {
		if sub.parentGoid == gp.goid && !samerunIsDead(sub) && sub.gopc != 0 && funcname(findfunc(sub.gopc)) == samerunRunsTests {
			there = true
			can = can || sub.samerun.alive == f.number
		}
	}
	return can || !there
}

// collect keeps those that were not found to go on.
func (f *samerunSearch) collect() {
	for _, gp := range allgs {
		if !samerunOfTheTest(gp) || gp.samerun.alive == f.number || readgstatus(gp)&^_Gscan != _Gwaiting {
			continue
		}
		if f.n == f.room {
			room := max(64, 2*f.room)
			found := uintptr(persistentalloc(uintptr(room)*unsafe.Sizeof(samerunStuck{}), 8, &memstats.other_sys))
			memmove(unsafe.Pointer(found), unsafe.Pointer(f.found), uintptr(f.n)*unsafe.Sizeof(samerunStuck{}))
			f.found, f.room = found, room
		}
		// In the order of births: mostly it is the last one.
		i := f.n
		for ; i > 0 && f.at(i-1).birth > gp.samerun.birth; i-- {
			*f.at(i) = *f.at(i - 1)
		}
		f.n++
		f.at(i).of(gp)
	}
}

// of describes a goroutine.
func (s *samerunStuck) of(gp *g) {
	*s = samerunStuck{birth: gp.samerun.birth, since: gp.samerun.since, reason: gp.waitreason, told: gp.samerun.told, from: samerunFrom(gp)}
	s.gp.set(gp)
	switch {
	case samerunOnEntry(gp.waitreason):
		s.on = gp.samerun.sema
	case samerunOnChannel(gp.waitreason) && gp.waiting != nil:
		s.on = uintptr(unsafe.Pointer(samerunChannelOf(gp.waiting)))
	}
	var u unwinder
	u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors)
	s.n = tracebackPCs(&u, 0, s.frames[:])
}
