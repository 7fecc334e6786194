package clock

import "time"

// Ticker calls a function at regular intervals, as an event between tasks: it
// must not block. Stop and Reset are those of time.Ticker.
//
// Invariant: between two ticks exactly one event is pending, until Stop.
type Ticker struct {
	c      *Clock
	f      func()
	tie    uint64
	period time.Duration
	id     ID
}

// Tick calls f every period, the first time after one period. It panics if the
// period is not positive, as time.NewTicker does.
func (c *Clock) Tick(period time.Duration, tie uint64, f func()) *Ticker {
	if period <= 0 {
		panic("non-positive interval for NewTicker")
	}
	t := &Ticker{c: c, f: f, tie: tie, period: period}
	t.id = c.After(period, tie, t)
	return t
}

// Fire is called by the clock. The next tick is scheduled before f runs, so
// that f may Stop or Reset the ticker.
func (t *Ticker) Fire() {
	t.id = t.c.After(t.period, t.tie, t)
	t.f()
}

// Stop ends the ticks. It may be called twice.
func (t *Ticker) Stop() { t.c.Cancel(t.id) }

// Reset starts the ticker anew with another period, the next tick one period
// from now. It panics if the period is not positive.
func (t *Ticker) Reset(period time.Duration) {
	if period <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	t.period = period
	if !t.c.Reschedule(t.id, period, t.tie) {
		t.id = t.c.After(period, t.tie, t)
	}
}
