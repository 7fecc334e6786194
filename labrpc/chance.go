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

// luck is what chance has in store for one call: a function of the seed, the call
// and what is drawn. It may be drawn in any order, and twice.
type luck struct {
	key  keyed.Key // of the seed and the call
	calm sim.Calm  // how much is not left to chance
}

// luckOf returns the luck of a call with that key.
func luckOf(seed uint64, call keyed.Key, calm sim.Calm) luck {
	return luck{keyed.Root(seed).With(call.Uint64()), calm}
}

func (c *luck) draw(what uint64) keyed.Key { return c.key.With(what) }

func (c *luck) tie(what uint64) uint64 { return c.draw(what).Uint64() }

func (c *luck) chance(what uint64, ppm int64) bool { return c.draw(what).Chance(ppm) }

// mishap is a chance that a calm run does not take.
func (c *luck) mishap(what uint64, ppm int64) bool {
	return c.calm < sim.NoMishaps && c.chance(what, ppm)
}

// below draws a whole number of milliseconds in [0, n).
func (c *luck) below(what, n uint64) time.Duration {
	return time.Duration(c.draw(what).Below(n)) * time.Millisecond
}

// shortDelay is the delay of a request on an unreliable network (rule 6).
func (c *luck) shortDelay() time.Duration {
	if c.calm >= sim.FixedLatency {
		return SHORTDELAY / 2 * time.Millisecond
	}
	return c.below(drawShortDelay, SHORTDELAY)
}

// failDelay is how long a call takes that reaches nobody (rule 5).
func (c *luck) failDelay(long bool) time.Duration {
	if long {
		return c.below(drawFailDelay, LONGDELAY)
	}
	return c.below(drawFailDelay, nowhere)
}

// reorderDelay is the delay of a reply with LongReordering (rule 12).
func (c *luck) reorderDelay() time.Duration {
	if !c.mishap(drawReordered, reorderPPM) {
		return 0
	}
	// 0 to 1999. The rule was once read as 1 to 2000: with 2000 in the place of 0 nearly
	// all seeds mean what they did.
	most := (1 + c.draw(drawReorderMax).Below(2000)) % 2000
	return 200*time.Millisecond + c.below(drawReorderBy, most+1)
}
