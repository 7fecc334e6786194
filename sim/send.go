package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim/fault"
)

// What is drawn for a message, each from a key of its own.
const (
	drawLoss = iota + 1
	drawLatency
	drawDuplicate
	drawReorder
	drawLate
	drawTie
	drawCopyLatency
	drawCopyTie
	drawReleaseTie
	drawHandledTie
)

// draw is the key of one decision about the message.
func (m *Message) draw(what uint64) keyed.Key {
	return m.base.With(what)
}

// drawCalmly is draw for a latency: the calm key, which gives the middle, if
// latencies are not left to chance.
func (m *Message) drawCalmly(what uint64) keyed.Key {
	if m.link.w.cfg.Calm >= FixedLatency {
		return 0
	}
	return m.draw(what)
}

// Send puts a message in flight, whoever calls and whether or not the sending
// node is up. delay is added to the latency of the link. r is told the message's
// fate; if that is certain at once (the message is lost, or the link cut) it is
// told by an event at this instant plus delay, not during the call.
func (l *Link) Send(m *Message, delay time.Duration, r Receiver) {
	w := l.w
	if w.overFor("Link.Send") {
		return
	}
	l.touch(sched.ToWrite)
	if err := l.checkSend(m, delay, r); err != nil {
		w.fail(fmt.Errorf("Link.Send(%v): %w", l, err))
		return
	}
	l.number(m)
	m.link, m.to, m.sent, m.Copies = l, r, w.Elapsed(), 1
	m.late, m.fate, m.forced, m.byHand, m.extra = false, Delivered, false, false, 0
	key := m.Key
	if key == 0 {
		dir := uint64(0)
		if m.Reply {
			dir = 1
		}
		key = l.id.With(w.kinds.keys[m.Kind].Uint64()).With(dir).With(m.Nth).Uint64()
	}
	m.base = w.chance().With(key)
	l.push(m)
	w.count.Sent++
	w.count.InFlight++
	p := l.decide(m)
	if w.inj != nil || w.rule != nil {
		l.suffer(m, &p)
	}
	m.fate, m.forced = p.fate, p.forced
	at := delay
	switch {
	case p.forced:
		at = 0
	case p.fate == Delivered:
		at = plus(plus(delay, p.latency), p.late)
		if m.late = p.reordered; m.late {
			w.count.Reordered++
		}
	default:
		p.copies = nil
	}
	// A message that is twice on its way shows it, whoever decided so.
	m.Copies += len(p.copies)
	m.Cause = w.record(Record{What: Sent, Node: l.from, Peer: l.to, Msg: m})
	m.Copies = 1
	for _, c := range p.copies {
		w.count.Duplicated++
		if c.replay {
			m.addCopy(plus(at, c.latency), c.tie)
		} else {
			m.addCopy(plus(delay, c.latency), c.tie)
		}
	}
	m.event = w.s.Clock().After(at, m.draw(drawTie).Uint64(), (*firstCopy)(m))
}

// passage is what happens to a message on its way, while that is being decided.
type passage struct {
	fate      Fate
	latency   time.Duration
	late      time.Duration // what comes on top of the latency
	reordered bool          // on purpose
	forced    bool          // it arrives at once
	copies    []copied
}

// copied is a further copy of a message.
type copied struct {
	latency time.Duration // after the sending or, of a replay, after the message
	replay  bool
	tie     keyed.Key // its identity, and its place among what arrives at one instant
}

// decide lets the link's own settings decide about a message: its latency, and
// what chance does to it.
func (l *Link) decide(m *Message) passage {
	w := l.w
	cfg := l.config()
	p := passage{latency: within(cfg.Latency, m.drawCalmly(drawLatency))}
	if m.Late > 0 {
		l.mishap(m, fault.Hold, m.Late)
	}
	switch {
	case m.Lost:
		p.fate = Lost
		l.mishap(m, fault.Drop, 0)
	case l.cut:
		p.fate = Cut
		w.fault.fired(faultCut)
	case w.cfg.Calm >= NoMishaps:
	case m.draw(drawLoss).Chance(cfg.Loss):
		p.fate = Lost
		w.fault.fired(faultLoss)
		l.mishap(m, fault.Drop, 0)
	case m.draw(drawReorder).Chance(cfg.Reorder):
		p.late, p.reordered = within(cfg.Late, m.draw(drawLate)), true
		w.fault.fired(faultReorder)
		l.mishap(m, fault.Hold, p.late)
	}
	if p.fate == Delivered && w.cfg.Calm < NoMishaps && m.draw(drawDuplicate).Chance(cfg.Duplicate) {
		p.copies = append(p.copies, copied{latency: within(cfg.Latency, m.draw(drawCopyLatency)), tie: m.draw(drawCopyTie)})
		w.fault.fired(faultDuplicate)
		l.mishap(m, fault.Twice, 0)
	}
	return p
}

// mishap tells whoever wants to know what chance has done to a message, as the
// element of a schedule that does the same. late is for fault.Hold.
func (l *Link) mishap(m *Message, kind fault.Kind, late time.Duration) {
	tell := l.w.cfg.mishap
	if tell == nil {
		return
	}
	tell(l.pick(m, kind, late))
}

// pick is the element of a schedule that picks a message, as it is being sent.
func (l *Link) pick(m *Message, kind fault.Kind, late time.Duration) fault.Fault {
	f := fault.Fault{Kind: kind, From: []string{l.from.name}, To: []string{l.to.name}, Method: l.w.kinds.names[m.Kind], Dir: fault.Request, Nth: m.Nth, Min: late}
	if m.Reply {
		f.Dir = fault.Reply
	}
	if f.Method == "" {
		f.Nth = l.sentOf("", f.Dir) // a schedule cannot name the nameless kind: it counts all
	}
	return f
}

// addCopy puts a further copy of a message on its way.
func (m *Message) addCopy(after time.Duration, tie keyed.Key) {
	w := m.link.w
	m.Copies++
	w.count.InFlight++
	w.s.Clock().After(after, tie.Uint64(), &duplicate{m})
}

// checkSend says what is wrong with the arguments of Send.
func (l *Link) checkSend(m *Message, delay time.Duration, r Receiver) error {
	switch {
	case m == nil:
		return errNilMessage
	case r == nil:
		return errNilReceiver
	case m.Copies > 0 && m.link != nil:
		return fmt.Errorf("the message is in flight on %v already; use a new one, or wait until its receiver was told its fate and Copies is 0", m.link)
	case int64(m.Kind) >= int64(len(l.w.kinds.names)):
		return fmt.Errorf("the world has no kind %d; World.Kind makes kinds from names", m.Kind)
	case m.Size < 0:
		return fmt.Errorf("the size is %d; it counts bytes and cannot be negative", m.Size)
	case delay < 0:
		return fmt.Errorf("the delay is %v; it is added to the latency and cannot be negative", delay)
	}
	return nil
}

var (
	errNilMessage  = errors.New("there is no message; it needs a *Message")
	errNilReceiver = errors.New("there is no receiver; it needs one that is told of the message's arrival")
)

// plus is a + b for durations that are not negative, up to the end of time.
func plus(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// within draws from a range, and at seed 0 its middle.
func within(r Durations, k keyed.Key) time.Duration {
	return time.Duration(k.Between(int64(r.Min), int64(r.Max)))
}

// arrive is the end of one copy's way, unless something holds it there. ev is
// the copy: a *firstCopy or a *duplicate.
func (l *Link) arrive(m *Message, ev clock.Event, fate Fate, forced bool) {
	w := l.w
	w.s.SetCause(m.Cause)
	if fate == Delivered && !forced {
		switch cut, held := l.stopped(m); {
		case l.clogged:
			w.fault.fired(faultClog)
			l.hold(m, ev, &l.held)
			return
		case held != nil:
			held.fire()
			l.hold(m, ev, &held.held)
			return
		case l.cut:
			fate = Cut
			w.fault.fired(faultCut)
		case cut != nil:
			fate = Cut
			cut.fire()
		}
		if fate == Delivered && l.to.up && len(l.to.slowed) > 0 {
			if d := l.to.handling(m); d > 0 {
				w.s.Clock().After(d, m.draw(drawHandledTie).Uint64(), &handled{m, l.to.boots})
				return
			}
		}
	}
	l.reach(m, fate)
}

// hold keeps a copy at the far end of the link.
func (l *Link) hold(m *Message, ev clock.Event, where *[]clock.Event) {
	*where = append(*where, ev)
	l.w.count.Held++
	l.w.record(Record{What: Held, Node: l.from, Peer: l.to, Msg: m})
}

// again lets a copy that was held come to the far end once more, now.
func (w *World) again(ev clock.Event) {
	m := messageOf(ev)
	id := w.s.Clock().After(0, m.draw(drawReleaseTie).Uint64(), ev)
	if ev == clock.Event((*firstCopy)(m)) {
		m.event = id
	}
}

// reach is what becomes of a copy that nothing holds any more.
func (l *Link) reach(m *Message, fate Fate) {
	w := l.w
	w.s.SetCause(m.Cause)
	if fate == Delivered && !l.to.up {
		fate = NodeDown
	}
	m.Copies--
	w.count.InFlight--
	if m.Copies == 0 {
		l.remove(m)
	}
	switch fate {
	case Delivered:
		w.count.Delivered++
		w.s.SetCause(w.record(Record{What: Arrived, Node: l.from, Peer: l.to, Msg: m}))
		m.to.Deliver(m)
		return
	case Lost:
		w.count.Lost++
	case Cut:
		w.count.Cut++
	case NodeDown:
		w.count.NodeDown++
	}
	w.s.SetCause(w.record(Record{What: Dropped, Node: l.from, Peer: l.to, Msg: m, Fate: fate}))
	m.to.Drop(m, fate)
}

func (l *Link) push(m *Message) {
	m.prev, m.next = l.last, nil
	if l.last != nil {
		l.last.next = m
	} else {
		l.first = m
	}
	l.last = m
}

func (l *Link) remove(m *Message) {
	if m.prev != nil {
		m.prev.next = m.next
	} else {
		l.first = m.next
	}
	if m.next != nil {
		m.next.prev = m.prev
	} else {
		l.last = m.prev
	}
	m.prev, m.next = nil, nil
}
