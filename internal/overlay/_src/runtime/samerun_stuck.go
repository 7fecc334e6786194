package runtime

import "unsafe" // and for go:linkname

// Goroutines that wait for ever: on a channel, a lock, a condition or a group that no
// goroutine which can still go on comes to (samerun_mark.go), or for a lock whose holder
// waits for ever (samerun_locks.go).

// samerunWaiting is what is known of a goroutine's waits.
type samerunWaiting struct {
	born  uint64  // how many goroutines the bubble had started when this one was
	from  uintptr // where the program started it, as a return address
	since int64   // when it gave up its turn to wait, by the clock of the bubble
	on    uintptr // the lock, group or condition for which it waited last
	entry uintptr // its sudog then
	alive uint64  // the number of the last search that found that it can go on
	told  bool    // that it waits for ever

	locks samerunLocks
}

// samerunQueues notes that a goroutine is about to wait in a queue that no channel has.
func samerunQueues(s *sudog, on unsafe.Pointer) {
	w := &s.g.samerun.samerunWaiting
	w.on, w.entry = uintptr(on), uintptr(unsafe.Pointer(s))
}

// samerunStuckFrames is how many frames of a goroutine are kept, from the innermost on.
const samerunStuckFrames = 24

// samerunStuck is a goroutine that waits for ever, as it was when it was found.
type samerunStuck struct {
	gp     guintptr
	born   uint64
	since  int64
	reason waitReason
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

	// What the last one found, in the order in which they were started.
	found   uintptr // an array of samerunStuck, outside of the heap
	n, room int
}

var samerunSearching samerunSearch

func (f *samerunSearch) at(i int) *samerunStuck {
	return (*samerunStuck)(unsafe.Pointer(f.found + uintptr(i)*unsafe.Sizeof(samerunStuck{})))
}

// samerunFindStuck looks for goroutines of a bubble that wait for ever, and returns how many
// there are. The caller has the turn. If none has waited since a time, it does not look.
func samerunFindStuck(b *synctestBubble, since int64) int {
	f := &samerunSearching
	f.n = 0
	if !samerunMayBeStuck(b, since) {
		return 0
	}
	masked := samerunMask()
	world := stopTheWorld(stwUnknown)
	systemstack(func() { f.search(b) })
	startTheWorld(world)
	samerunUnmask(masked)
	return f.n
}

// samerunMayBeStuck reports whether a goroutine of the bubble waits in a way that can be
// for ever, since a time or before, and it is not told yet.
func samerunMayBeStuck(b *synctestBubble, since int64) (may bool) {
	forEachG(func(gp *g) {
		may = may || samerunOfThis(gp, b) && gp.samerun.since <= since && readgstatus(gp)&^_Gscan == _Gwaiting && samerunCanBeForEver(gp.waitreason)
	})
	return may
}

// samerunOfThis reports whether a goroutine of bubble b is one of the test that runs, or
// that has ended last: neither one of before nor the one that runs the tests.
func samerunOfThis(gp *g, b *synctestBubble) bool {
	return gp.bubble == b && gp.samerun.gen == samerunTurns.gen && gp != samerunRunner.g
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
func (f *samerunSearch) search(b *synctestBubble) {
	f.number++
	r := &f.marks
	r.begin()
	f.prepare(b)
	f.holders.find(r)
	r.roots()
	r.timers(&b.timers)
	for _, gp := range allgs {
		if in := gp.bubble; in != nil && in != b && !in.samerun.ended && !samerunIsDead(gp) {
			r.timers(&in.timers)
		}
	}
	f.spread(b, f.canGoOn)
	for f.spread(b, samerunWaitsForNetwork) {
		f.spread(b, f.canGoOn)
	}
	f.collect(b)
}

// prepare marks what the search must not follow, and what it will ask for.
func (f *samerunSearch) prepare(b *synctestBubble) {
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
			r.want(gp.samerun.on)
		}
	}
	samerunSkipBubble(r, b)
}

func samerunSkipBubble(r *samerunMarker, b *synctestBubble) {
	r.skip(uintptr(unsafe.Pointer(b)))
	if len(b.timers.heap) > 0 {
		r.skip(uintptr(unsafe.Pointer(&b.timers.heap[0])))
	}
}

// spread finds those that can go on, and from them others, until there are no more. It
// reports whether it found one.
func (f *samerunSearch) spread(b *synctestBubble, can func(*g) bool) (found bool) {
	for more := true; more; {
		more = false
		for _, gp := range allgs {
			if gp.samerun.alive == f.number || samerunIsDead(gp) || samerunIsPast(gp, b) || !can(gp) {
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

// samerunIsPast reports whether a goroutine was left behind by an earlier test and never
// goes on.
func samerunIsPast(gp *g, b *synctestBubble) bool {
	return gp.bubble != nil && gp.bubble != b && gp.bubble.samerun.ended
}

// canGoOn reports whether a goroutine can go on, as far as is known by now.
func (f *samerunSearch) canGoOn(gp *g) bool {
	if readgstatus(gp)&^_Gscan != _Gwaiting {
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
		if f.holders.of(gp, func(holder *g) { all = all && holder.samerun.alive == f.number }) {
			return all
		}
		on := gp.samerun.on
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
func (f *samerunSearch) collect(b *synctestBubble) {
	for _, gp := range allgs {
		if !samerunOfThis(gp, b) || gp.samerun.alive == f.number || readgstatus(gp)&^_Gscan != _Gwaiting {
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
		for ; i > 0 && f.at(i-1).born > gp.samerun.born; i-- {
			*f.at(i) = *f.at(i - 1)
		}
		f.n++
		f.at(i).of(gp)
	}
}

// of describes a goroutine.
func (s *samerunStuck) of(gp *g) {
	*s = samerunStuck{born: gp.samerun.born, since: gp.samerun.since, reason: gp.waitreason, from: gp.samerun.from}
	s.gp.set(gp)
	switch {
	case samerunOnEntry(gp.waitreason):
		s.on = gp.samerun.on
	case samerunOnChannel(gp.waitreason) && gp.waiting != nil:
		s.on = uintptr(unsafe.Pointer(samerunChannelOf(gp.waiting)))
	}
	var u unwinder
	u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors)
	s.n = tracebackPCs(&u, 0, s.frames[:])
}
