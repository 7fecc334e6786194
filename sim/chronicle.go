package sim

import "samerun/internal/story"

// chronicle keeps what the story of a run on a host may be told from: the trace, until the run
// has ended and what the host has noted can be put between its records.
type chronicle struct {
	records
	over bool // the run has failed: nothing that happens later matters
}

// keep takes a record.
func (c *chronicle) keep(r Record) {
	c.over = c.over || r.What == Failed
	c.records.keep(r)
}

// with is what the story is told from, of these and of what was sent, of which so much came
// before. What arrives at an instant comes before what is done then.
func (c *chronicle) with(sent []story.Event, left int) (x records) {
	x.left = c.left + left
	for _, e := range c.events {
		for len(sent) > 0 && sent[0].At <= e.At {
			x.events = append(x.events, sent[0])
			sent = sent[1:]
		}
		x.events = append(x.events, e)
	}
	if !c.over {
		x.events = append(x.events, sent...)
	}
	return x
}
