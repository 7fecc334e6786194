package runtime

import _ "unsafe" // for go:linkname

// A test that waits for ever beside a ticker is no deadlock: its clock goes on. So the
// clock of a test has a limit, which is -timeout of go test, in virtual time. Bubbles that
// tests make have none: there a sleep of a day is nothing.

// samerunTickLeast is how many steps of less than the cost of a turn the clock makes one
// after the other. Then each step takes that cost at least: a ticker of a nanosecond ticks
// as often as a processor can take it, and not a million times in a millisecond.
const samerunTickLeast = 1000

// samerunLimit sets the limit, in nanoseconds, of the tests that begin from now on; 0 for
// none.
//
//go:linkname samerunLimit testing.samerunLimit
func samerunLimit(ns int64) { samerunCfg.limit = ns }

// overtime reports whether the test that runs has no time left at an instant.
func (s *samerunTurn) overtime(at int64) bool {
	return s.test && samerunCfg.limit > 0 && at-s.first > samerunCfg.limit
}

// timeOut ends the process because of that.
func (s *samerunTurn) timeOut() {
	samerunWorld.now = max(samerunWorld.now, s.first+samerunCfg.limit)
	lock(&s.mu)
	s.ends = true
	unlock(&s.mu)
	if raceenabled {
		samerunKnowsAll(getg())
	}
	samerunOnDeadlock(samerunCfg.limit)
}

// step is where the clock of the world goes when the next timer is due at an instant.
func (s *samerunTurn) step(next int64) int64 {
	now := max(samerunWorld.now, next)
	if samerunCfg.cost == 0 {
		return now
	}
	brisk := (samerunCfg.cost + 9) / 10
	if now-s.moved >= brisk {
		s.ticks = 0
	} else if s.ticks++; s.ticks > samerunTickLeast+samerunBrisk {
		now = max(now, s.moved+samerunCfg.cost)
	} else if s.ticks > samerunTickLeast {
		now = max(now, s.moved+brisk)
	}
	s.moved = now
	return now
}
