package sched

import (
	"context"
	"time"

	"samerun/clock"
)

// The functions of this file are for tasks: they find the run by the goroutine
// that calls, so that ordinary code needs no handle to it.

// Go starts fn as a task in the group of the calling task: the go statement.
func Go(fn func()) { t := current("Go"); t.s.goFrom(t, "", fn, nil) }

// Sleep lets the calling task wait for d by its node's clock. A d of zero or
// less lets the other ready tasks run first.
func Sleep(d time.Duration) { t := current("Sleep"); t.sleep(d) }

// Yield lets the other ready tasks run first: runtime.Gosched.
func Yield() { current("Yield").s.Yield() }

// Now returns the date by the calling task's node's clock.
func Now() time.Time { return current("Now").group.view.Now() }

// Since returns how long ago t was by the calling task's node's clock.
func Since(t time.Time) time.Duration { return Now().Sub(t) }

// Until returns how long it is to t by the calling task's node's clock.
func Until(t time.Time) time.Duration { return t.Sub(Now()) }

// WithTimeout is context.WithTimeout in virtual time, by the calling task's node's clock
// and as slow as that node. A task waits for the end of a context with Done, not with a
// receive from ctx.Done().
func WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	t := current("WithTimeout")
	return clock.WithTimeout(parent, t.s.clk, t.group.lasts(d), t.tie())
}

// WithDeadline is context.WithDeadline in virtual time; at is a date by the
// calling task's node's clock.
func WithDeadline(parent context.Context, at time.Time) (context.Context, context.CancelFunc) {
	t := current("WithDeadline")
	d := t.group.lasts(at.Sub(t.group.view.Now()))
	return clock.WithTimeout(parent, t.s.clk, d, t.tie())
}

// WithCancel is context.WithCancel whose end wakes tasks at once.
func WithCancel(parent context.Context) (context.Context, context.CancelFunc) {
	return clock.WithCancel(parent, current("WithCancel").s.clk)
}

// Done returns a Chan that is closed when ctx ends, for Recv and Select.
func Done(ctx context.Context) *Chan[struct{}] {
	t := current("Done")
	c := MakeChan[struct{}](0)
	c.s = t.s
	if ctx.Done() != nil {
		clock.OnDone(ctx, t.s.clk, c.closeFromEvent)
	}
	return c
}

// Sleep is the package's Sleep for those who have the scheduler in hand.
func (s *Scheduler) Sleep(d time.Duration) { s.Caller("Sleep").sleep(d) }

func (t *Task) sleep(d time.Duration) {
	if d <= 0 {
		t.s.Yield()
		return
	}
	lasts := t.group.lasts(d)
	t.timed = t.s.timed(t, lasts)
	t.timer = t.s.clk.After(lasts, t.tie(), (*sleeper)(t))
	t.s.Block(t, sleepOp, nil)
}

// sleepOp is what a task waits for that sleeps.
const sleepOp = "Sleep"

// tie is the tie-break of the task's next timer: drawn for this task alone.
func (t *Task) tie() uint64 {
	t.timers++
	return t.s.chance().With(t.id.Uint64()).With(t.timers).Uint64()
}

// sleeper is a task as the event that ends its sleep: no allocation is needed.
type sleeper Task

// Fire is called by the clock.
func (x *sleeper) Fire() {
	t := (*Task)(x)
	t.s.SetCause(t.cause) // nobody woke it but itself
	t.timed.fires(t.group, sleepOp)
	t.s.Wake(t)
}
