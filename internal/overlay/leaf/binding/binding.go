// Package binding says who takes what is sent to an address, in the network of a test:
// package net gets it from internal/overlay/bundle.
package binding

import "net/netip"

// Binding is the address that a socket is bound to, as the sockets of an operating system
// have it. No address of an IPv4 network is mapped into IPv6.
type Binding struct {
	Addr netip.Addr // unspecified if it is bound to all addresses; zero if to none
	V6   bool       // it is a socket of IPv6
	Only bool       // and takes nothing of IPv4
}

// Takes reports whether what is sent to an address of this machine comes to a socket
// that is bound so.
func (b Binding) Takes(to netip.Addr) bool {
	switch {
	case !to.IsValid():
		return false
	case !b.Addr.IsUnspecified():
		return b.Addr == to
	case to.Is4():
		return !b.V6 || !b.Only
	}
	return b.V6
}

// Hears is Takes for connections and packets: an address of this machine that is not
// a loopback one is heard only by those who are bound to it.
func (b Binding) Hears(to netip.Addr) bool {
	return b.Takes(to) && (to.IsLoopback() || !b.Addr.IsUnspecified())
}

// Clashes reports whether two sockets cannot have the same port.
func (b Binding) Clashes(other Binding) bool {
	return b.Takes(other.Addr) || other.Takes(b.Addr)
}
