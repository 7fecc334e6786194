package sim

import (
	"math/bits"
	"time"

	"samerun/sim/fault"
)

// passage is what happens to a message on its way, while that is being decided.
type passage struct {
	at     time.Duration // from now to its arrival, or to its being dropped
	fate   Fate
	copies []time.Duration // from now to the arrivals of further copies
}

// rules returns the faults that concern the link now. It looks for them only
// when something has begun or ended since it last did.
func (l *Link) rules() []*liveFault {
	in := l.w.inj
	if in == nil {
		return nil
	}
	if l.seen != in.version {
		l.seen = in.version
		l.found = l.found[:0]
		for _, x := range in.live {
			if x.concerns(l.from, l.to) {
				l.found = append(l.found, x)
			}
		}
	}
	return l.found
}

// suffer lets the faults in force decide about a message that is being sent, in
// the order of the schedule. delay is the sender's own.
func (l *Link) suffer(m *Message, delay time.Duration, p *passage) {
	forced := false
	for _, x := range l.rules() {
		if x.applies(m) {
			forced = x.hit(m, delay, p) || forced
		}
	}
	if f := l.w.rule; f != nil {
		l.obey(f(m), delay, p)
	}
	if forced {
		m.forced = true
		p.fate, p.at = Delivered, 0
	}
}

// hit is the effect of one fault on one message. It answers true if the message
// must arrive at once.
func (x *liveFault) hit(m *Message, delay time.Duration, p *passage) (forced bool) {
	w := x.in.w
	f := x.f
	chance := func() bool { return x.roll(m, drawHit).Chance(f.PPM) }
	lose := func(fate Fate) {
		if p.fate == Delivered {
			p.fate, p.at = fate, delay
			p.copies = nil
			x.fire()
		}
	}
	again := func(after time.Duration) {
		if p.fate == Delivered {
			p.copies = append(p.copies, after)
			x.fire()
		}
	}
	switch f.Kind {
	case fault.Latency:
		if p.fate == Delivered {
			p.at = plus(delay, x.delay(x.roll(m, drawAmount)))
			x.fire()
		}
	case fault.Loss:
		if chance() {
			lose(Lost)
		}
	case fault.Duplicate:
		if chance() {
			again(plus(delay, m.link.latency().draw(x.roll(m, drawCopy))))
		}
	case fault.Replay:
		if chance() {
			again(plus(p.at, x.delay(x.roll(m, drawCopyDelay))))
		}
	case fault.Reorder:
		if chance() && p.fate == Delivered {
			p.at = plus(p.at, x.delay(x.roll(m, drawAmount)))
			m.late = true
			w.count.Reordered++
			x.fire()
		}
	case fault.Bandwidth:
		if p.fate == Delivered && !x.transmit(m, p) {
			lose(Lost)
		}
	case fault.Drop:
		lose(Lost)
	case fault.Hold:
		if p.fate == Delivered {
			p.at = plus(p.at, f.Min)
			m.late = true
			w.count.Reordered++
			x.fire()
		}
	case fault.Twice:
		again(plus(delay, m.link.latency().draw(x.roll(m, drawCopy))))
	case fault.Deliver:
		x.fire()
		return true
	case fault.Clog, fault.Swizzle:
		// It takes effect where the message arrives.
	default: // cut, and the partitions
		lose(Cut)
	}
	return false
}

// pipe is a link of bounded bandwidth: when it will have sent what it was given,
// and how many messages that is.
type pipe struct {
	free time.Duration
	ends []time.Duration // of the messages that have yet to be sent whole
}

// transmit lets a message wait for its turn. It answers false if too many wait.
func (x *liveFault) transmit(m *Message, p *passage) bool {
	if x.busy == nil {
		x.busy = map[*Link]*pipe{}
	}
	q := x.busy[m.link]
	if q == nil {
		q = &pipe{}
		x.busy[m.link] = q
	}
	now := x.in.w.Elapsed()
	for len(q.ends) > 0 && q.ends[0] <= now {
		q.ends = q.ends[1:]
	}
	if x.f.Queue > 0 && len(q.ends) > x.f.Queue {
		return false
	}
	start := max(q.free, now)
	q.free = plus(start, perByte(m.Size, x.f.Bytes))
	q.ends = append(q.ends, q.free)
	p.at = plus(p.at, q.free-now)
	x.fire()
	return true
}

// perByte is how long size bytes take at a rate of bytes per second.
func perByte(size int, rate int64) time.Duration {
	hi, lo := bits.Mul64(uint64(size), uint64(time.Second))
	if hi >= uint64(rate) {
		return longest
	}
	q, _ := bits.Div64(hi, lo, uint64(rate))
	return min(time.Duration(q), longest)
}

// stopped says whether a message that has reached the far end of its link is cut
// off there, or held, by a fault in force.
func (l *Link) stopped(m *Message) (cut, held *liveFault) {
	for _, x := range l.rules() {
		if !x.applies(m) {
			continue
		}
		switch x.f.Kind {
		case fault.Clog, fault.Swizzle:
			if held == nil {
				held = x
			}
		case fault.Cut, fault.OneWay, fault.Partition, fault.Isolate, fault.Split, fault.Ring, fault.Bridge, fault.Flapping:
			if cut == nil {
				cut = x
			}
		}
	}
	return cut, held
}

// release lets what the fault held go on, as far as nothing else holds it.
func (x *liveFault) release() {
	held := x.held
	x.held = nil
	for _, m := range held {
		x.in.w.s.Clock().After(0, m.draw(drawReleaseTie).Uint64(), m)
	}
}
