// Package mailbox is the packets that wait at a port in the network of a test: package
// net gets it from internal/overlay/bundle.
package mailbox

import (
	"time"

	"samerun/internal/overlay/leaf/instant"
	"samerun/internal/overlay/leaf/queue"
)

// Mailbox is the packets that wait at a port. They arrive in the order in which they
// were sent, as they do within one machine; those for which there is no room are lost.
// The zero Mailbox is empty. H is what is known of a packet besides its data. It has no
// lock of its own.
type Mailbox[H any] struct {
	Room int // how many bytes of packets wait at most; 0 means the usual number

	packets queue.Queue[mailPacket[H]] // by when they arrive
	held    []mailPacket[H]            // that have come to the far end of a link that is clogged
	stock   queue.Stock
	size    int       // bytes in packets that nobody has taken
	last    time.Time // when the last of them arrives that keep their order
	put     time.Time // when the one arrives that was put in last
}

// mailPacket is a packet, or several of one length that were sent together.
type mailPacket[H any] struct {
	data    []byte
	taken   int // how many bytes of data were taken
	segment int // the length of each packet in data but the last; 0 if there is one only
	header  H
	arrives time.Time
	judged  bool // Judge has let it pass
}

// How long a packet may be, and how many bytes of packets usually wait.
const (
	PacketMost = 65507
	mailRoom   = 212992
)

// Len is how many packets wait; those that were sent together are one.
func (m *Mailbox[H]) Len() int { return m.packets.Len() }

// Put sends a copy of a packet, which is so long on its way, in nanoseconds. If segment
// is not 0, it is several packets: each has so many bytes, the last one the rest. Put
// reports whether there was room.
func (m *Mailbox[H]) Put(b []byte, segment int, header H, delay func() int64) bool {
	return m.room(len(b)) && m.PutAfter(b, segment, header, delay(), false)
}

func (m *Mailbox[H]) room(n int) bool {
	room := m.Room
	if room == 0 {
		room = mailRoom
	}
	return m.size+n <= room
}

// PutAfter is Put for a time that is known. A packet that goes apart keeps no order: it
// overtakes others, and they overtake it.
func (m *Mailbox[H]) PutAfter(b []byte, segment int, header H, delay int64, apart bool) bool {
	if !m.room(len(b)) {
		return false
	}
	arrives := instant.Now().Add(time.Duration(delay))
	if !apart {
		if arrives.Before(m.last) {
			arrives = m.last
		}
		m.last = arrives
	}
	m.put = arrives
	if segment >= len(b) {
		segment = 0
	}
	m.insert(mailPacket[H]{m.stock.Copy(b), 0, segment, header, arrives, false})
	m.size += len(b)
	return true
}

// Latest is when the packet arrives that was put in last.
func (m *Mailbox[H]) Latest() time.Time { return m.put }

// Flying calls f for each packet on which Judge has not decided, with when it comes to the far end of its
// link, or came there.
func (m *Mailbox[H]) Flying(f func(h H, arrives time.Time)) {
	for i := range m.packets.Len() {
		if p := m.packets.At(i); !p.judged {
			f(p.header, p.arrives)
		}
	}
}

// insert puts a packet behind those that arrive no later, and behind one of which a part was
// taken.
func (m *Mailbox[H]) insert(p mailPacket[H]) {
	m.packets.Push(p)
	for i := m.packets.Len() - 1; i > 0; i-- {
		a, b := m.packets.At(i-1), m.packets.At(i)
		if a.taken > 0 || !b.arrives.Before(a.arrives) {
			return
		}
		*a, *b = *b, *a
	}
}

// MailVerdict is what becomes of a packet that has come to the far end of its link.
type MailVerdict int

// The verdicts.
const (
	MailPasses MailVerdict = iota
	MailWaits
	MailLost
)

// Judge decides about those packets that have come to the far end of their links before a
// moment, or, if now is true, at it: each is judged once, but those that wait are judged
// again. It reports whether any that has waited passes: it arrives at that moment.
func (m *Mailbox[H]) Judge(at time.Time, now bool, verdict func(h H, again bool) MailVerdict) (news bool) {
	left := m.held[:0]
	for _, p := range m.held {
		switch verdict(p.header, true) {
		case MailPasses:
			p.arrives, p.judged, news = at, true, true
			m.insert(p)
		case MailLost:
			m.lose(p)
		default:
			left = append(left, p)
		}
	}
	clear(m.held[len(left):])
	m.held = left
	for n := m.packets.Len(); n > 0; n-- {
		p := m.packets.Pop()
		if !p.judged && (p.arrives.Before(at) || now && !p.arrives.After(at)) {
			switch verdict(p.header, false) {
			case MailWaits:
				m.held = append(m.held, p)
				continue
			case MailLost:
				m.lose(p)
				continue
			}
			p.judged = true
		}
		m.packets.Push(p)
	}
	return news
}

// lose throws a packet away.
func (m *Mailbox[H]) lose(p mailPacket[H]) {
	m.size -= len(p.data) - p.taken
	m.stock.Keep(p.data)
}

// First returns the first packet, if it has arrived; its data is m's own until Drop. Those
// that were sent together are one, if together is true: segment is then as in Put, and 0
// for one packet. If there is no packet, next is when one will arrive, zero if none will.
func (m *Mailbox[H]) First(together bool) (data []byte, segment int, header H, ok bool, next time.Time) {
	if m.packets.Len() == 0 {
		return nil, 0, header, false, next
	}
	p := m.packets.At(0)
	if instant.Now().Before(p.arrives) {
		return nil, 0, header, false, p.arrives
	}
	data, segment = p.data[p.taken:], p.segment
	if segment > 0 && !together {
		data = data[:min(segment, len(data))]
	}
	if segment >= len(data) {
		segment = 0
	}
	return data, segment, p.header, true, next
}

// Drop takes what First has returned.
func (m *Mailbox[H]) Drop(data []byte) {
	p := m.packets.At(0)
	p.taken += len(data)
	m.size -= len(data)
	if p.taken == len(p.data) {
		m.stock.Keep(m.packets.Pop().data)
	}
}

// News is when the first packet arrives that had not arrived at a moment; zero if there
// is none.
func (m *Mailbox[H]) News(since time.Time) (next time.Time) {
	for i := range m.packets.Len() {
		if p := m.packets.At(i); p.arrives.After(since) {
			return p.arrives
		}
	}
	return next
}
