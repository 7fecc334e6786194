package sim

import (
	"fmt"
	"slices"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
)

// Verdict is what a rule says of a message. The zero value lets it pass.
type Verdict struct {
	Drop  bool
	Delay time.Duration // on top of its latency
}

// Rule lets f look at every message when it is sent, faults decided, and pass,
// delay or drop it; nil takes the rule away. f runs in the middle of sending: it
// must not block, nor call into the world other than to look. It sees messages
// on their way to be lost too, and may not save them; one that a fault of kind
// deliver has picked arrives whatever the rule says.
func (w *World) Rule(f func(m *Message) Verdict) {
	if w.over("World.Rule") {
		return
	}
	if f != nil {
		w.fault.asked(faultRule)
	}
	w.rule = f
}

// obey does what a rule says.
func (l *Link) obey(v Verdict, p *passage) {
	switch {
	case v.Delay < 0:
		l.w.fail(fmt.Errorf("a World.Rule delayed a message on %v by %v; a delay cannot be negative", l, v.Delay))
	case p.fate != Delivered:
	case v.Drop:
		p.fate = Lost
		l.w.fault.fired(faultRule)
	case v.Delay > 0:
		p.late = plus(p.late, v.Delay)
		l.w.fault.fired(faultRule)
	}
}

// The methods below pick one message in flight by hand; Link.InFlight finds it.
// They say whether the message was still on its way, and are called from tasks.
// Of a duplicated message they move the first copy.

// Deliver lets the message arrive now, whatever cuts or clogs its link.
func (m *Message) Deliver() bool {
	if !m.take("Message.Deliver") {
		return false
	}
	m.forced, m.fate = true, Delivered
	m.event = m.link.w.s.Clock().After(0, m.draw(drawReleaseTie).Uint64(), (*firstCopy)(m))
	return true
}

// Drop lets the message be lost now.
func (m *Message) Drop() bool {
	if !m.take("Message.Drop") {
		return false
	}
	m.fate = Lost
	m.event = m.link.w.s.Clock().After(0, m.draw(drawReleaseTie).Uint64(), (*firstCopy)(m))
	return true
}

// Hold stops the message until Deliver or Drop.
func (m *Message) Hold() bool {
	if !m.take("Message.Hold") {
		return false
	}
	m.byHand = true
	w := m.link.w
	w.count.Held++
	w.record(Record{What: Held, Node: m.link.from, Peer: m.link.to, Msg: m})
	return true
}

// Duplicate lets a copy of the message arrive after a latency of its own. Of a
// message that its sender or the link has lost already there is no copy.
func (m *Message) Duplicate() bool {
	if m.Copies == 0 || m.link == nil || m.fate != Delivered || m.link.w.over("Message.Duplicate") {
		return false
	}
	w := m.link.w
	m.extra++
	m.addCopy(within(m.link.latency(), m.draw(drawCopyLatency).With(m.extra)), m.draw(drawCopyTie).With(1000+m.extra))
	w.count.Duplicated++
	return true
}

// take stops the first copy where it is: on its way, held by a clog, or in hand.
func (m *Message) take(op string) bool {
	if m.Copies == 0 || m.link == nil || m.link.w.over(op) {
		return false
	}
	w := m.link.w
	found := w.s.Clock().Cancel(m.event) || m.byHand || unhold(&m.link.held, m)
	if !found && w.inj != nil {
		for _, x := range w.inj.live {
			found = found || unhold(&x.held, m)
		}
	}
	m.byHand = false
	return found
}

func unhold(held *[]clock.Event, m *Message) bool {
	i := slices.Index(*held, clock.Event((*firstCopy)(m)))
	if i < 0 {
		return false
	}
	*held = slices.Delete(*held, i, i+1)
	return true
}

// Buggify says whether something unlikely shall happen at this point of the
// program under test: a small buffer, an early time-out, a step left out. A name
// is switched on in a quarter of the seeds, and then fires one time in four,
// drawn for the name, the calling node and how often it asked. At seed 0 the
// answer is no. (FoundationDB's BUGGIFY.)
func (w *World) Buggify(name string) bool {
	node := w.here("World.Buggify")
	p := w.property("buggify", name)
	p.Checked++
	k := w.chance().With(uint64(keyed.Ident("buggify").Str(name)))
	if !k.Chance(keyed.Million / 4) {
		return false
	}
	if node.buggified == nil {
		node.buggified = map[string]uint64{}
	}
	node.buggified[name]++
	if !k.With(node.id.Uint64()).With(uint64(node.boots)).With(node.buggified[name]).Chance(keyed.Million / 4) {
		return false
	}
	p.Met++
	w.fault.fired(faultBuggify)
	return true
}
