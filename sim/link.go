package sim

import (
	"fmt"
	"time"

	"samerun/internal/keyed"
)

// Link is the directed link from one node to another; the way back is another
// link. A link exists for every pair of nodes, from the first use.
//
// Invariants: first..last are the messages in flight in the order of sending,
// held those among them that have reached the far end and wait there because
// the link is clogged; counts[2*kind+reply] is how many were sent.
type Link struct {
	w           *World
	from, to    *Node
	id          keyed.Key
	cfg         *LinkConfig // nil: the world's
	cut         bool
	clogged     bool
	counts      []uint64
	held        []*Message
	first, last *Message
	flying      int
}

type linkID struct{ from, to int }

// Link returns the directed link between two nodes.
func (w *World) Link(from, to *Node) *Link {
	id := linkID{from.index, to.index}
	l := w.links[id]
	if l == nil {
		l = &Link{w: w, from: from, to: to, id: keyed.Ident("link").Str(from.name).Str(to.name)}
		w.links[id] = l
	}
	return l
}

// From returns the sending node.
func (l *Link) From() *Node { return l.from }

// To returns the receiving node.
func (l *Link) To() *Node { return l.to }

// String writes "n0 → n1".
func (l *Link) String() string { return l.from.name + " → " + l.to.name }

// Config returns how the link treats messages.
func (l *Link) Config() LinkConfig {
	if l.cfg != nil {
		return *l.cfg
	}
	return l.w.cfg.Link
}

// Set changes how the link treats messages that are sent from now on. Zero
// ranges mean their defaults.
func (l *Link) Set(cfg LinkConfig) {
	if err := cfg.check(); err != nil {
		l.w.fail(fmt.Errorf("Link.Set(%v): %w", l, err))
		return
	}
	l.cfg = &cfg
	l.w.fault.configured(cfg)
}

// SetLinks changes how every link treats messages that are sent from now on,
// except those links that have a setting of their own.
func (w *World) SetLinks(cfg LinkConfig) {
	if err := cfg.check(); err != nil {
		w.fail(fmt.Errorf("World.SetLinks: %w", err))
		return
	}
	w.cfg.Link = cfg
	w.fault.configured(cfg)
}

// Cut breaks the link: what is sent while it is cut is dropped at once, and so
// is what arrives while it is cut. A message in flight over a cut that was
// healed before it arrives survives.
func (l *Link) Cut() {
	l.w.fault.asked(faultCut)
	if !l.cut {
		l.cut = true
		l.w.record(Record{What: LinkCut, Node: l.from, Peer: l.to})
	}
}

// Heal mends a link that was cut.
func (l *Link) Heal() {
	if l.cut {
		l.cut = false
		l.w.record(Record{What: LinkHealed, Node: l.from, Peer: l.to})
	}
}

// Clog stops the link without losing anything: what arrives is held at the far
// end until Release.
func (l *Link) Clog() {
	l.w.fault.asked(faultClog)
	if !l.clogged {
		l.clogged = true
		l.w.record(Record{What: LinkClogged, Node: l.from, Peer: l.to})
	}
}

// Release opens a clogged link: what was held arrives now, in the order in
// which it had come (with a tie-break of its own each, as all events have).
func (l *Link) Release() {
	if !l.clogged {
		return
	}
	l.clogged = false
	l.w.record(Record{What: LinkReleased, Node: l.from, Peer: l.to})
	held := l.held
	l.held = nil
	for _, m := range held {
		l.w.s.Clock().After(0, m.draw(drawReleaseTie).Uint64(), m)
	}
}

// IsCut says whether the link is cut.
func (l *Link) IsCut() bool { return l.cut }

// IsClogged says whether the link is clogged.
func (l *Link) IsClogged() bool { return l.clogged }

// InFlight calls yield with the messages in flight on the link, in the order of
// sending, those held by a clog included. It can be ranged over; the link must
// not be used meanwhile.
func (l *Link) InFlight(yield func(*Message) bool) {
	for m := l.first; m != nil; m = m.next {
		if !yield(m) {
			return
		}
	}
}

// Cut breaks all links between the two sides, both ways. Nodes on neither side
// keep theirs.
func (w *World) Cut(a, b []*Node) { w.between(a, b, (*Link).Cut) }

// Heal mends all links between the two sides, both ways.
func (w *World) Heal(a, b []*Node) { w.between(a, b, (*Link).Heal) }

// HealAll mends every link that is cut and releases every one that is clogged.
func (w *World) HealAll() {
	for _, from := range w.nodes {
		for _, to := range w.nodes {
			if l := w.links[linkID{from.index, to.index}]; l != nil {
				l.Heal()
				l.Release()
			}
		}
	}
}

func (w *World) between(a, b []*Node, do func(*Link)) {
	for _, x := range a {
		for _, y := range b {
			if x != y {
				do(w.Link(x, y))
				do(w.Link(y, x))
			}
		}
	}
}

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
)

// draw is the key of one decision about the message.
func (m *Message) draw(what uint64) keyed.Key {
	return m.base.With(what)
}

// Send puts a message in flight. delay is added to the latency of the link. r
// is told its fate; if that is certain at once (the message is lost, or the link
// cut) it is told by an event at this instant plus delay, not during the call.
func (l *Link) Send(m *Message, delay time.Duration, r Receiver) {
	w := l.w
	if w.s.Over() {
		return
	}
	i := 2 * int(m.Kind)
	if m.Reply {
		i++
	}
	for len(l.counts) <= i {
		l.counts = append(l.counts, 0)
	}
	l.counts[i]++
	m.link, m.to, m.sent, m.Nth, m.Copies = l, r, w.Elapsed(), l.counts[i], 1
	m.late, m.fate, m.copy = false, Delivered, nil
	if m.Key == 0 {
		m.Key = l.id.With(uint64(i)).With(m.Nth)
	}
	m.base = w.key.With(m.Key.Uint64())
	l.push(m)
	w.count.Sent++
	cfg := &w.cfg.Link
	if l.cfg != nil {
		cfg = l.cfg
	}
	at := delay + cfg.Latency.draw(m.draw(drawLatency))
	switch {
	case m.Lost:
		m.fate, at = Lost, delay
	case l.cut:
		m.fate, at = Cut, delay
	case m.draw(drawLoss).Chance(cfg.Loss):
		m.fate, at = Lost, delay
	case m.draw(drawReorder).Chance(cfg.Reorder):
		m.late = true
		at += cfg.Late.draw(m.draw(drawLate))
		w.count.Reordered++
		w.fault.fired(faultReorder)
	}
	m.Cause = w.record(Record{What: Sent, Node: l.from, Peer: l.to, Msg: m})
	if m.fate == Delivered && m.draw(drawDuplicate).Chance(cfg.Duplicate) {
		m.Copies = 2
		m.copy = &duplicate{m}
		w.count.Duplicated++
		w.fault.fired(faultDuplicate)
		w.s.Clock().After(delay+cfg.Latency.draw(m.draw(drawCopyLatency)), m.draw(drawCopyTie).Uint64(), m.copy)
	}
	w.s.Clock().After(at, m.draw(drawTie).Uint64(), m)
}

func (r Range) draw(k keyed.Key) time.Duration {
	return time.Duration(k.Between(int64(r.Min), int64(r.Max)))
}

// arrive is the end of one copy's way.
func (l *Link) arrive(m *Message) {
	w := l.w
	w.s.SetCause(m.Cause)
	switch {
	case m.fate != Delivered:
	case l.clogged:
		l.held = append(l.held, m)
		w.count.Held++
		w.fault.fired(faultClog)
		w.record(Record{What: Held, Node: l.from, Peer: l.to, Msg: m})
		return
	case l.cut:
		m.fate = Cut
	case !l.to.up:
		m.fate = NodeDown
	}
	fate := m.fate
	m.Copies--
	if m.Copies == 0 {
		l.remove(m)
	} else if fate != Lost {
		m.fate = Delivered // the other copy has a fate of its own
	}
	switch fate {
	case Delivered:
		w.count.Delivered++
		w.s.SetCause(w.record(Record{What: Arrived, Node: l.from, Peer: l.to, Msg: m}))
		m.to.Deliver(m)
		return
	case Lost:
		w.count.Lost++
		if !m.Lost {
			w.fault.fired(faultLoss)
		}
	case Cut:
		w.count.Cut++
		w.fault.fired(faultCut)
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
	l.flying++
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
	l.flying--
}
