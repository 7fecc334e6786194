package runtime

import "unsafe"

// POS draws anew for those who race with the turn that was just taken: who wants the same
// object, a channel or a lock. A goroutine that is ready wants the object at whose point it has
// lost its turn, or for which it has waited; of a select the first channel that the
// program names. Atomic variables count as one object. Who wants none that is known, because
// it begins, has slept or has yielded, races with all others of that sort.
//
// Objects are told apart by their addresses, which are chance, and might be those of
// another object later. So an address counts only as long as the goroutine is in the operation
// on its object, which therefore lives: samerunG.wants is set at a point, and taken back when
// the goroutine becomes ready for another reason.

// samerunAtomics is the object that all atomic variables are; no address.
const samerunAtomics = 1

// samerunPointAtChan is a point at a channel.
func samerunPointAtChan(pc uintptr, c *hchan) {
	getg().samerun.wants = uintptr(unsafe.Pointer(c))
	samerunPoint(pc)
}

// samerunWaitsFor notes what gp waits for, which is about to.
func samerunWaitsFor(gp *g) {
	switch gp.waitreason {
	case waitReasonSelect, waitReasonSynctestSelect:
		return // its point was just before
	case waitReasonChanReceive, waitReasonChanSend, waitReasonSynctestChanReceive, waitReasonSynctestChanSend:
		if sg := gp.waiting; sg != nil {
			gp.samerun.wants = uintptr(unsafe.Pointer(samerunChannelOf(sg)))
			return
		}
	case waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock:
		gp.samerun.wants = samerunWaitedLock(gp) &^ 1
		return
	}
	gp.samerun.wants = 0
}
