package labrpc

import (
	"time"

	"samerun/internal/keyed"
	"samerun/sim"
)

// The constants of the original's API (2025), in milliseconds.
const (
	SHORTDELAY = 27              // requests of an unreliable network take less
	LONGDELAY  = 7000            // calls to nowhere take less, with LongDelays
	MAXDELAY   = LONGDELAY + 100 // no call to nowhere takes longer
	nowhere    = 100             // calls to nowhere take less, without
	lossPPM    = keyed.Million / 10
	reorderPPM = 2 * keyed.Million / 3
)

// What is drawn for a call, each from a key of its own: the end, the method and
// how often it was called on that end, and one of these.
const (
	drawShortDelay = iota + 1
	drawRequestLost
	drawReplyLost
	drawReordered
	drawReorderBy
	drawReorderMax
	drawFailDelay
	drawFailTie
	drawLookTie
	drawHandler
	drawReply
)

func (c *call) draw(what uint64) keyed.Key {
	return keyed.Root(c.net.w.Seed()).With(c.key.Uint64()).With(what)
}

func (c *call) tie(what uint64) uint64 { return c.draw(what).Uint64() }

func (c *call) chance(what uint64, ppm int64) bool { return c.draw(what).Chance(ppm) }

// mishap is a chance that a calm run does not take.
func (c *call) mishap(what uint64, ppm int64) bool {
	return c.net.w.Calm() < sim.NoMishaps && c.chance(what, ppm)
}

// lostByHand says whether a schedule has lost what chance would lose if the run
// was not calm: the caller learns of it in the same way.
func (c *call) lostByHand(why sim.Fate) bool {
	return why == sim.Lost && c.unreliable && c.net.w.Calm() >= sim.NoMishaps
}

// below draws a whole number of milliseconds in [0, n).
func (c *call) below(what, n uint64) time.Duration {
	return time.Duration(c.draw(what).Below(n)) * time.Millisecond
}

// shortDelay is the delay of a request on an unreliable network (rule 6).
func (c *call) shortDelay() time.Duration {
	if c.net.w.Calm() >= sim.FixedLatency {
		return SHORTDELAY / 2 * time.Millisecond
	}
	return c.below(drawShortDelay, SHORTDELAY)
}

// failDelay is how long a call takes that reaches nobody (rule 5).
func (c *call) failDelay() time.Duration {
	if c.net.longDelays {
		return c.below(drawFailDelay, LONGDELAY)
	}
	return c.below(drawFailDelay, nowhere)
}

// reorderDelay is the delay of a reply with LongReordering (rule 12).
func (c *call) reorderDelay() time.Duration {
	if !c.mishap(drawReordered, reorderPPM) {
		return 0
	}
	// 0 to 1999. The rule was once read as 1 to 2000: with 2000 in the place of 0 nearly
	// all seeds mean what they did.
	most := (1 + c.draw(drawReorderMax).Below(2000)) % 2000
	return 200*time.Millisecond + c.below(drawReorderBy, most+1)
}

// hashOf is what the digest keeps of a message's contents.
func hashOf(b []byte) uint64 {
	var d keyed.Digest
	d.AddBytes(b)
	return uint64(d)
}
