//go:build unix || windows

package net

import (
	"os"
	"syscall"
)

func (s *samerunSock) receive(b []byte) (n int, from *UDPAddr, cut bool, err error) {
	if err := s.enter(); err != nil {
		return 0, nil, false, err
	}
	defer s.n.mu.Unlock()
	return s.takePacket(b, "recvfrom")
}

// readPacket is Read of a connected socket. The caller has the lock.
func (s *samerunSock) readPacket(b []byte) (int, error) {
	n, _, _, err := s.takePacket(b, "read")
	return n, err
}

func (s *samerunSock) takePacket(b []byte, call string) (n int, from *UDPAddr, cut bool, err error) {
	for {
		if samerunPast(s.readTill) {
			return 0, nil, false, os.ErrDeadlineExceeded
		}
		if s.refused {
			s.refused = false
			return 0, nil, false, os.NewSyscallError(call, syscall.ECONNREFUSED)
		}
		n, from, cut, ok, next := s.packets.Take(b)
		if ok {
			return n, from, cut, nil
		}
		if err := s.wait(next, s.readTill); err != nil {
			return 0, nil, false, err
		}
	}
}

func (s *samerunSock) send(b []byte, to *UDPAddr) (int, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	return s.sendPacket(b, to)
}

// sendPacket sends a packet, to the peer if to is nil. The caller has the lock.
func (s *samerunSock) sendPacket(b []byte, to *UDPAddr) (int, error) {
	peer, _ := s.raddr.(*UDPAddr)
	switch {
	case samerunPast(s.writeTill):
		return 0, os.ErrDeadlineExceeded
	case to == nil && peer == nil:
		return 0, os.NewSyscallError("write", syscall.EDESTADDRREQ)
	case to == nil:
		to = peer
	case peer != nil:
		return 0, os.NewSyscallError("sendto", syscall.EISCONN)
	}
	if s.refused {
		s.refused = false
		return 0, os.NewSyscallError("write", syscall.ECONNREFUSED)
	}
	if len(b) > samerunPacketMost {
		return 0, os.NewSyscallError("write", syscall.EMSGSIZE)
	}
	ip := to.IP
	if ip.IsUnspecified() {
		ip = samerunHome(s.family)
	}
	from := &UDPAddr{IP: s.local, Port: s.port}
	if s.local.IsUnspecified() {
		from.IP = ip
	}
	r := s.n.forPacket(ip, to.Port, from)
	switch {
	case r == nil && !ip.IsLoopback():
		return 0, os.NewSyscallError("sendto", syscall.ENETUNREACH)
	case r == nil:
		s.refused = peer != nil
	case r.packets.Put(b, from, samerunDelay):
		r.changed()
	}
	return len(b), nil
}

// forPacket finds who gets a packet: one that is connected with its sender comes first.
func (n *samerunNet) forPacket(ip IP, port int, from *UDPAddr) *samerunSock {
	var found *samerunSock
	for _, s := range n.udp[port] {
		if !s.takes(ip) {
			continue
		}
		if peer, ok := s.raddr.(*UDPAddr); !ok {
			found = s
		} else if peer.Port == from.Port && peer.IP.Equal(from.IP) {
			return s
		}
	}
	return found
}
