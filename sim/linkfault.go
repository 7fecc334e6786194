package sim

import (
	"fmt"
	"math/bits"
	"time"

	"samerun/sim/fault"
)

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
			if x.f.Conn == 0 && x.concerns(l.from, l.to) {
				l.found = append(l.found, x)
			}
		}
	}
	return l.found
}

// suffer lets the faults in force decide about a message that is being sent:
// first what loses it, then the rule, then what delays and doubles it, so that
// the order of the schedule does not matter. (Of several latencies the last
// counts.) Each decides by itself; only the consequence depends on the others.
func (l *Link) suffer(m *Message, p *passage) {
	rules := l.rules()
	for _, x := range rules {
		if x.f.Kind == fault.Deliver && x.applies(m) {
			p.forced, p.fate = true, Delivered
			x.hit(m)
		}
	}
	var latency *liveFault
	for _, x := range rules {
		if !x.applies(m) {
			continue
		}
		if x.f.Kind == fault.Latency {
			latency = x
			continue
		}
		if fate := x.loses(m, p); fate != Delivered && p.fate == Delivered && !p.forced {
			p.fate = fate
			x.hit(m)
		}
	}
	if f := l.w.rule; f != nil {
		if v := f(m); !p.forced {
			l.obey(v, p)
		}
	}
	if p.fate != Delivered {
		return
	}
	for _, x := range rules {
		if x.applies(m) {
			x.changes(m, p)
		}
	}
	if x := latency; x != nil {
		p.latency = x.delay(m, "latency", x.roll(m, drawAmount))
		for i := range p.copies {
			if c := &p.copies[i]; !c.replay {
				k := x.key.With(c.tie.Uint64())
				c.latency = x.delay(m, fmt.Sprintf("latency of copy %x", c.tie.Uint64()), k)
			}
		}
		x.hit(m)
	}
}

// loses is what the fault does to a message that nothing else loses: Delivered
// if it lets it pass. It does not look at what others do.
func (x *liveFault) loses(m *Message, p *passage) Fate {
	switch x.f.Kind {
	case fault.Loss:
		if x.chance(m) {
			return Lost
		}
	case fault.Drop:
		return Lost
	case fault.Bandwidth:
		// What is lost further on takes its time on the wire all the same.
		wait, ok := x.transmit(m)
		if !ok {
			return Lost
		}
		p.late = plus(p.late, wait)
	case fault.Cut, fault.OneWay, fault.Partition, fault.Isolate, fault.Split, fault.Ring, fault.Bridge, fault.Flapping:
		return Cut
	}
	return Delivered
}

// changes is what the fault does to a message that arrives.
func (x *liveFault) changes(m *Message, p *passage) {
	f := x.f
	switch f.Kind {
	case fault.Bandwidth:
		if !p.forced {
			x.hit(m)
		}
	case fault.Reorder, fault.Hold:
		if !p.forced && (f.Kind == fault.Hold || x.chance(m)) {
			p.late = plus(p.late, x.delay(m, "late", x.roll(m, drawAmount)))
			p.reordered = true
			x.hit(m)
		}
	case fault.Duplicate, fault.Twice:
		if f.Kind == fault.Twice || x.chance(m) {
			k := x.roll(m, drawCopy)
			p.copies = append(p.copies, copied{latency: within(m.link.latency(), k), tie: k})
			x.hit(m)
		}
	case fault.Replay:
		if x.chance(m) {
			k := x.roll(m, drawCopyDelay)
			p.copies = append(p.copies, copied{latency: x.delay(m, "again after", k), replay: true, tie: k})
			x.hit(m)
		}
	}
}

// pipe is a link of bounded bandwidth: when it will have sent what it was given,
// and when each of the messages that have yet to be sent whole will be.
type pipe struct {
	free time.Duration
	ends []time.Duration
}

// transmit lets a message wait for its turn, and says for how long. It answers
// false if too many wait.
func (x *liveFault) transmit(m *Message) (wait time.Duration, ok bool) {
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
		return 0, false
	}
	q.free = plus(max(q.free, now), perByte(m.Size, x.f.Bytes))
	if q.free > now {
		q.ends = append(q.ends, q.free)
	}
	return q.free - now, true
}

// perByte is how long size bytes take at a rate of bytes per second.
func perByte(size int, rate int64) time.Duration {
	hi, lo := bits.Mul64(uint64(size), uint64(time.Second))
	if hi >= uint64(rate) {
		return longest
	}
	q, _ := bits.Div64(hi, lo, uint64(rate))
	return time.Duration(min(q, uint64(longest)))
}

// stopped says whether a message that has reached the far end of its link is cut
// off there, or held, by a fault in force.
func (l *Link) stopped(m *Message) (cut, held *liveFault) {
	for _, x := range l.rules() {
		switch x.f.Kind {
		case fault.Clog, fault.Swizzle:
			if held == nil && x.applies(m) {
				held = x
			}
		case fault.Cut, fault.OneWay, fault.Partition, fault.Isolate, fault.Split, fault.Ring, fault.Bridge, fault.Flapping:
			if cut == nil && x.applies(m) {
				cut = x
			}
		}
	}
	return cut, held
}

// release lets what the fault held go on, as far as it does not hold it still.
func (x *liveFault) release() {
	held := x.held
	x.held = nil
	for _, ev := range held {
		if l := messageOf(ev).link; x.on && x.clogged != nil && x.clogged(l.from, l.to) {
			x.held = append(x.held, ev)
		} else {
			x.in.w.again(ev)
		}
	}
}
