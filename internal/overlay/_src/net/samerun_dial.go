//go:build unix || windows

package net

import (
	"context"
	"os"
	"slices"
	"syscall"
	"time"
)

// samerunBacklog is how many connections may wait to be accepted.
const samerunBacklog = 4096

// samerunUnanswered says that a try of a dial has met nobody: it is tried again.
type samerunUnanswered struct{ error }

// samerunListener finds who listens on a host, or says why nobody does.
type samerunListener func(h *samerunHost) (l *samerunSock, missing error)

// connect asks who listens on the host of a node for a connection, which takes a message each
// way. If a fault keeps one of them from arriving, or the node is off, the first is sent
// again, after a second, two, four and so on, as Linux does, for 127 seconds. The caller has
// the lock.
func (s *samerunSock) connect(ctx context.Context, to uint32, listener samerunListener) error {
	began := samerunNow()
	gives := began.Add(samerunLinkDialGivesUp)
	if _, ok := s.raddr.(*TCPAddr); ok {
		var l *samerunSock
		if h := s.n.host(to); h != nil {
			l, _ = listener(h)
		}
		s.dialled(to, l)
	}
	for try := uint64(0); ; try++ {
		err := s.knock(ctx, try, to, listener, gives)
		s.tellDial(to, err)
		if _, again := err.(samerunUnanswered); !again {
			return err
		}
		now := samerunNow()
		next := now.Add(time.Duration(samerunLinkNextTry(began.UnixNano(), now.UnixNano()+1, true) - now.UnixNano()))
		if !next.Before(gives) {
			next = gives
		}
		if _, err := s.pause(ctx, next, false); err != nil {
			return s.giveUp(err)
		}
		if next.Equal(gives) {
			return s.giveUp(os.NewSyscallError("connect", syscall.ETIMEDOUT))
		}
	}
}

// dialled counts the dial on its link, as soon as that is known: by the node, or else by who
// listens, l or nil.
func (s *samerunSock) dialled(to uint32, l *samerunSock) {
	if s.way.link != nil {
		return
	}
	var end *samerunLinkEnd
	switch {
	case to != 0:
		end = s.n.nodeEnd(to)
	case l != nil:
		end = l.end
	}
	if end == nil {
		return
	}
	if link := s.n.links.Link(s.n.dialEnd(s.host.node), end); link != nil {
		s.way.link, s.way.piece = link, samerunLinkPiece{Conn: link.Dial()}
	}
}

// knock is one try to connect.
func (s *samerunSock) knock(ctx context.Context, try uint64, to uint32, listener samerunListener, gives time.Time) error {
	if err := s.travel(ctx, s.delay()); err != nil {
		return s.giveUp(err)
	}
	faults := s.way.link != nil && s.n.links.Rules > 0
	if faults {
		if err := s.passes(ctx, s.way.link, samerunLinkPiece{Conn: s.way.piece.Conn}, gives); err != nil {
			return err
		}
	}
	if s.peer != nil && s.peer.host.gone {
		s.unmeet()
	}
	h := s.n.host(to)
	if h == nil { // it is off
		return samerunUnanswered{}
	}
	l, missing := listener(h)
	if l != nil && l.sotype != s.sotype {
		l, missing = nil, syscall.EPROTOTYPE
	}
	if l != nil {
		if _, ok := s.raddr.(*TCPAddr); ok {
			s.dialled(to, l)
			faults = s.way.link != nil && s.n.links.Rules > 0
		}
	}
	if faults && l != nil && s.peer == nil {
		p := samerunLinkPiece{Conn: s.way.piece.Conn}
		switch s.way.link.Dials(&p, samerunSinceBegin(), try, len(l.pending)) {
		case samerunLinkDialRefused:
			l, missing = nil, syscall.ECONNREFUSED
		case samerunLinkDialIgnored:
			return samerunUnanswered{}
		}
		back := samerunLinkPiece{Conn: s.way.piece.Conn, Back: true}
		if link := s.way.link.Back(); link.State(&back).Cut {
			link.HeldUp(&back, samerunSinceBegin())
			return samerunUnanswered{} // the answer is lost, so that nothing comes of it
		}
	}
	if s.peer == nil && (l == nil || len(l.pending) >= samerunBacklog) {
		if err := s.travel(ctx, s.backDelay()); err != nil {
			return s.giveUp(err)
		}
		return os.NewSyscallError("connect", missing)
	}
	if s.peer == nil {
		s.meet(l)
	}
	if err := s.travel(ctx, s.backDelay()); err != nil {
		return s.giveUp(err)
	}
	if faults {
		return s.passes(ctx, s.way.link.Back(), samerunLinkPiece{Conn: s.way.piece.Conn, Back: true}, gives)
	}
	return nil
}

// meet makes the two sides of a connection with who listens.
func (s *samerunSock) meet(l *samerunSock) {
	peer := &samerunSock{n: s.n, host: l.host, network: l.network, family: l.family, sotype: l.sotype, laddr: s.raddr, raddr: s.laddr}
	if _, ok := l.laddr.(*UnixAddr); ok {
		peer.laddr, s.raddr = l.laddr, l.laddr
	}
	s.peer, peer.peer = peer, s
	packets := s.sotype == syscall.SOCK_SEQPACKET
	s.out, s.in = &samerunPipe{Packets: packets}, &samerunPipe{Packets: packets}
	peer.in, peer.out = s.out, s.in
	if s.way.link != nil {
		s.link(s.way.link, s.way.piece.Conn)
	}
	l.host.join(peer)
	l.pending = append(l.pending, peer.netFD())
	l.changed()
}

// unmeet forgets the other side, which has crashed before this one has heard of it.
func (s *samerunSock) unmeet() {
	s.n.conns = slices.DeleteFunc(s.n.conns, func(c *samerunSock) bool { return c == s })
	s.way = samerunWay{link: s.way.link, piece: samerunLinkPiece{Conn: s.way.piece.Conn}}
	s.peer, s.in, s.out = nil, nil, nil
}

// giveUp ends a dial that has come to nothing. If the other side has heard of it, that
// gets to know.
func (s *samerunSock) giveUp(err error) error {
	if s.peer != nil {
		s.closed = true
		s.hangUp(true)
	}
	return err
}

// passes waits while a message of a dial is held up by a clog, and reports whether a cut
// has lost it.
func (s *samerunSock) passes(ctx context.Context, link *samerunLink, p samerunLinkPiece, gives time.Time) error {
	for counted := false; ; counted = true {
		held := link.State(&p)
		if held.Cut || held.Clog {
			if !counted {
				link.HeldUp(&p, samerunSinceBegin())
				s.tellHeldDial(link, held.Clog)
			}
		}
		switch {
		case held.Clog:
		case held.Cut:
			return samerunUnanswered{}
		default:
			return nil
		}
		if over, err := s.pause(ctx, gives, true); err != nil {
			return s.giveUp(err)
		} else if over {
			return samerunUnanswered{}
		}
	}
}

// pause waits until a moment, or until something has changed on the links, if it may be
// woken; over says that the moment has come.
func (s *samerunSock) pause(ctx context.Context, until time.Time, woken bool) (over bool, err error) {
	wake := make(chan struct{}, 1)
	if woken {
		s.n.dials = append(s.n.dials, wake)
	}
	s.n.mu.Unlock()
	t := samerunNewTimer(samerunUntil(until))
	defer t.Stop()
	defer func() {
		s.n.mu.Lock()
		s.n.dials = slices.DeleteFunc(s.n.dials, func(other chan struct{}) bool { return other == wake })
	}()
	select {
	case <-t.C:
		return true, nil
	case <-wake:
		return false, nil
	case <-ctx.Done():
		return false, mapErr(ctx.Err())
	}
}

// travel waits as long as a message is on its way, in nanoseconds, without the lock. The error says
// that the context has ended.
func (s *samerunSock) travel(ctx context.Context, delay int64) error {
	s.n.mu.Unlock()
	defer s.n.mu.Lock()
	if delay == 0 {
		return nil
	}
	t := samerunNewTimer(time.Duration(delay))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return mapErr(ctx.Err())
	}
}
