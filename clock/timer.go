package clock

import "time"

// Timer calls a function once, after a delay. It is time.AfterFunc in virtual
// time, with the same Stop and Reset. The function runs as an event, between
// tasks: it must not block.
//
// Invariant: id names the timer's event while it is pending, and is stale
// otherwise.
type Timer struct {
	c   *Clock
	f   func()
	tie uint64
	id  ID
}

// AfterFunc calls f after d. tie orders it among the events of its instant.
func (c *Clock) AfterFunc(d time.Duration, tie uint64, f func()) *Timer {
	if f == nil {
		panic("clock: AfterFunc called with a nil function")
	}
	t := &Timer{c: c, f: f, tie: tie}
	t.id = c.After(d, tie, t)
	return t
}

// Fire is called by the clock.
func (t *Timer) Fire() { t.f() }

// Stop prevents the timer from firing. It answers true if it did so, and false
// if the timer had fired or been stopped already.
func (t *Timer) Stop() bool { return t.c.Cancel(t.id) }

// Reset lets the timer fire d from now, whether it was pending or not. It
// answers true if it was pending.
func (t *Timer) Reset(d time.Duration) bool {
	if t.c.Reschedule(t.id, d, t.tie) {
		return true
	}
	t.id = t.c.After(d, t.tie, t)
	return false
}
