package runtime

import _ "unsafe" // for go:linkname

// A test that waits for ever beside a ticker is no deadlock: its clock goes on. So the
// clock of a bubble has a limit, which is -timeout of go test, in virtual time.

// samerunTickLeast is how many steps of less than the cost of a turn the clock makes one
// after the other. Then each step takes that cost at least: a ticker of a nanosecond ticks
// as often as a processor can take it, and not a million times in a millisecond.
const samerunTickLeast = 1000

// samerunLimit sets the limit, in nanoseconds, of the bubbles that begin from now on; 0
// for none.
//
//go:linkname samerunLimit testing.samerunLimit
func samerunLimit(ns int64) { samerunCfg.limit = ns }

// samerunOvertime reports whether the clock of a bubble is past its limit when it comes to an
// instant. It notes that. The caller holds b.mu.
func samerunOvertime(b *synctestBubble, next int64) bool {
	s := &b.samerun
	if s.on && !b.done && s.limit > 0 && max(b.now, next)-s.begin > s.limit {
		b.now = max(b.now, s.begin+s.limit)
		s.overtime = true
	}
	return s.overtime
}

// samerunAdvance is where the clock of a bubble goes when the next timer is due at an
// instant. The caller holds b.mu.
func samerunAdvance(b *synctestBubble, next int64) int64 {
	s := &b.samerun
	now := max(b.now, next)
	if !s.on || !s.whole || samerunCfg.cost == 0 {
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

// samerunReason is why a bubble has ended, in words.
func samerunReason(b *synctestBubble, reason string) string {
	if b.samerun.overtime {
		return "time-out: the clock of the bubble has come to the limit of -timeout"
	}
	return reason
}

// samerunTimedOut is the limit that the bubble which ended last has come to, in
// nanoseconds, or 0.
//
//go:linkname samerunTimedOut testing.samerunTimedOut
func samerunTimedOut() int64 {
	if samerunCfg.last.overtime {
		return samerunCfg.limit
	}
	return 0
}
