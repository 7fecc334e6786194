//go:build unix || windows

package net

import (
	"syscall"
	"time"
	_ "unsafe" // for go:linkname
)

// Links: what is sent between two ends of a network goes over a link, to which faults may
// happen (internal/overlay/leaf/link says which). An end is a node; or, where there are no
// nodes, the test that dials, by the name of its function, and each listener, by its
// address and as "listener 1" in the order in which they began to listen. What stays within
// a node, and Unix sockets, have no links.

// These are in package runtime.

//go:linkname samerunTestName
func samerunTestName() string

//go:linkname samerunSinceBegin
func samerunSinceBegin() int64

// samerunWay is the way on which one side of a connection sends.
//
// Invariants: link is nil for what has no link. blocked says that what this side sends is
// not acknowledged; dies is then when it gives up, zero for never, and else zero, unless it
// has given up.
type samerunWay struct {
	link    *samerunLink
	piece   samerunLinkPiece // the last that was sent
	opened  time.Time
	gone    bool // the connection is half open
	blocked bool
	waits   bool // something was sent that is not acknowledged
	dies    time.Time
}

// nodeEnd is the end that a node is.
func (n *samerunNet) nodeEnd(node uint32) *samerunLinkEnd {
	return n.links.End(int(node), samerunNodeName(node))
}

// dialEnd is the end of who dials on a node, 0 for none, or sends by a socket of its own.
func (n *samerunNet) dialEnd(node uint32) *samerunLinkEnd {
	if node > 0 {
		return n.nodeEnd(node)
	}
	if name := samerunTestName(); name != "" {
		return n.links.End(0, name, samerunMain)
	}
	return n.links.End(0, samerunMain)
}

// listenEnd is the end of who begins to listen at an address on a node, 0 for none.
func (n *samerunNet) listenEnd(node uint32, address string) *samerunLinkEnd {
	if node > 0 {
		return n.nodeEnd(node)
	}
	n.listened++
	return n.links.Listener("listener "+samerunDecimal(n.listened), address)
}

// samerunDecimal is a number in digits.
func samerunDecimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return samerunDecimal(n/10) + string(rune('0'+n%10))
}

// link lets a connection, which s has dialled, go over a link. The caller has the lock.
func (s *samerunSock) link(l *samerunLink, conn uint64) {
	s.peer.way.link, s.peer.way.piece = l.Back(), samerunLinkPiece{Conn: conn, Back: true}
	s.way.link, s.way.piece = l, samerunLinkPiece{Conn: conn}
	now := samerunNow()
	s.way.opened, s.peer.way.opened = now, now
	s.n.conns = append(s.n.conns, s)
	if s.n.links.Rules > 0 {
		s.n.judge(s, now)
	}
}

// unlink forgets a connection of which both sides are closed. The caller has the lock.
func (s *samerunSock) unlink() {
	if s.way.link == nil || s.peer == nil || !s.closed || !s.peer.closed {
		return
	}
	for i, c := range s.n.conns {
		if c == s || c == s.peer {
			last := len(s.n.conns) - 1
			s.n.conns[i] = s.n.conns[last]
			s.n.conns[last] = nil
			s.n.conns = s.n.conns[:last]
			return
		}
	}
}

// arrival is when a piece of a stream arrives that is sent now, whether the connection is
// reset in its place, and whether nothing holds it up. The caller has the lock.
func (s *samerunSock) arrival(size int) (arrives time.Time, reset, ahead bool) {
	delay := samerunDelay()
	w := &s.way
	if w.link == nil {
		return s.out.ArrivalAfter(delay), false, false
	}
	w.link.Piece(&w.piece)
	if w.link.Concerned(&w.piece) {
		w.piece.Size = size
		now := samerunSinceBegin()
		fate := w.link.Stream(&w.piece, now, delay)
		delay, reset, ahead = fate.Delay, fate.Reset, fate.Ahead
		if cut, clog := s.out.Held(); (cut || clog) && !ahead {
			w.link.HeldUp(&w.piece, now)
		}
	}
	if w.blocked && !w.waits {
		w.waits, w.dies = true, samerunNow().Add(samerunLinkGivesUp)
	}
	return s.out.ArrivalAfter(delay), reset, ahead
}

// delay is how long the end of a stream, a reset, or the message of a dial is on its way.
// The caller has the lock.
func (s *samerunSock) delay() int64 {
	return s.n.delayOf(s.way.link, s.way.piece)
}

// backDelay is how long the answer to a dial is on its way. The caller has the lock.
func (s *samerunSock) backDelay() int64 {
	if s.way.link == nil {
		return samerunDelay()
	}
	return s.n.delayOf(s.way.link.Back(), samerunLinkPiece{Conn: s.way.piece.Conn, Back: true})
}

// delayOf is how long what has no number among the pieces of a connection is on its way over
// a link, nil for none. The caller has the lock.
func (n *samerunNet) delayOf(link *samerunLink, p samerunLinkPiece) int64 {
	delay := samerunDelay()
	if link != nil && n.links.Rules > 0 {
		p.Nth = 0
		delay = link.DialDelay(&p, samerunSinceBegin(), delay)
	}
	return delay
}

// broken is what is wrong with a connection, or 0: each error is told once, to who asks
// first. The caller has the lock.
func (s *samerunSock) broken() (errno syscall.Errno) {
	switch {
	case samerunPast(s.in.Resets):
		return syscall.ECONNRESET
	case samerunPast(s.way.dies):
		return syscall.ETIMEDOUT
	}
	return 0
}

// breaks resets a connection from within the network: both sides see it, after what arrives
// before a moment. The caller has the lock.
func (s *samerunSock) breaks(when time.Time) {
	s.tellBreak(when)
	s.out.ResetNow(when)
	s.in.ResetNow(when)
	s.changed()
	s.peer.changed()
}

// judge looks anew at what holds up a connection, which s has dialled. The caller has the
// lock.
func (n *samerunNet) judge(s *samerunSock, now time.Time) {
	sides := [2]*samerunSock{s, s.peer}
	var held [2]samerunLinkState
	changed := false
	for i, x := range sides {
		p := x.way.piece
		held[i] = x.way.link.State(&p)
		held[i].Cut = held[i].Cut || x.way.gone || n.isOff(x.peer.host)
		cut, clog := x.out.Held()
		changed = changed || cut != held[i].Cut || clog != (held[i].Clog || held[i].Stall)
	}
	if !changed {
		return
	}
	blocked := held[0].Cut || held[0].Clog || held[1].Cut || held[1].Clog
	if !blocked {
		for _, x := range sides {
			if samerunPast(x.way.dies) { // too late
				x.out.Lose()
				x.in.Deafen()
				x.out.Unheard = true
			}
		}
	}
	again := func(sent time.Time) time.Time {
		at := samerunLinkNextTry(sent.UnixNano(), now.UnixNano(), false)
		return now.Add(time.Duration(at-now.UnixNano()) + samerunLatencyOfLink)
	}
	for i, x := range sides {
		if held[i].Held() {
			for range x.out.Flying(now) {
				x.way.link.HeldUp(&x.way.piece, samerunSinceBegin())
			}
		}
		if answer := x.out.Hold(held[i].Cut, held[i].Clog || held[i].Stall, now, again); !answer.IsZero() {
			defer x.peer.reset(answer.Add(samerunLatencyOfLink))
		}
		x.retell()
		if held[i].Cut && x.host.gone {
			x.out.Lose() // nobody sends it again
		}
	}
	for i, x := range sides {
		back := held[1-i]
		x.out.Mute(back.Cut || back.Clog, again(now))
		switch w := &x.way; {
		case blocked && !w.blocked:
			w.dies = x.givesUp(now)
		case !blocked && w.blocked && !samerunPast(w.dies):
			w.dies, w.waits = time.Time{}, false
		}
		x.way.blocked = blocked
	}
	for _, x := range sides {
		if y := x.peer; !blocked && x.out.Unheard && !samerunPast(y.way.dies) && !y.closed {
			// The next probe of the other side is answered by a reset.
			if k, on := y.probes(); on {
				x.out.Unheard = false
				x.reset(time.Unix(0, k.Next(y.heard(now).UnixNano(), now.UnixNano())).Add(2 * samerunLatencyOfLink))
			}
		}
		x.changed()
	}
}

// samerunLatencyOfLink is how long what TCP sends by itself is on its way.
const samerunLatencyOfLink = 50 * time.Microsecond

// heard is when this side has heard the other last. The caller has the lock.
func (s *samerunSock) heard(now time.Time) time.Time {
	heard := s.way.opened
	if t := s.in.Heard(now); t.After(heard) {
		heard = t
	}
	return heard
}

// givesUp is when this side gives up if it hears nothing from now on; zero for never. The
// caller has the lock.
func (s *samerunSock) givesUp(now time.Time) time.Time {
	if sent, waits := s.out.Unacknowledged(now); waits {
		s.way.waits = true
		return sent.Add(samerunLinkGivesUp)
	}
	s.way.waits = false
	k, on := s.probes()
	if !on {
		return time.Time{}
	}
	return time.Unix(0, k.Dies(s.heard(now).UnixNano(), now.UnixNano()))
}

// probes are the settings of keep-alive, and whether it is on. The caller has the lock.
func (s *samerunSock) probes() (k samerunLinkProbes, on bool) {
	k = samerunLinkProbes{Idle: 15e9, Interval: 15e9, Count: 9}
	get := func(level, name int) (value int, set bool) {
		if s.options != 0 {
			value, err := syscall.GetsockoptInt(samerunHandle(s.options), level, name)
			return value, err == nil
		}
		for _, o := range s.set {
			if o.level == level && o.name == name {
				return o.value, true
			}
		}
		return 0, false
	}
	v, _ := get(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
	on = v != 0
	for i, name := range samerunKeepAlive {
		if v, set := get(syscall.IPPROTO_TCP, name); set && v > 0 {
			*[]*int64{&k.Idle, &k.Interval, &k.Count}[i] = int64(v)
			if i < 2 {
				*[]*int64{&k.Idle, &k.Interval}[i] *= 1e9
			}
		}
	}
	return k, on
}
