package host

import (
	"net/netip"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		n        uint32
		at4, at6 string
	}{
		{0, "10.0.255.254", "fd00::ffff:ffff"}, {1, "10.0.0.1", "fd00::1"}, {2, "10.0.0.2", "fd00::2"},
		{254, "10.0.0.254", "fd00::fe"}, {255, "10.0.1.1", "fd00::ff"}, {254 * 255, "10.0.254.254", "fd00::fd02"}, {254*255 + 1, "10.1.0.1", "fd00::fd03"},
	} {
		if got4, got6 := Host4(c.n).String(), Host6(c.n).String(); got4 != c.at4 || got6 != c.at6 {
			t.Errorf("host %d has %s and %s, want %s and %s", c.n, got4, got6, c.at4, c.at6)
		}
	}
}

// Each host has addresses of its own, which tell its number.
func TestEachHasItsOwn(t *testing.T) {
	for n := range uint32(3 * 254 * 255) {
		for _, a := range []netip.Addr{Host4(n), Host6(n)} {
			if got, ok := HostOf(a); got != n || !ok {
				t.Fatalf("%v is said to be of host %d, %t; it is of %d", a, got, ok, n)
			}
			if !HostNear(a) {
				t.Fatalf("%v is said to be elsewhere", a)
			}
		}
	}
}

func TestNobodyHas(t *testing.T) {
	for _, c := range []struct {
		addr string
		near bool
	}{
		{"10.0.0.0", true}, {"10.0.0.255", true}, {"10.0.255.1", true}, {"10.255.255.255", true}, {"fd00::1:0:0:1", true}, {"fd00::1:0:1", true},
		{"127.0.0.1", false}, {"11.0.0.1", false}, {"0.0.0.0", false}, {"::1", false}, {"fd00:1::1", false}, {"::ffff:10.0.0.1", false},
	} {
		a := netip.MustParseAddr(c.addr)
		if n, ok := HostOf(a); ok {
			t.Errorf("%s is said to be of host %d", c.addr, n)
		}
		if HostNear(a) != c.near {
			t.Errorf("%s: near is %t", c.addr, !c.near)
		}
	}
	if _, ok := HostOf(netip.Addr{}); ok || HostNear(netip.Addr{}) {
		t.Error("no address is one")
	}
	if _, ok := HostOf(netip.MustParseAddr("fd00::1%eth0")); ok {
		t.Error("an address of a zone is one")
	}
}
