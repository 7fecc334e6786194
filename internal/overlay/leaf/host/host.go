// Package host is the addresses of machines in the network of a test: package net gets it
// from internal/overlay/bundle.
package host

import "net/netip"

// Hosts have numbers: those of nodes, from 1, and 0 for the test itself. Each has an address
// of IPv4 and one of IPv6. The first node has 10.0.0.1 and fd00::1, the 254th 10.0.0.254,
// the next one 10.0.1.1; the test itself has 10.0.255.254 and fd00::ffff:ffff.

// How long the common prefixes of their addresses are.
const (
	HostBits4 = 8
	HostBits6 = 64
)

// No address of a node has 255 as its third or 0 or 255 as its last byte.
const hostLast, hostThird = 254, 255

// Host4 returns the address of a host.
func Host4(n uint32) netip.Addr {
	if n == 0 {
		return netip.AddrFrom4([4]byte{10, 0, 255, 254})
	}
	n--
	return netip.AddrFrom4([4]byte{10, byte(n / hostLast / hostThird), byte(n / hostLast % hostThird), byte(1 + n%hostLast)})
}

// Host6 is Host4 of IPv6.
func Host6(n uint32) netip.Addr {
	if n == 0 {
		n = 1<<32 - 1
	}
	return netip.AddrFrom16([16]byte{0: 0xfd, 12: byte(n >> 24), 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
}

// HostOf returns the number of the host that has an address, or would have it if there were
// so many.
func HostOf(a netip.Addr) (n uint32, ok bool) {
	switch {
	case a.Is4():
		b := a.As4()
		n = (uint32(b[1])*hostThird+uint32(b[2]))*hostLast + uint32(b[3])
		if a == Host4(0) {
			n = 0
		}
		return n, a == Host4(n)
	case a.Is6() && a.Zone() == "":
		b := a.As16()
		n = uint32(b[12])<<24 | uint32(b[13])<<16 | uint32(b[14])<<8 | uint32(b[15])
		if n == 1<<32-1 {
			n = 0
		}
		return n, a == Host6(n)
	}
	return 0, false
}

// HostNear reports whether an address is one of the network of hosts, whoever has it.
func HostNear(a netip.Addr) bool {
	if a.Is4() {
		return a.As4()[0] == 10
	}
	b := a.As16()
	return a.Is6() && [8]byte(b[:8]) == [8]byte{0: 0xfd}
}
