package runtime

import _ "unsafe" // for go:linkname

// What package testing asks of goroutines that wait for ever, to tell it.

// samerunFindLeaks looks for goroutines of the test that has ended last which wait for
// ever, and returns how many there are.
//
//go:linkname samerunFindLeaks testing.samerunFindLeaks
func samerunFindLeaks() int {
	return samerunFindStuck(samerunForEver, samerunWorld.now)
}

// samerunStucks is how many goroutines the last search has found.
//
//go:linkname samerunStucks testing.samerunStucks
func samerunStucks() int { return samerunSearching.n }

// samerunPartStuck reports whether the test that runs is one of them.
//
//go:linkname samerunPartStuck testing.samerunPartStuck
func samerunPartStuck() bool { return samerunSearching.dead }

// samerunFreshStucks is how many of them were not told before.
//
//go:linkname samerunFreshStucks testing.samerunFreshStucks
func samerunFreshStucks() (n int) {
	for i := range samerunSearching.n {
		if !samerunSearching.at(i).told {
			n++
		}
	}
	return n
}

// samerunStuckAt tells of the i-th of them which goroutine it is, where the program started it, for
// what it waits, and its stack: n return addresses, as of Callers.
//
//go:linkname samerunStuckAt testing.samerunStuckAt
func samerunStuckAt(i int, stack []uintptr) (birth uint64, from uintptr, n int, wait string) {
	s := samerunSearching.at(i)
	return s.birth, s.from, copy(stack, s.frames[:s.n]), samerunWaitText(s.reason)
}

// samerunOnStuck is what package testing does when some that it has not told yet are found
// while the test runs.
var samerunOnStuck func(now int64)

//go:linkname samerunTellsStuck testing.samerunTellsStuck
func samerunTellsStuck(f func(now int64)) { samerunOnStuck = f }

// samerunWaitText says what a goroutine waits for.
func samerunWaitText(reason waitReason) string {
	switch reason {
	case waitReasonSelectNoCases:
		return "in a select without cases"
	case waitReasonChanSendNilChan:
		return "to send to a nil channel"
	case waitReasonChanReceiveNilChan:
		return "to receive from a nil channel"
	case waitReasonSelect, waitReasonSynctestSelect:
		return "in a select"
	case waitReasonChanReceive, waitReasonSynctestChanReceive:
		return "to receive from a channel"
	case waitReasonChanSend, waitReasonSynctestChanSend:
		return "to send to a channel"
	case waitReasonSyncCondWait:
		return "for a sync.Cond"
	case waitReasonSyncMutexLock:
		return "for a sync.Mutex"
	case waitReasonSyncRWMutexRLock:
		return "to read-lock a sync.RWMutex"
	case waitReasonSyncRWMutexLock:
		return "to lock a sync.RWMutex"
	case waitReasonSyncWaitGroupWait, waitReasonSynctestWaitGroupWait:
		return "for a sync.WaitGroup"
	}
	return "in " + reason.String()
}
