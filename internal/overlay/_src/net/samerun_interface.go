package net

import "net/netip"

// samerunInterfaces are the network interfaces of the calling goroutine's node: lo and eth0.
// ok is false for the test itself, which has those of the machine.
func samerunInterfaces() (all []Interface, ok bool) {
	node, _ := samerunNode()
	if node == 0 {
		return nil, false
	}
	a := samerunHost4(node).As4()
	return []Interface{
		{Index: samerunIndexLoopback, MTU: 65536, Name: "lo", Flags: FlagUp | FlagLoopback | FlagRunning},
		{Index: samerunIndexHosts, MTU: 1500, Name: "eth0", HardwareAddr: HardwareAddr{2, 0, a[0], a[1], a[2], a[3]}, Flags: FlagUp | FlagBroadcast | FlagMulticast | FlagRunning},
	}, true
}

// The indices of a node's interfaces.
const (
	samerunIndexLoopback = 1
	samerunIndexHosts    = 2
)

// samerunIndexOf is the index of the interface to which a packet for an address comes.
func samerunIndexOf(to netip.Addr) uint32 {
	if _, ok := samerunHostNumber(to); ok {
		return samerunIndexHosts
	}
	return samerunIndexLoopback
}

// samerunInterface is one of samerunInterfaces, by its index if that is not 0, else by its
// name; nil if there is none.
func samerunInterface(index int, name string) (found *Interface, ok bool) {
	all, ok := samerunInterfaces()
	for i := range all {
		if all[i].Index == index || index == 0 && all[i].Name == name {
			found = &all[i]
		}
	}
	return found, ok
}

// samerunInterfaceAddrs are the addresses of a node's interface, of all for nil.
func samerunInterfaceAddrs(ifi *Interface) (all []Addr, ok bool) {
	node, _ := samerunNode()
	if node == 0 {
		return nil, false
	}
	add := func(index int, ip IP, ones int) {
		if ifi == nil || ifi.Index == index {
			all = append(all, &IPNet{IP: ip, Mask: CIDRMask(ones, 8*len(ip))})
		}
	}
	add(samerunIndexLoopback, IPv4(127, 0, 0, 1).To4(), 8)
	add(samerunIndexLoopback, IPv6loopback, 128)
	add(samerunIndexHosts, IP(samerunHost4(node).AsSlice()), samerunHostBits4)
	add(samerunIndexHosts, IP(samerunHost6(node).AsSlice()), samerunHostBits6)
	return all, true
}
