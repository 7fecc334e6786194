package binding

import (
	"net/netip"
	"testing"
)

func TestBindings(t *testing.T) {
	a := netip.MustParseAddr
	bindings := []Binding{
		{},
		{Addr: a("127.0.0.1")},
		{Addr: a("192.0.2.7")},
		{Addr: a("0.0.0.0")},
		{Addr: a("::1"), V6: true},
		{Addr: a("::"), V6: true},
		{Addr: a("::"), V6: true, Only: true},
	}
	addresses := []netip.Addr{a("127.0.0.1"), a("127.0.0.2"), a("192.0.2.7"), a("::1"), a("2001:db8::7")}
	for i, want := range []string{
		"-----", // bound to nothing
		"H----",
		"--H--",
		"HHt--", // t: takes it, but does not hear it
		"---H-",
		"HHtHt",
		"---Ht",
	} {
		got := ""
		for _, to := range addresses {
			switch {
			case bindings[i].Hears(to):
				got += "H"
			case bindings[i].Takes(to):
				got += "t"
			default:
				got += "-"
			}
		}
		if got != want {
			t.Errorf("%+v: %s, want %s", bindings[i], got, want)
		}
	}
	for i, want := range []string{
		"-------",
		"-x-x-x-",
		"--xx-x-",
		"-xxx-x-",
		"----xxx",
		"-xxxxxx",
		"----xxx",
	} {
		got := ""
		for _, other := range bindings {
			if bindings[i].Clashes(other) != other.Clashes(bindings[i]) {
				t.Errorf("%+v clashes with %+v, or not, by who asks", bindings[i], other)
			}
			got += map[bool]string{true: "x", false: "-"}[bindings[i].Clashes(other)]
		}
		if got != want {
			t.Errorf("%+v: %s, want %s", bindings[i], got, want)
		}
	}
}
