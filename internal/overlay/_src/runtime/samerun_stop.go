package runtime

import "unsafe" // and for go:linkname

// samerunStands is where the run of a test is to stand still, for samerun replay -until: at a
// turn, by its number, which a goroutine has got and has not begun. The root runs then, which takes
// no turn, and tells. If it comes back, that goroutine goes on.
var samerunStands struct {
	turn uint64   // 0: nowhere, or it has been there
	test string   // by its name
	next guintptr // who has the turn, while the run stands still
	tell func(goid int64)
}

// samerunStandAt has tell called at a turn of a test, with the number of the goroutine that has
// it. If tell returns, the run goes on as it does without it.
//
//go:linkname samerunStandAt testing.samerunStandAt
func samerunStandAt(turn uint64, test string, tell func(goid int64)) {
	samerunStands.turn, samerunStands.test, samerunStands.tell = turn, test, tell
}

// stops reports whether the turn that gp has just got is the one at which the run stands still, or
// the first behind it that is given here. The caller holds s.mu.
func (s *samerunTurn) stops(gp *g) bool {
	x := &samerunStands
	if !s.test || s.turns < x.turn || s.name != x.test {
		return false
	}
	x.turn = 0
	x.next.set(gp)
	return true
}

// stands tells that the run stands still. It runs on the root, and lets go on who has the turn
// when the root waits again.
func (s *samerunTurn) stands() {
	samerunRecordFlush()
	samerunRootTells(samerunStands.tell, int64(samerunStands.next.ptr().goid))
	gopark(samerunStood, nil, waitReasonSynctestRun, traceBlockSynctest, 0)
}

// samerunStood runs on g0, when the root waits: only now can it be woken again.
func samerunStood(*g, unsafe.Pointer) bool {
	s := &samerunTurns
	gp := samerunStands.next.ptr()
	samerunStands.next = 0
	lock(&s.mu)
	s.holder.set(gp)
	unlock(&s.mu)
	runqput(getg().m.p.ptr(), gp, true)
	return true
}

// samerunLookIn lets the caller, who is outside of the world, see it from a node of the test, 0 for
// none: its clock, above all. Whatever it would wait for does not come, as it gets no turns; the
// run must end soon. samerunLookOut takes it back.
//
//go:linkname samerunLookIn testing.samerunLookIn
func samerunLookIn(node int) {
	gp := getg()
	samerunCfg.calm = true // nothing befalls it
	if node > 0 && node < len(samerunMachines) {
		gp.samerun.life = samerunMachines[node].life
	}
	gp.bubble = &samerunWorld
}

//go:linkname samerunLookOut testing.samerunLookOut
func samerunLookOut() {
	gp := getg()
	gp.bubble = nil
	gp.samerun.life = 0
}
