package sched

import (
	"time"

	"samerun/clock"
)

// Timer is time.Timer for tasks: C receives the date when the time has come, or
// a function is run as a task (AfterFunc). As in package time since Go 1.23, no
// old value is received after Stop or Reset has returned.
//
// Make one with NewTimer or AfterFunc. It belongs to the group of the task that
// made it, and goes with it.
type Timer struct {
	C     *Chan[time.Time]
	t     *clock.Timer
	g     *Group
	timed *timed
}

// NewTimer returns a timer that sends the date on C after d by the node's clock.
func NewTimer(d time.Duration) *Timer {
	t := current("NewTimer")
	x := &Timer{C: timerChan(t), g: t.group}
	cause := t.s.Cause()
	lasts := x.g.lasts(d)
	x.timed = t.s.timed(t, lasts)
	x.t = t.s.clk.AfterFunc(lasts, t.tie(), func() { tick(x.g, x.C, cause, x.timed, "Timer") })
	return x
}

// AfterFunc runs f as a task of the caller's group after d by the node's clock.
func AfterFunc(d time.Duration, f func()) *Timer {
	t := current("AfterFunc")
	x := &Timer{g: t.group}
	t.spawned++
	id, cause, n := t.id.With(t.spawned), t.s.Cause(), uint64(0)
	lasts := x.g.lasts(d)
	x.timed = t.s.timed(t, lasts)
	x.t = t.s.clk.AfterFunc(lasts, t.tie(), func() {
		n++
		x.g.s.SetCause(cause)
		if !x.g.frozen {
			x.timed.fires(x.g, "AfterFunc")
		}
		x.g.s.spawn(x.g, "", id.With(n), f, nil)
	})
	return x
}

// After is NewTimer(d).C.
func After(d time.Duration) *Chan[time.Time] { return NewTimer(d).C }

// Stop keeps the timer from firing, and says whether it did so.
func (x *Timer) Stop() bool {
	x.g.s.Touch(x, ToWrite)
	pending := x.t.Stop()
	return x.drain() || pending
}

// Reset lets the timer fire d from now, and says whether it was pending.
func (x *Timer) Reset(d time.Duration) bool {
	x.g.s.Touch(x, ToWrite)
	unread := x.drain()
	lasts := x.g.lasts(d)
	x.timed.again(lasts)
	return x.t.Reset(lasts) || unread
}

// drain forgets a value that nobody has received yet.
func (x *Timer) drain() bool { return x.C != nil && x.C.forget() }

// Ticker is time.Ticker for tasks: C receives the date every period by the
// clock of the node that made it. A tick that finds the last one unread is
// dropped.
type Ticker struct {
	C     *Chan[time.Time]
	t     *clock.Ticker
	g     *Group
	timed *timed
}

// NewTicker returns a ticker. It panics if the period is not positive.
func NewTicker(period time.Duration) *Ticker {
	t := current("NewTicker")
	x := &Ticker{C: timerChan(t), g: t.group}
	cause := t.s.Cause()
	lasts := x.g.lasts(period)
	x.timed = t.s.timed(t, lasts)
	x.t = t.s.clk.Tick(lasts, t.tie(), func() {
		if x.g.frozen {
			x.t.Stop()
			return
		}
		tick(x.g, x.C, cause, x.timed, "Ticker")
	})
	return x
}

// Stop ends the ticks. It does not close C.
func (x *Ticker) Stop() {
	x.g.s.Touch(x, ToWrite)
	x.t.Stop()
	x.C.forget()
}

// Reset starts anew with another period, which must be positive.
func (x *Ticker) Reset(period time.Duration) {
	x.g.s.Touch(x, ToWrite)
	x.C.forget()
	lasts := x.g.lasts(period)
	x.timed.again(lasts)
	x.t.Reset(lasts)
}

func timerChan(t *Task) *Chan[time.Time] {
	c := MakeChan[time.Time](1)
	c.s = t.s
	return c
}

// tick sends the date from an event, unless the group is gone.
func tick(g *Group, c *Chan[time.Time], cause uint64, made *timed, op string) {
	if g.frozen {
		return
	}
	g.s.SetCause(cause)
	made.fires(g, op)
	now := g.view.Now()
	if p := c.recvq.take(); p != nil {
		p.val, p.ok = now, true
		g.s.Wake(p.t)
	} else if c.count == 0 {
		c.buf[c.head], c.count = now, 1
	}
}

// forget empties the buffer and says whether it held something.
func (c *Chan[T]) forget() bool {
	c.s.Touch(c, ToWrite)
	had := c.count > 0
	clear(c.buf)
	c.head, c.count = 0, 0
	return had
}
