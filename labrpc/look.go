package labrpc

import (
	"time"

	"samerun/clock"
)

// lookEvery is how often the network looks whether a call's server still lives.
const lookEvery = 100 * time.Millisecond

// The original looks every 100 ms after a handler's start whether the end is
// disabled or the server gone (rule 9). Most looks find nothing, and an event for
// each would cost more than the call. What they find changes only when somebody
// disables an end or takes a server away: then, and only then, the next look of
// each call that is now dead is scheduled.

// changed is called when an end or a server was taken away or came back.
func (rn *Network) changed() {
	for c := rn.serving; c != nil; c = c.next {
		if c.dead() {
			c.lookLater()
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
	clk := c.net.w.Scheduler().Clock()
	past := clk.Now() - (c.began - 1)
	clk.After(lookEvery-past%lookEvery, c.tie(drawLookTie), clock.Func(func() {
		c.looking = false
		if c.serving && c.dead() {
			c.unlink()
			c.finish(false)
		}
		c.drop()
	}))
}

// link puts the call among those whose handler runs.
func (c *call) link() {
	rn := c.net
	c.serving = true
	c.prev, c.next = nil, rn.serving
	if c.next != nil {
		c.next.prev = c
	}
	rn.serving = c
}

func (c *call) unlink() {
	if !c.serving {
		return
	}
	c.serving = false
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
