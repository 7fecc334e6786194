//go:build unix || windows

package net

import (
	"context"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// openIP is samerunOpen for TCP and UDP.
//
// Whoever listens does so in the test's network, but for groups of many. Who connects
// is in it if the address is one of this machine's, unless a server from before the test
// has the port, or nobody does and a process lives that the program has started: that one
// may have it. Names are looked up outside as ever.
func (s *samerunSock) openIP(ctx context.Context, laddr, raddr sockaddr, options samerunOptions) (fd *netFD, ours bool, err error) {
	udp := s.sotype == syscall.SOCK_DGRAM
	ip, port, zone := samerunOf(laddr)
	local := samerunLong(ip, s.family)
	if raddr == nil {
		if ip.IsMulticast() {
			return nil, false, nil
		}
		if !samerunMine(local) {
			return nil, true, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
		}
		s.listens = !udp
		return s.open(ctx, laddr, options, func() error { return s.n.bind(s, local, port, zone, udp) })
	}

	ip, there, rzone := samerunOf(raddr)
	s.remote = samerunLong(ip, s.family)
	if s.remote.IsUnspecified() {
		s.remote = samerunHome(s.family)
	}
	if !s.reaches(udp, there) {
		return nil, false, nil
	}
	if local.IsUnspecified() {
		local = s.remote
	}
	return s.open(ctx, raddr, options, func() error {
		if err := s.n.bind(s, local, port, zone, udp); err != nil {
			return err
		}
		if udp {
			s.raddr = &UDPAddr{IP: s.remote, Port: there, Zone: rzone}
			s.peerAt = netip.AddrPortFrom(samerunAddr(s.remote), uint16(there))
			return nil
		}
		s.raddr = &TCPAddr{IP: s.remote, Port: there, Zone: rzone}
		err := s.connect(ctx, func() *samerunSock { return s.n.at(s.n.tcp, s.remote, there, s.laddr) }, syscall.ECONNREFUSED)
		if err != nil && !s.n.known[there] {
			samerunRefused(s.raddr.String())
		}
		return err
	})
}

// reaches reports whether a port of s.remote is one of the test's network. That of name
// servers is not, unless the test has one.
func (s *samerunSock) reaches(udp bool, port int) bool {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	ports := s.n.tcp
	if udp {
		ports = s.n.udp
	}
	if s.n.at(ports, s.remote, port, nil) != nil {
		return true
	}
	samerunOutside.mu.Lock()
	defer samerunOutside.mu.Unlock()
	return s.remote.IsLoopback() && port != 53 && (udp || !samerunOutside.ports[port] && !samerunChildren())
}

// open sets the options of a new socket, and does with the lock what makes it more than
// that.
func (s *samerunSock) open(ctx context.Context, address sockaddr, options samerunOptions, use func() error) (fd *netFD, ours bool, err error) {
	err = s.control(ctx, address, options)
	if err == nil {
		s.n.mu.Lock()
		err = use()
		s.n.mu.Unlock()
	}
	if err != nil {
		s.n.mu.Lock()
		s.closed = true
		s.release()
		s.n.mu.Unlock()
		return nil, true, err
	}
	return s.netFD(), true, nil
}

// samerunBacklog is how many connections may wait to be accepted.
const samerunBacklog = 4096

// connect asks who listens for a connection, which takes a message each way. The
// caller has the lock.
func (s *samerunSock) connect(ctx context.Context, listener func() *samerunSock, missing error) error {
	if err := s.travel(ctx); err != nil {
		return err
	}
	l := listener()
	if l != nil && l.sotype != s.sotype {
		l, missing = nil, syscall.EPROTOTYPE
	}
	if l == nil || len(l.pending) >= samerunBacklog {
		if err := s.travel(ctx); err != nil {
			return err
		}
		return os.NewSyscallError("connect", missing)
	}
	peer := &samerunSock{n: s.n, network: l.network, family: l.family, sotype: l.sotype, laddr: s.raddr, raddr: s.laddr}
	if _, ok := l.laddr.(*UnixAddr); ok {
		peer.laddr, s.raddr = l.laddr, l.laddr
	}
	s.peer, peer.peer = peer, s
	packets := s.sotype == syscall.SOCK_SEQPACKET
	s.out, s.in = &samerunPipe{Packets: packets}, &samerunPipe{Packets: packets}
	peer.in, peer.out = s.out, s.in
	l.pending = append(l.pending, peer.netFD())
	l.changed()
	if err := s.travel(ctx); err != nil {
		s.closed = true
		s.hangUp(true)
		return err
	}
	return nil
}

// travel waits as long as a message is on its way, without the lock. The error says
// that the context has ended.
func (s *samerunSock) travel(ctx context.Context) error {
	s.n.mu.Unlock()
	defer s.n.mu.Lock()
	delay := samerunDelay()
	if delay == 0 {
		return nil
	}
	t := time.NewTimer(time.Duration(delay))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return mapErr(ctx.Err())
	}
}

// accept takes the connection that has waited longest.
func (s *samerunSock) accept() (*netFD, error) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.n.mu.Unlock()
	for {
		switch {
		case !s.listens:
			return nil, os.NewSyscallError("accept", syscall.EINVAL)
		case samerunPast(s.readTill):
			return nil, os.ErrDeadlineExceeded
		case len(s.pending) > 0:
			fd := s.pending[0]
			s.pending = s.pending[1:]
			return fd, nil
		}
		if err := s.wait(s.readTill); err != nil {
			return nil, err
		}
	}
}
