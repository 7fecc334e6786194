package labrpc

import "time"

// lookEvery is how often the network looks whether a call's server still lives.
const lookEvery = 100 * time.Millisecond

// The original looks every 100 ms after a handler's start whether the end is
// disabled or the server gone (rule 9). Most looks find nothing, and an event for
// each would cost more than the call. What they find changes only when somebody
// disables an end or takes a server away: then, and only then, the next look of
// each call that is now dead is scheduled.

// changed is called when an end or a server was taken away or came back.
func (rn *worldNet) changed() {
	var next *call
	for c := rn.serving; c != nil; c = next {
		next = c.next
		if !c.answered && !c.req.replyCh.full && c.dead() {
			c.lookLater()
		}
		if !c.place.alive() {
			c.abandon()
		}
	}
}

// lookLater schedules the call's next look.
func (c *call) lookLater() {
	if c.looking {
		return
	}
	c.looking = true
	c.refs++
	s := c.net.w.Scheduler()
	c.cause = s.Cause()
	past := s.Clock().Now() - (c.began - 1)
	s.Clock().After(lookEvery-past%lookEvery, c.tie(drawLookTie), (*look)(c))
}

// look is a call as the event that looks after it (9).
type look call

// Fire is called by the clock.
func (l *look) Fire() {
	c := (*call)(l)
	c.looking = false
	if !c.answered && c.dead() {
		c.net.w.Scheduler().SetCause(c.cause)
		c.finish(false)
	}
	c.drop()
}

// abandon forgets the handlers of a call, because their node crashed: they stand
// still for ever.
func (c *call) abandon() {
	n := c.handlers
	for range n {
		c.unlink()
	}
	for range n {
		c.drop()
	}
}

// link counts a handler that runs, and puts the call among those that have one.
func (c *call) link() {
	c.handlers++
	if c.handlers > 1 {
		return
	}
	rn := c.net
	c.prev, c.next = nil, rn.serving
	if c.next != nil {
		c.next.prev = c
	}
	rn.serving = c
}

// unlink takes a handler back.
func (c *call) unlink() {
	c.handlers--
	if c.handlers > 0 {
		return
	}
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		c.net.serving = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.prev, c.next = nil, nil
}
