package net

import (
	"time"
	_ "unsafe" // for go:linkname
)

// The network goes by the clock of the world: what one node sends comes to another one, whose
// clock may differ.

// These are in package runtime.

//go:linkname samerunWorldClock
func samerunWorldClock(world bool) bool

//go:linkname samerunWorldSpan
func samerunWorldSpan(d int64) int64

func init() { samerunClock = samerunWorldNow }

// samerunWorldNow is the time of the world.
func samerunWorldNow() time.Time {
	samerunWorldClock(true)
	now := time.Now()
	samerunWorldClock(false)
	return now.Round(0) // without what the monotonic clock of a node says
}

// samerunUntil is how long it takes until then.
func samerunUntil(t time.Time) time.Duration { return t.Sub(samerunNow()) }

// samerunNewTimer is time.NewTimer by that clock.
func samerunNewTimer(d time.Duration) *time.Timer {
	samerunWorldClock(true)
	t := time.NewTimer(d)
	samerunWorldClock(false)
	return t
}

// samerunResetTimer is Reset of such a timer.
func samerunResetTimer(t *time.Timer, d time.Duration) {
	samerunWorldClock(true)
	t.Reset(d)
	samerunWorldClock(false)
}

// samerunDeadline is the moment in the world of a deadline that the caller has set by its own
// clock. Where all clocks are that of the world it is the same.
func samerunDeadline(t time.Time) time.Time {
	if t.IsZero() || !samerunWorldClock(false) {
		return t.Round(0)
	}
	return samerunNow().Add(time.Duration(samerunWorldSpan(int64(time.Until(t)))))
}
