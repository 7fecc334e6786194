// Package mailbox is the packets that wait at a port in the network of a test: package
// net gets it from internal/overlay/bundle.
package mailbox

import "time"

// Mailbox is the packets that wait at a port. They arrive in the order in which they
// were sent, as they do within one machine; those for which there is no room are lost.
// The zero Mailbox is empty. A is an address. It has no lock of its own.
type Mailbox[A any] struct {
	packets []mailPacket[A]
	size    int       // bytes in packets
	last    time.Time // when the last of them arrives
}

type mailPacket[A any] struct {
	data    []byte
	from    A
	arrives time.Time
}

// How long a packet may be, and how many bytes of packets wait.
const (
	PacketMost = 65507
	mailRoom   = 212992
)

// Put sends a copy of a packet, which is so long on its way, in nanoseconds. It reports
// whether there was room.
func (m *Mailbox[A]) Put(b []byte, from A, delay func() int64) bool {
	if m.size+len(b) > mailRoom {
		return false
	}
	arrives := time.Now().Add(time.Duration(delay()))
	if arrives.Before(m.last) {
		arrives = m.last
	}
	m.last = arrives
	m.packets = append(m.packets, mailPacket[A]{append([]byte(nil), b...), from, arrives})
	m.size += len(b)
	return true
}

// Take takes the first packet, if it has arrived, and copies what fits of it to b; cut
// says that not all does. Else next is when it will arrive, zero if there is none.
func (m *Mailbox[A]) Take(b []byte) (n int, from A, cut, ok bool, next time.Time) {
	if len(m.packets) == 0 {
		return 0, from, false, false, next
	}
	p := m.packets[0]
	if time.Now().Before(p.arrives) {
		return 0, from, false, false, p.arrives
	}
	m.packets[0] = mailPacket[A]{}
	m.packets = m.packets[1:]
	m.size -= len(p.data)
	n = copy(b, p.data)
	return n, p.from, n < len(p.data), true, next
}
