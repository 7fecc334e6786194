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

// at finds who takes what is sent to an address and port.
func (n *samerunNet) at(ports map[int][]*samerunSock, ip IP, port int) *samerunSock {
	to := samerunAddr(ip)
	for _, s := range ports[port] {
		if s.binding(s.local).Hears(to) {
			return s
		}
	}
	return nil
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
