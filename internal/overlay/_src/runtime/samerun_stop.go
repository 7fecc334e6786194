package runtime

import _ "unsafe" // for go:linkname

// samerunStands is where the run of a test is to stand still, for samerun replay -until: before a
// turn, by its number. The root gets a turn then, which is none of the test's, and tells.
var samerunStands struct {
	turn uint64 // 0: nowhere, or it has been there
	test string
	due  bool
	tell func(now int64)
}

// samerunStandAt has tell called before a turn of a test, or at the next moment at which all of it
// stand still. If tell returns, the run goes on as it does without it.
//
//go:linkname samerunStandAt testing.samerunStandAt
func samerunStandAt(turn uint64, test string, tell func(now int64)) {
	samerunStands.turn, samerunStands.test, samerunStands.tell = turn, test, tell
}

// stops reports whether the next turn is the one before which the run stands still. The
// caller holds s.mu.
func (s *samerunTurn) stops() bool {
	x := &samerunStands
	if s.n == 0 || !s.test || s.turns+1 < x.turn || s.name != x.test {
		return false
	}
	x.turn, x.due = 0, true
	return true
}

// stands tells that the run stands still. It runs on the root.
func (s *samerunTurn) stands() {
	samerunStands.due = false
	samerunRootTells(samerunStands.tell, samerunWorld.since())
}
