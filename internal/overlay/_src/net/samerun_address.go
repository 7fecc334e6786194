//go:build unix || windows

package net

import (
	"net/netip"
	"syscall"
)

// binding is the address that the socket is bound to, or would be to ip.
func (s *samerunSock) binding(ip IP) samerunBinding {
	return samerunBinding{Addr: samerunAddr(ip), V6: s.family != syscall.AF_INET, Only: s.v6only}
}

// takes reports whether what is sent to an address of this machine comes to s, which
// listens at its port.
func (s *samerunSock) takes(ip IP) bool { return s.binding(s.local).Takes(samerunAddr(ip)) }

// at finds who takes what from sends to an address of h and a port: of those who share a
// port, one by who sends.
func (h *samerunHost) at(sotype int, ip IP, port int, from Addr) *samerunSock {
	to := samerunAddr(ip)
	_, host := samerunHostNumber(to)
	ports := h.tcp
	if sotype == syscall.SOCK_DGRAM {
		ports = h.udp
	}
	var found *samerunSock
	count := uint64(0)
	for _, s := range ports[port] {
		if b := s.binding(s.local); !b.Hears(to) && !(host && b.Takes(to)) {
			continue
		}
		if count++; found == nil || s.shares && samerunShare(from, port)%count == 0 {
			found = s
		}
	}
	return found
}

// hears reports whether there is anybody in n whom a socket that dials can reach.
func (n *samerunNet) hears(sotype, family int, raddr sockaddr) bool {
	from, err := n.here()
	if err != nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if path := samerunPath(raddr); path != "" {
		return n.atPath(from, path) != nil
	}
	ip, port, _ := samerunOf(raddr)
	if ip = samerunLong(ip, family); ip.IsUnspecified() {
		ip = samerunHome(family)
	}
	to, route := from.route(samerunAddr(ip))
	switch route {
	case samerunToNobody:
		return false
	case samerunToOutside:
		to = from.node
	}
	h := n.host(to)
	return h != nil && h.at(sotype, ip, port, nil) != nil
}

// samerunWorldHears is hears of the world's network.
func samerunWorldHears(sotype, family int, raddr sockaddr) bool {
	samerunNets.mu.Lock()
	n := samerunNets.world
	samerunNets.mu.Unlock()
	return n != nil && n.hears(sotype, family, raddr)
}

// samerunShare is a hash of who sends, and to which port.
func samerunShare(from Addr, port int) uint64 {
	var ip netip.Addr
	there := 0
	switch from := from.(type) {
	case *TCPAddr:
		ip, there = samerunAddr(from.IP), from.Port
	case *UDPAddr:
		ip, there = samerunAddr(from.IP), from.Port
	}
	return samerunShareOf(netip.AddrPortFrom(ip, uint16(there)), port)
}

func samerunShareOf(from netip.AddrPort, port int) uint64 {
	h := uint64(port)
	for _, b := range from.Addr().As16() {
		h = h*0x100000001b3 + uint64(b)
	}
	h = (h + uint64(from.Port())) * 0x9e3779b97f4a7c15
	return h >> 33
}

// samerunAddr is an address of package netip, one of IPv4 in its short form; the zero
// one for none.
func samerunAddr(ip IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}

// samerunOf returns address, port and zone, all zero for none.
func samerunOf(a sockaddr) (ip IP, port int, zone string) {
	switch a := a.(type) {
	case *TCPAddr:
		if a != nil {
			return a.IP, a.Port, a.Zone
		}
	case *UDPAddr:
		if a != nil {
			return a.IP, a.Port, a.Zone
		}
	}
	return nil, 0, ""
}

// samerunLong gives an address the length of its family, and the unspecified one to
// what has none.
func samerunLong(ip IP, family int) IP {
	if family == syscall.AF_INET {
		if ip = ip.To4(); ip == nil {
			ip = IPv4zero.To4()
		}
		return ip
	}
	if ip = ip.To16(); ip == nil {
		ip = IPv6unspecified
	}
	return ip
}

// samerunHome is this machine's own address of a family.
func samerunHome(family int) IP {
	if family == syscall.AF_INET {
		return IPv4(127, 0, 0, 1).To4()
	}
	return IPv6loopback
}

// samerunMine reports whether the machine has an address: those who listen there can.
func samerunMine(ip IP) bool {
	if ip.IsLoopback() || ip.IsUnspecified() {
		return true
	}
	all, _ := InterfaceAddrs()
	for _, a := range all {
		if a, ok := a.(*IPNet); ok && a.IP.Equal(ip) {
			return true
		}
	}
	return false
}
