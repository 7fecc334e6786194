package sim

import (
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
)

// Message is one message in flight on a directed link. Senders embed it in
// their own record, fill the exported fields, and give it to Link.Send; it is
// theirs again when the Receiver has been told its fate and Copies is 0.
//
// Invariants: while Copies > 0 the message is in the link's list of messages in
// flight; base decides everything that chance does to it.
type Message struct {
	Kind  Kind
	Reply bool   // an answer travels back to whoever asked
	Size  int    // bytes, for counts and reports
	Hash  uint64 // of the contents, for the digest
	// Lost says that the sender's own rules lose the message: it is dropped, by an
	// event, when the delay that was given to Send has passed.
	Lost bool
	// Late is how much of the delay that was given to Send is bad luck by the
	// sender's own rules. It decides nothing; the minimiser wants to know.
	Late time.Duration
	// Key is the identity from which chance draws for this message, a hash. 0 means
	// (link, kind, request or reply, n-th), which is right for nearly everybody.
	Key uint64
	// Nth counts the messages of this kind and direction on this link; the first
	// is 1. Send sets it.
	Nth uint64
	// Cause is the number of the trace record of its sending. Send sets it.
	Cause uint64
	// Copies is how many copies are yet to arrive.
	Copies int

	link       *Link
	to         Receiver
	base       keyed.Key // of all that is drawn for it
	sent       time.Duration
	late       bool     // held back by Reorder
	fate       Fate     // of the first copy, decided at sending; Delivered if it will arrive
	forced     bool     // the first copy arrives whatever cuts or clogs the link
	byHand     bool     // taken out by Hold
	extra      uint64   // copies made by hand
	event      clock.ID // the arrival of the first copy
	prev, next *Message
}

// Receiver is told what became of a message. Both methods run as events: they
// must not block, and start a task for what may.
type Receiver interface {
	// Deliver is called when the message arrives at a node that is up; several
	// times, if it was duplicated (m.Copies is 0 at the last arrival).
	Deliver(m *Message)
	// Drop is called when a copy will never arrive, at the moment at which that
	// is certain.
	Drop(m *Message, why Fate)
}

// Fate is what became of a message.
type Fate uint8

// The fates.
const (
	Delivered Fate = iota
	Lost           // by the link's Loss
	Cut            // the link was cut when it was sent, or when it would have arrived
	NodeDown       // the receiving node was down when it arrived
)

// String returns the fate in words.
func (f Fate) String() string {
	return [...]string{"delivered", "lost", "cut", "node down"}[f]
}

// Link returns the link on which the message travels.
func (m *Message) Link() *Link { return m.link }

// firstCopy is the first copy of a message, as an event.
type firstCopy Message

func (c *firstCopy) Fire() {
	m := (*Message)(c)
	m.link.arrive(m, c, m.fate, m.forced)
}

// duplicate is a further copy of a message, as an event. It has a fate of its
// own, decided where it arrives.
type duplicate struct{ m *Message }

// messageOf is the message of which ev is a copy.
func messageOf(ev clock.Event) *Message {
	if d, ok := ev.(*duplicate); ok {
		return d.m
	}
	return (*Message)(ev.(*firstCopy))
}

func (d *duplicate) Fire() { d.m.link.arrive(d.m, d, Delivered, false) }

// handled is a copy whose handling begins after it has waited at a slow node. It
// is lost with the incarnation that it waits for.
type handled struct {
	m    *Message
	boot int
}

func (h *handled) Fire() {
	fate := Delivered
	if h.m.link.to.boots != h.boot {
		fate = NodeDown
	}
	h.m.link.reach(h.m, fate)
}

// MessageCounts counts messages by their fate. Each copy of a duplicated message
// has a fate of its own, so that always
//
//	Sent + Duplicated = Delivered + Lost + Cut + NodeDown + InFlight
type MessageCounts struct {
	Sent       uint64 // given to Send
	Delivered  uint64 // arrivals, second copies included
	Lost       uint64
	Cut        uint64
	NodeDown   uint64
	Duplicated uint64 // sent once, on their way twice
	Reordered  uint64 // held back on purpose
	Held       uint64 // stopped by a clog, released or not
	InFlight   uint64 // copies still on their way when the run ended
}
