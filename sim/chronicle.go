package sim

import "slices"

// chronicle keeps what the story of a run on a host may show: the trace, until the run has
// ended and what the host has noted can be put between its records.
//
// Invariant: lines are in the order of time, and left came before them.
type chronicle struct {
	lines []line
	left  int
	over  bool // the run has failed: nothing that happens later matters
}

// mostLines is how many lines a chronicle keeps, the last ones; twice as many now and then.
const mostLines = 2048

// keep takes a record.
func (c *chronicle) keep(r Record) {
	l, ok := lineOf(r)
	if !ok {
		return
	}
	c.over = r.What == Failed
	if len(c.lines) == 2*mostLines {
		c.left += mostLines
		c.lines = slices.Delete(c.lines, 0, mostLines)
	}
	c.lines = append(c.lines, l)
}

// with picks what the story shows of these and of what was sent, of which so much came before.
// What arrives at an instant comes before what is done then.
func (c *chronicle) with(sent []line, left int) (x records) {
	x.last.n = c.left + left
	for _, l := range c.lines {
		for len(sent) > 0 && sent[0].row.At <= l.row.At {
			x.put(sent[0])
			sent = sent[1:]
		}
		x.put(l)
	}
	for _, l := range sent {
		if !c.over {
			x.put(l)
		}
	}
	return x
}
