//go:build unix || windows

package net

import "time"

// Of datagrams is noted what samerun_tell.go notes of streams. A datagram is judged late, when
// somebody looks or a fault begins or ends, by what holds at the moment at which it has come to the far
// end: what was noted before is then corrected.

// tellDatagram notes a datagram that is so long on its way, in nanoseconds, and returns the
// number of the event; 0 if nothing is noted.
func (n *samerunNet) tellDatagram(link *samerunLink, p *samerunLinkPiece, b []byte, delay int64, again, wrong bool) uint64 {
	if n.told == nil {
		return 0
	}
	now := samerunSinceBegin()
	return n.told.Add(n.between(link, samerunTrafficEvent{
		At: now + delay, Sent: now, What: samerunTrafficDatagram, Fate: samerunTrafficArrives,
		Nth: p.Number(), Size: len(b), Copy: again, Wrong: wrong,
	}), b)
}

// tellPut notes that a datagram was put into the mailbox of r, or that there was no room.
func (n *samerunNet) tellPut(number uint64, r *samerunSock, room bool) {
	switch {
	case number == 0:
	case room:
		n.told.Corrects(number, samerunTrafficArrives, samerunToldAt(r.packets.Latest()))
	default:
		n.told.Corrects(number, samerunTrafficNoRoom, 0)
	}
}

// tellUnheard notes a datagram that comes to nobody on a node.
func (s *samerunSock) tellUnheard(node uint32, b []byte, fate samerunTrafficFate) {
	if s.n.told != nil && s.host.node != node {
		now := samerunSinceBegin()
		s.n.told.Add(samerunTrafficEvent{At: now, Sent: now, What: samerunTrafficDatagram, Fate: fate, From: int(s.host.node), To: int(node), Size: len(b)}, b)
	}
}

// tellSifted notes what has become of a datagram at the far end of its link: at a moment, if
// it has waited there.
func (n *samerunNet) tellSifted(h samerunHeader, held samerunLinkState, at time.Time, again bool) {
	fate := samerunTrafficArrives
	switch {
	case h.told == 0:
		return
	case held.Cut && !held.Clog:
		fate = samerunTrafficCut
	case held.Clog:
		fate = samerunTrafficWaits
	}
	if again {
		n.told.Becomes(h.told, fate, samerunToldAt(at), samerunToldAt(at))
	} else if fate != samerunTrafficArrives {
		n.told.Corrects(h.told, fate, 0)
	}
}

// tellUnread notes what has become of datagrams by now at which nobody has looked.
func (n *samerunNet) tellUnread() {
	now := samerunSinceBegin()
	for _, s := range n.boxes {
		s.packets.Flying(func(h samerunHeader, arrives time.Time) {
			if at := samerunToldAt(arrives); h.told != 0 && h.link != nil && at <= now {
				n.tellSifted(h, h.link.State(&samerunLinkPiece{Nth: h.nth}), arrives, false)
			}
		})
	}
}

// tellGone notes that what is on its way to a host finds it down.
func (n *samerunNet) tellGone(h *samerunHost) {
	if n.told == nil {
		return
	}
	now := samerunSinceBegin()
	for _, s := range n.boxes {
		if s.host != h {
			continue
		}
		s.packets.Flying(func(g samerunHeader, arrives time.Time) {
			if samerunToldAt(arrives) >= now {
				n.told.Becomes(g.told, samerunTrafficDown, samerunToldAt(arrives), now)
			}
		})
	}
}
