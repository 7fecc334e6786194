package clock

import "time"

// Follow lets the clock show the time of another one, such as that of a machine on which
// the program runs as goroutines, in place of jumping to the next event. now returns that
// time since the start of the run. The owner of the clock then calls Step when an event
// is due, as Next says; Step fires what is due and nothing else. sooner is called when
// the first event of the queue has become due earlier than it was, by whoever schedules
// it; it must not block. Follow is called before anything is scheduled.
func (c *Clock) Follow(now func() time.Duration, sooner func()) { c.source, c.sooner = now, sooner }

// follow moves the clock to the time of the other one; it never runs backwards.
func (c *Clock) follow() time.Duration {
	c.now = max(c.now, c.source())
	return c.now
}

// tellSooner is called when the queue has changed, with what was its first event.
func (c *Clock) tellSooner(was time.Duration, any bool) {
	if at, ok := c.queue.Next(); ok && (!any || at < was) {
		c.sooner()
	}
}
