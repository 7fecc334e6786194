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
			if s.host.node != 0 {
				return nil, true, &samerunNoSocket{s.host.node, "sockets for groups of many"}
			}
			return nil, false, nil
		}
		if !s.host.has(local) {
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
	to, route := s.host.route(samerunAddr(s.remote))
	switch {
	case route == samerunToOutside && s.host.node != 0:
		return nil, true, os.NewSyscallError("connect", syscall.ENETUNREACH)
	case route == samerunToOutside, route == samerunToSelf && s.host.node == 0 && s.remote.IsLoopback():
		if to = 0; !s.reaches(there) {
			return nil, false, nil
		}
	}
	switch away := route == samerunToHost || route == samerunToNobody; {
	case local.IsUnspecified():
		local = samerunLong(s.host.source(samerunAddr(s.remote)).AsSlice(), s.family)
	case away && local.IsLoopback():
		return nil, true, os.NewSyscallError("connect", syscall.EINVAL)
	case (away || s.host.node != 0) && !s.host.has(local):
		return nil, true, os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
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
		if route == samerunToNobody {
			return s.nobody(ctx)
		}
		err := s.connect(ctx, to, func(h *samerunHost) (*samerunSock, error) {
			return h.at(s.sotype, s.remote, there, s.laddr), syscall.ECONNREFUSED
		})
		if err != nil && s.remote.IsLoopback() && !s.host.known[there] {
			samerunRefused(s.raddr.String())
		}
		return err
	})
}

// reaches reports whether a port of s.remote, which is on this machine, is one of the test's
// network. That of name servers is not, unless the test has one.
func (s *samerunSock) reaches(port int) bool {
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	if s.host.at(s.sotype, s.remote, port, nil) != nil {
		return true
	}
	samerunOutside.mu.Lock()
	defer samerunOutside.mu.Unlock()
	return s.remote.IsLoopback() && port != 53 && (s.sotype == syscall.SOCK_DGRAM || !samerunOutside.ports[port] && !samerunChildren())
}

// open sets the options of a new socket, and does with the lock what makes it more than
// that.
func (s *samerunSock) open(ctx context.Context, address sockaddr, options samerunOptions, use func() error) (fd *netFD, ours bool, err error) {
	err = s.control(ctx, address, options)
	if err == nil {
		s.n.mu.Lock()
		s.host.join(s)
		err = use()
		s.n.mu.Unlock()
	}
	if err != nil {
		s.n.mu.Lock()
		s.closed = true
		s.host.leave(s)
		s.release()
		s.n.mu.Unlock()
		return nil, true, err
	}
	return s.netFD(), true, nil
}

// samerunNobodyAfter is how long a system asks who has an address of its network.
const samerunNobodyAfter = 3 * time.Second

// nobody is connect for an address of the network of hosts that nobody has. The caller has
// the lock.
func (s *samerunSock) nobody(ctx context.Context) error {
	if _, err := s.pause(ctx, samerunNow().Add(samerunNobodyAfter), false); err != nil {
		return err
	}
	return os.NewSyscallError("connect", syscall.EHOSTUNREACH)
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
