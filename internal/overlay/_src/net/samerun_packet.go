//go:build unix || windows

package net

import (
	"net/netip"
	"os"
	"syscall"
	"time"
)

// samerunHeader is what comes with a packet besides its data.
type samerunHeader struct {
	from netip.AddrPort
	name string // of the sender, if it is a Unix socket and has one
	to   netip.Addr
	tos  uint8        // the type of service, or traffic class
	ttl  uint8        // the time to live, or hop limit
	link *samerunLink // over which it goes; nil for none
	nth  uint64       // how manieth datagram of that link it is
	told uint64       // the number of the event that tells of it; 0 for none
}

// samerunPacketState is what the options of a socket say of its packets: what is told of
// those that it receives, and what those that it sends have.
type samerunPacketState struct {
	fresh bool // it was asked for

	info4, info6   bool // the address to which it was sent
	tos4, tos6     bool
	ttl4, ttl6     bool
	together       bool // packets that were sent together come together
	segment        int  // what is sent is cut into packets of so many bytes; 0 if it is not
	tos, class     uint8
	ttl, hops      uint8
	receivesAtMost int // bytes that wait; 0 for the usual number
}

// samerunSending is one packet, or several that are sent together.
type samerunSending struct {
	samerunHeader
	segment int // as in samerunPacketState
}

// receive takes a packet, and its control messages, for which oob has room.
func (s *samerunSock) receive(b, oob []byte) (n, oobn, flags int, h samerunHeader, err error) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return 0, 0, 0, h, err
	}
	if s.in != nil { // a connection of a Unix socket
		s.n.mu.Unlock()
		n, err = s.read(b)
		return n, 0, 0, h, err
	}
	defer s.n.mu.Unlock()
	return s.takePacket(b, oob, "recvmsg")
}

// takePacket waits for a packet. The caller has the lock.
func (s *samerunSock) takePacket(b, oob []byte, call string) (n, oobn, flags int, h samerunHeader, err error) {
	for {
		if samerunPast(s.readTill) {
			return 0, 0, 0, h, os.ErrDeadlineExceeded
		}
		data, segment, h, errno, next := s.firstPacket()
		if errno == 0 {
			if n = copy(b, data); n < len(data) {
				flags = samerunTruncated
			}
			oobn, more := s.controls(oob, h, segment)
			s.drop(data)
			return n, oobn, flags | more, h, nil
		}
		if errno != syscall.EAGAIN {
			return 0, 0, 0, h, os.NewSyscallError(call, errno)
		}
		if err := s.wait(next, s.readTill); err != nil {
			return 0, 0, 0, h, err
		}
	}
}

// drop takes what firstPacket has returned. The caller has the lock.
func (s *samerunSock) drop(data []byte) {
	s.packets.Drop(data)
	if s.family == syscall.AF_UNIX {
		s.changed() // senders may wait for room
	}
}

// firstPacket returns a packet that has arrived. If none has, the error is EAGAIN, and
// next is when one will arrive. The caller has the lock.
func (s *samerunSock) firstPacket() (data []byte, segment int, h samerunHeader, errno syscall.Errno, next time.Time) {
	if s.refused {
		s.refused = false
		return nil, 0, h, syscall.ECONNREFUSED, next
	}
	if s.n.links.Holding > 0 {
		s.n.sift(s, samerunNow(), true)
	}
	data, segment, h, ok, next := s.packets.First(s.asked().together)
	if !ok {
		errno = syscall.EAGAIN
	}
	return data, segment, h, errno, next
}

// send sends a packet, to the peer if to is the zero address, with control messages.
func (s *samerunSock) send(b, oob []byte, to netip.AddrPort) (int, error) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return 0, err
	}
	if s.family == syscall.AF_UNIX {
		s.n.mu.Unlock()
		return s.sendUnix(b, oob, "")
	}
	defer s.n.mu.Unlock()
	return s.sendPacket(b, oob, to, "sendto")
}

// sendPacket is send for who has the lock.
func (s *samerunSock) sendPacket(b, oob []byte, to netip.AddrPort, call string) (int, error) {
	if samerunPast(s.writeTill) {
		return 0, os.ErrDeadlineExceeded
	}
	if errno := s.sendNow(b, oob, to); errno != 0 {
		return 0, os.NewSyscallError(call, errno)
	}
	return len(b), nil
}

// sendNow is the system call that sends a packet. The caller has the lock.
func (s *samerunSock) sendNow(b, oob []byte, to netip.AddrPort) syscall.Errno {
	if !to.IsValid() {
		to = s.peerAt
	}
	ip := to.Addr().Unmap().WithZone("")
	switch {
	case !to.IsValid():
		return syscall.EDESTADDRREQ
	case s.refused:
		s.refused = false
		return syscall.ECONNREFUSED
	case ip.Is4() && s.v6only:
		return syscall.ENETUNREACH
	case ip.Is6() && s.family == syscall.AF_INET:
		return syscall.EAFNOSUPPORT
	case ip == netip.IPv4Unspecified():
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case ip == netip.IPv6Unspecified():
		ip = netip.IPv6Loopback()
	}
	state := s.asked()
	m := samerunSending{samerunHeader{from: netip.AddrPortFrom(samerunAddr(s.local), uint16(s.port)), to: ip, tos: state.tos, ttl: state.ttl}, state.segment}
	if ip.Is6() {
		m.tos, m.ttl = state.class, state.hops
	}
	if errno := s.parseControls(oob, &m); errno != 0 {
		return errno
	}
	if m.from.Addr().IsUnspecified() {
		m.from = netip.AddrPortFrom(s.host.source(ip), m.from.Port())
	}
	switch {
	case m.segment > 0 && len(b) > m.segment*samerunSegmentsMost:
		return syscall.EINVAL
	case len(b) > samerunPacketMost:
		return syscall.EMSGSIZE
	}
	node, route := s.host.route(ip)
	switch {
	case route == samerunToNobody:
		return 0 // and nobody tells
	case route == samerunToOutside && s.host.node != 0:
		return syscall.ENETUNREACH
	case m.from.Addr().IsLoopback() && route == samerunToHost:
		return syscall.EINVAL
	}
	h := s.n.host(node)
	if h == nil { // it is off
		s.tellUnheard(node, b, samerunTrafficDown)
		return 0
	}
	r := h.forPacket(m.from, netip.AddrPortFrom(ip, to.Port()))
	switch {
	case r == nil && route == samerunToOutside && !samerunMine(ip.AsSlice()):
		return syscall.ENETUNREACH
	case r == nil && s.peerAt.IsValid():
		s.refused = true
		s.changed()
		s.tellUnheard(node, b, samerunTrafficRefused)
	case r == nil:
		s.tellUnheard(node, b, samerunTrafficRefused)
	default:
		r.packets.Room = r.asked().receivesAtMost
		if s.to != r || s.toLink != nil && s.toLink.To != r.end {
			s.to, s.toLink = r, s.n.links.Link(s.end, r.end)
		}
		if s.toLink != nil {
			s.n.sendOver(s.toLink, r, b, m)
		} else if r.packets.Put(b, m.segment, m.samerunHeader, samerunDelay) {
			r.changed()
		}
	}
	return 0
}

// samerunSegmentsMost is into how many packets one can be cut.
const samerunSegmentsMost = 128

// forPacket finds who gets a packet: one that is connected with its sender comes first,
// then who is bound to the very address, then whoever has the port.
func (h *samerunHost) forPacket(from, to netip.AddrPort) *samerunSock {
	var found *samerunSock
	exact, count := false, uint64(0)
	for _, s := range h.udp[int(to.Port())] {
		b := s.binding(s.local)
		if !b.Takes(to.Addr()) {
			continue
		}
		if s.peerAt.IsValid() {
			if s.peerAt == from {
				return s
			}
			continue
		}
		switch at := b.Addr == to.Addr(); {
		case found == nil, at && !exact:
			found, exact, count = s, at, 1
		case at == exact:
			if count++; samerunShareOf(from, int(to.Port()))%count == 0 {
				found = s
			}
		}
	}
	return found
}

// samerunReadFrom is netFD.readFrom.
func samerunReadFrom(fd *netFD, p []byte) (n int, sa syscall.Sockaddr, err error) {
	n, _, _, sa, err = samerunReadMsg(fd, p, nil)
	return n, sa, err
}

// samerunReadMsg is netFD.readMsg.
func samerunReadMsg(fd *netFD, p, oob []byte) (n, oobn, flags int, sa syscall.Sockaddr, err error) {
	n, oobn, flags, h, err := fd.samerun.receive(p, oob)
	switch from := h.from; {
	case err != nil:
	case h.name != "":
		sa = &syscall.SockaddrUnix{Name: h.name}
	case from.IsValid() && fd.family == syscall.AF_INET:
		sa = &syscall.SockaddrInet4{Port: int(from.Port()), Addr: from.Addr().As4()}
	case from.IsValid():
		sa = &syscall.SockaddrInet6{Port: int(from.Port()), Addr: from.Addr().As16()}
	}
	return n, oobn, flags, sa, err
}

// samerunReadMsg4 is netFD.readMsgInet4.
func samerunReadMsg4(fd *netFD, p, oob []byte, sa *syscall.SockaddrInet4) (n, oobn, flags int, err error) {
	n, oobn, flags, h, err := fd.samerun.receive(p, oob)
	if err == nil {
		sa.Port, sa.Addr = int(h.from.Port()), h.from.Addr().As4()
	}
	return n, oobn, flags, err
}

// samerunReadMsg6 is netFD.readMsgInet6.
func samerunReadMsg6(fd *netFD, p, oob []byte, sa *syscall.SockaddrInet6) (n, oobn, flags int, err error) {
	n, oobn, flags, h, err := fd.samerun.receive(p, oob)
	if err == nil {
		sa.Port, sa.Addr = int(h.from.Port()), h.from.Addr().As16()
	}
	return n, oobn, flags, err
}

// samerunWriteTo is netFD.writeTo and its like. A nil sa is the peer.
func samerunWriteTo(fd *netFD, p, oob []byte, sa syscall.Sockaddr) (int, error) {
	switch sa := sa.(type) {
	case *syscall.SockaddrInet4:
		return samerunWriteTo4(fd, p, oob, sa)
	case *syscall.SockaddrInet6:
		return samerunWriteTo6(fd, p, oob, sa)
	case *syscall.SockaddrUnix:
		if sa != nil {
			return fd.samerun.sendUnix(p, oob, sa.Name)
		}
	}
	return fd.samerun.send(p, oob, netip.AddrPort{})
}

// samerunWriteTo4 is netFD.writeToInet4.
func samerunWriteTo4(fd *netFD, p, oob []byte, sa *syscall.SockaddrInet4) (int, error) {
	to := netip.AddrPort{}
	if sa != nil {
		to = netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	}
	return fd.samerun.send(p, oob, to)
}

// samerunWriteTo6 is netFD.writeToInet6.
func samerunWriteTo6(fd *netFD, p, oob []byte, sa *syscall.SockaddrInet6) (int, error) {
	to := netip.AddrPort{}
	if sa != nil {
		to = netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return fd.samerun.send(p, oob, to)
}

// samerunWriteBuffers is netFD.writeBuffers: all in one piece, as the system call does.
func samerunWriteBuffers(fd *netFD, v *Buffers) (int64, error) {
	s := fd.samerun
	s.n.mu.Lock()
	all := s.n.stock.Copy(nil)
	s.n.mu.Unlock()
	for _, b := range *v {
		all = append(all, b...)
	}
	n, err := s.write(all)
	s.n.mu.Lock()
	s.n.stock.Keep(all)
	s.n.mu.Unlock()
	v.consume(int64(n))
	return int64(n), err
}
