package link

import (
	"math/bits"

	"samerun/internal/overlay/leaf/mix"
	"samerun/internal/overlay/leaf/rule"
	"samerun/internal/overlay/leaf/shape"
)

// linkBelow is a number in [0, n) that a key decides, and the middle if it is 0.
func linkBelow(key, n uint64) uint64 {
	if key == 0 {
		return n / 2
	}
	hi, _ := bits.Mul64(mix.Mix(key, 0x62656c6f77), n)
	return hi
}

// chance reports whether the rule's chance has it. One that is left out is a certainty.
func (x *LinkRule) chance(l *Link, p *LinkPiece, what uint64) bool {
	switch {
	case x.PPM >= rule.Million || x.PPM == 0:
		return true
	case x.Key == 0:
		return false
	}
	return linkBelow(x.draw(l, p, what), rule.Million) < uint64(x.PPM)
}

// leftToChance reports whether the rule may or may not hit.
func (x *LinkRule) leftToChance() bool { return x.PPM > 0 && x.PPM < rule.Million }

// time is a delay of the rule's, in nanoseconds.
func (x *LinkRule) time(l *Link, p *LinkPiece, what uint64, spread int) int64 {
	return x.timeBy(x.draw(l, p, what), spread)
}

// timeBy is time for a key; 0 is calm.
func (x *LinkRule) timeBy(key uint64, spread int) int64 {
	if x.Max <= x.Min {
		return x.Min
	}
	span := uint64(x.Max - x.Min)
	switch spread {
	case 1:
		return x.Min + int64(linkBelow(key, span+1))
	case 2:
		return x.Min + int64(shape.Exponential(linkBelow(key, 1<<63)<<1, span))
	case 3:
		return x.Min + int64(shape.LongTail(linkBelow(key, 1<<63)<<1, span))
	}
	return x.Min
}

// linkWire is a link of bounded bandwidth: until when it is busy, and when each of those
// that wait will have been sent.
type linkWire struct {
	free int64
	ends []int64
}

// transmit is how long a piece waits until it is sent whole; ok is false if too many wait.
func (x *LinkRule) transmit(l *Link, size int, now int64) (wait int64, ok bool) {
	w := x.wires[l]
	if w == nil {
		if x.wires == nil {
			x.wires = make(map[*Link]*linkWire)
		}
		w = new(linkWire)
		x.wires[l] = w
	}
	for len(w.ends) > 0 && w.ends[0] <= now {
		w.ends = w.ends[1:]
	}
	if x.Queue > 0 && int64(len(w.ends)) > x.Queue {
		return 0, false
	}
	took := int64(linkForEver)
	if hi, lo := bits.Mul64(uint64(size), 1e9); hi < uint64(x.Bytes) {
		q, _ := bits.Div64(hi, lo, uint64(x.Bytes))
		took = int64(min(q, linkForEver))
	}
	w.free = max(w.free, now) + took
	if w.free > now {
		w.ends = append(w.ends, w.free)
	}
	return w.free - now, true
}

// linkForEver is longer than any test, and twice that is a number yet.
const linkForEver = 1 << 60

// How TCP sends again, as Linux does: what is not acknowledged after LinkAgain, then twice
// as long each time, up to LinkAgainMost; a dial after LinkDialAgain, and so on.
const (
	LinkAgain     = 200e6
	LinkAgainMost = 120e9
	LinkDialAgain = 1e9

	// After these times it gives up: a connection with data that is not acknowledged, and a
	// dial (tcp_retries2 is 15, tcp_syn_retries is 6).
	LinkGivesUp     = 924600e6
	LinkDialGivesUp = 127e9
)

// LinkNextTry is when what was first sent at a moment is sent again for the first time at
// or after another. A dial has another pace.
func LinkNextTry(sent, from int64, dial bool) int64 {
	step := int64(LinkAgain)
	if dial {
		step = LinkDialAgain
	}
	for at := sent; ; step = min(2*step, LinkAgainMost) {
		if at += step; at >= from {
			return at
		}
	}
}

// LinkProbes are the settings of keep-alive: Go's own, if they are not set.
type LinkProbes struct {
	Idle, Interval int64
	Count          int64
}

// Dies is when a connection on which nothing arrives any more since a moment, and which
// has heard its peer last at another, is given up.
func (k LinkProbes) Dies(heard, since int64) int64 {
	return k.next(heard, since) + k.Count*k.Interval
}

// next is when the first probe is sent at or after a moment, if the ones before were
// answered.
func (k LinkProbes) next(heard, since int64) int64 {
	n := max(1, (since-heard+k.Idle-1)/k.Idle)
	return heard + n*k.Idle
}

// Next is when the first probe is sent at or after a moment.
func (k LinkProbes) Next(heard, since int64) int64 { return k.next(heard, since) }
