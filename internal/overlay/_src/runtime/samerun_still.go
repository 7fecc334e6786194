package runtime

import "unsafe"

// samerunStill is a goroutine of a test that is not the caller, and what it waits for.
// There are no pointers in it: it is filled in while the world is stopped.
//
// Package testing has the same struct.
type samerunStill struct {
	born, goid uint64
	from       uintptr // where it was started
	at         uintptr // the lock, group or condition that it waits for
	until      int64   // when it wakes up, in nanoseconds of the test's time
	count      int64   // of the wait group
	kind       uint8   // what it does
	left       int32   // the number of the test that has left it, 0 if it is from before the tests, or -1 if it is of the test that runs
	pcs        int32   // how many there are of it, as of runtime.Callers
	cases      int32   // how many channels it waits for
}

// samerunCase is a channel that a goroutine waits for.
//
// Package testing has the same struct.
type samerunCase struct {
	c        uintptr
	len, cap int
	index    int16 // of a select: from 1, among those that send; from -1 down, among those that receive
	sends    bool
	timer    bool
}

// What a goroutine does, or waits for.
const (
	samerunIsReady uint8 = iota // held back until its turn
	samerunIsRunning
	samerunInCall // a system call
	samerunOnSleep
	samerunOnSend
	samerunOnReceive
	samerunOnSelect
	samerunOnNil  // a channel that is nil
	samerunOnNone // a select without cases
	samerunOnLock
	samerunOnRead  // a lock, for reading
	samerunOnWrite // a lock, until those who read leave
	samerunOnCond
	samerunOnGroup
	samerunOnInput // real input or output
	samerunOnOther // a coroutine, a bubble, the runtime, another one's Unpark
	samerunOnSpin  // it only looks
)

// Offsets of the semaphores that goroutines wait at in what the program calls a lock: in
// sync.Mutex, in sync.RWMutex for writers and for readers.
const (
	samerunMutexSema  = 4
	samerunWriterSema = 8
	samerunReaderSema = 12
	samerunGroupSema  = 8
)

// samerunWaitsAt notes the semaphore or list at which the current goroutine is about to wait.
//
//go:nosplit
func samerunWaitsAt(at unsafe.Pointer) { getg().samerun.sema = uintptr(at) }

// samerunCaseOf says which case of a select it is, as in samerunCase.index: those that send
// come first, those that receive from the end.
func samerunCaseOf(i, sends, all int) int16 {
	if i < sends {
		return int16(i + 1)
	}
	return int16(i - all)
}

// samerunStills fills in the goroutines of tests, of all bubbles but those that run them,
// and returns how many there are, which can be more than there is room for.
//
//go:linkname samerunStills testing.samerunStills
func samerunStills(all []samerunStill, pcs []uintptr, cases []samerunCase) (n int) {
	me := getg()
	masked := samerunMask()
	stw := stopTheWorld(stwAllGoroutinesStack)
	forEachG(func(gp *g) {
		b := gp.bubble
		status := readgstatus(gp) &^ _Gscan
		if b == nil || !b.samerun.on || gp == b.root || gp == me || status == _Gdead || (samerunIsGone(gp) || gp == samerunQuiet.g) && !samerunQuiet.tells(gp) {
			return
		}
		if n < len(all) {
			s := &all[n]
			*s = samerunStill{born: gp.samerun.birth, goid: gp.goid, left: samerunLeftGen(gp), from: samerunFrom(gp), kind: samerunKindOf(gp, status)}
			s.fill(gp)
			systemstack(func() {
				var u unwinder
				u.initAt(^uintptr(0), ^uintptr(0), 0, gp, unwindSilentErrors)
				s.pcs = int32(tracebackPCs(&u, 0, pcs[:min(64, len(pcs))]))
			})
			pcs = pcs[s.pcs:]
			cases = cases[s.list(gp, cases):]
		}
		n++
	})
	startTheWorld(stw)
	samerunUnmask(masked)
	return n
}

// tells reports whether a goroutine is one of the two that a report of a check that waits for
// the dead is about.
func (q *samerunQuieter) tells(gp *g) bool {
	return q.stuck != nil && (gp == q.g || gp == q.stuck)
}

// samerunLeftGen says which test a goroutine is of, as samerunStill has it.
func samerunLeftGen(gp *g) int32 {
	if !samerunTurns.test || gp.samerun.gen == samerunTurns.gen || gp.samerun.birth == samerunMainBirth {
		return -1
	}
	return int32(gp.samerun.gen)
}

// samerunMainBirth is the number of the main goroutine.
const samerunMainBirth = 1

// samerunKindOf says what a goroutine does.
func samerunKindOf(gp *g, status uint32) uint8 {
	switch status {
	case _Gwaiting:
	case _Gsyscall:
		return samerunInCall
	case _Grunnable:
		if samerunTurns.holder.ptr() != gp {
			return samerunIsReady
		}
		return samerunIsRunning
	default:
		return samerunIsRunning
	}
	switch gp.waitreason {
	case waitReasonSleep:
		return samerunOnSleep
	case waitReasonChanSend, waitReasonSynctestChanSend:
		return samerunOnSend
	case waitReasonChanReceive, waitReasonSynctestChanReceive:
		return samerunOnReceive
	case waitReasonSelect, waitReasonSynctestSelect:
		return samerunOnSelect
	case waitReasonChanReceiveNilChan, waitReasonChanSendNilChan:
		return samerunOnNil
	case waitReasonSelectNoCases:
		return samerunOnNone
	case waitReasonSyncMutexLock:
		return samerunOnLock
	case waitReasonSyncRWMutexRLock:
		return samerunOnRead
	case waitReasonSyncRWMutexLock:
		return samerunOnWrite
	case waitReasonSyncCondWait:
		return samerunOnCond
	case waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait:
		return samerunOnGroup
	case waitReasonIOWait, waitReasonSamerunPipe:
		return samerunOnInput
	case waitReasonSamerunChild:
		return samerunInCall
	case waitReasonSamerunSpins:
		return samerunOnSpin
	}
	return samerunOnOther
}

// fill says what gp waits for, but for channels.
func (s *samerunStill) fill(gp *g) {
	at := gp.samerun.sema
	switch s.kind {
	case samerunOnSleep:
		s.until = gp.sleepWhen - samerunEpoch
		if gp.bubble.samerun.whole {
			s.until = gp.sleepWhen - samerunTurns.first
		}
	case samerunOnLock:
		s.at = at - samerunMutexSema
	case samerunOnRead:
		s.at = at - samerunReaderSema
	case samerunOnWrite:
		s.at = at - samerunWriterSema
	case samerunOnGroup:
		s.at = at
		s.count = int64(int32(*(*uint64)(unsafe.Pointer(at - samerunGroupSema)) >> 32))
	case samerunOnCond:
		s.at = at
	}
}

// list enters the channels that gp waits for, and returns how many.
func (s *samerunStill) list(gp *g, cases []samerunCase) int {
	if s.kind != samerunOnSend && s.kind != samerunOnReceive && s.kind != samerunOnSelect {
		return 0
	}
	n := 0
	for sg := gp.waiting; sg != nil && n < len(cases); sg = sg.waitlink {
		c := samerunChannel(sg)
		if c == nil {
			continue
		}
		k := &cases[n]
		*k = samerunCase{c: uintptr(unsafe.Pointer(c)), len: int(c.qcount), cap: int(c.dataqsiz), timer: c.timer != nil}
		for w := c.sendq.first; w != nil; w = w.next {
			k.sends = k.sends || w == sg
		}
		if sg.isSelect {
			k.index = sg.samerun
		}
		n++
	}
	s.cases = int32(n)
	return n
}
