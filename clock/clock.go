package clock

import "time"

// Epoch is the wall-clock time at which every run begins, for programs that
// want a time.Time. It is the epoch of testing/synctest too.
//
//samerun:allow global: a constant; package time has no constant dates
var Epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Clock is virtual time: the present instant and the events to come.
//
// Make one with New. Invariant: no event in the queue lies before now, so that
// time never runs backwards.
type Clock struct {
	queue   Queue
	now     time.Duration
	fired   uint64
	sleep   func(time.Duration)
	watched []*root // contexts with a parent that cannot tell us of its end

	unwatched []*root // the array of watched that poll fills next

	// Of a clock that follows another one; see Follow.
	source func() time.Duration
	sooner func()

	observer func(Change) // nil if there is none
}

// New returns a clock that stands at zero and has nothing to do.
func New() *Clock { return &Clock{} }

// Now returns the virtual time since the start of the run.
func (c *Clock) Now() time.Duration {
	if c.source != nil {
		return c.follow()
	}
	return c.now
}

// Time returns the present instant as a date: Epoch plus Now.
func (c *Clock) Time() time.Time { return Epoch.Add(c.Now()) }

// Fired returns how many events have fired so far.
func (c *Clock) Fired() uint64 { return c.fired }

// Pending returns how many events have yet to fire.
func (c *Clock) Pending() int { return c.queue.Len() }

// At schedules an event at an instant since the start of the run. An instant
// in the past means now. tie orders events of one instant, see Queue.
func (c *Clock) At(at time.Duration, tie uint64, ev Event) ID {
	return c.schedule(max(at, c.Now()), tie, ev)
}

// After schedules an event after a delay. A negative delay means now, and one
// that goes beyond the end of time (292 years) means that end.
func (c *Clock) After(d time.Duration, tie uint64, ev Event) ID {
	return c.schedule(c.instant(d), tie, ev)
}

// schedule puts an event into the queue, and lets whoever fires the events of a clock
// that follows another one know that the next is due earlier than it was.
func (c *Clock) schedule(at time.Duration, tie uint64, ev Event) ID {
	if c.sooner != nil {
		defer c.tellSooner(c.queue.Next())
	}
	if c.observer != nil {
		c.observer(Change{What: Scheduled, At: at, Tie: tie})
	}
	return c.queue.Schedule(at, tie, ev)
}

// Cancel takes an event back. It answers false if it has fired or is gone.
func (c *Clock) Cancel(id ID) bool { return c.queue.Cancel(id) }

// Reschedule moves an event that has yet to fire to another delay from now.
func (c *Clock) Reschedule(id ID, d time.Duration, tie uint64) bool {
	if c.sooner != nil {
		defer c.tellSooner(c.queue.Next())
	}
	at := c.instant(d)
	c.observe(Change{What: Scheduled, At: at, Tie: tie})
	return c.queue.Reschedule(id, at, tie)
}

// Next returns the instant of the earliest event; ok is false if there is none.
func (c *Clock) Next() (at time.Duration, ok bool) { return c.queue.Next() }

// Step moves time to the earliest event and fires it. It answers false, and
// leaves time alone, when there is none. If a foreign context has ended since
// the last step, noticing that is the whole step, and time stays.
func (c *Clock) Step() bool {
	if len(c.watched) > 0 && c.poll() {
		return true
	}
	if c.source != nil {
		// Its time moves by itself: only what is due can fire.
		if at, ok := c.queue.Next(); !ok || at > c.Now() {
			return false
		}
	}
	ev, at, ok := c.queue.Pop()
	if !ok {
		return false
	}
	c.now = max(c.now, at)
	c.fired++
	ev.Fire()
	return true
}

// Sleep lets d of virtual time pass. Where a scheduler has taken the clock
// over (OnSleep), the calling task sleeps and others run. On a bare clock the
// events of the next d fire during the call; do not call it from one of them.
func (c *Clock) Sleep(d time.Duration) {
	if c.sleep != nil {
		c.sleep(d)
		return
	}
	end := c.instant(d)
	for {
		if at, ok := c.queue.Next(); !ok || at > end {
			break
		}
		c.Step()
	}
	c.now = end
}

// OnSleep lets a scheduler say how its tasks sleep.
func (c *Clock) OnSleep(sleep func(time.Duration)) { c.sleep = sleep }

// instant is now + d, kept between now and the end of time.
func (c *Clock) instant(d time.Duration) time.Duration {
	now := c.Now()
	if d <= 0 {
		return now
	}
	if at := now + d; at > 0 {
		return at
	}
	return endOfTime
}

const endOfTime = time.Duration(1<<63 - 1)
