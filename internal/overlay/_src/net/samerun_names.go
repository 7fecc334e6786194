package net

import (
	"internal/stringslite"
	"net/netip"
	"strconv"
	"sync"
	_ "unsafe" // for go:linkname
)

// Hosts of a test know each other by name, as if each had all of them in its file of hosts.
// A node has no other resolver: what it asks for by any other name nobody has, unless the
// program brings a resolver of its own (net.Resolver.Dial). The test itself, which is node 0,
// has that of the machine as well.

// samerunNode is in package runtime: the node of the calling goroutine and its boot, 0 and 0
// of the test itself.
//
//go:linkname samerunNode
func samerunNode() (node, boot uint32)

// samerunLife is in package runtime: a number for node and boot of the calling goroutine, which
// no other boot of the process has; 0 of the test itself.
//
//go:linkname samerunLife
func samerunLife() uint32

// samerunNodeCount is in package runtime: how many nodes the test has made, and how manieth
// test of the process it is.
//
//go:linkname samerunNodeCount
func samerunNodeCount() (nodes, test uint32)

// samerunNodeName is in package runtime: the name of a node.
//
//go:linkname samerunNodeName
func samerunNodeName(node uint32) string

// samerunMain is the name of the test itself, unless a node is called so.
const samerunMain = "main"

// samerunHostNames has the numbers of nodes by name, in small letters. They are noted when
// somebody looks.
var samerunHostNames struct {
	mu      sync.Mutex
	test    uint32 // whose nodes they are
	count   uint32 // how many of them are noted
	numbers map[string]uint32
}

// samerunHostName is what people call a host.
func samerunHostName(node uint32) string {
	if node == 0 {
		return samerunMain
	}
	return samerunNodeName(node)
}

// samerunHostNumber is the number of the host that has an address; ok is false if none of
// this test has. Before there are nodes there is no such address.
func samerunHostNumber(a netip.Addr) (node uint32, ok bool) {
	node, ok = samerunHostOf(a)
	if !ok {
		return 0, false
	}
	count, _ := samerunNodeCount()
	return node, count > 0 && node <= count
}

// samerunHostNamed is the number of the host that has a name: of the last one that was made,
// since subtests may call theirs as others did before.
func samerunHostNamed(name string) (node uint32, ok bool) {
	count, test := samerunNodeCount()
	if count == 0 {
		return 0, false
	}
	name = samerunLower(stringslite.TrimSuffix(name, "."))
	names := &samerunHostNames
	names.mu.Lock()
	defer names.mu.Unlock()
	if names.test != test || names.numbers == nil {
		names.test, names.count, names.numbers = test, 0, make(map[string]uint32)
	}
	for names.count < count {
		names.count++
		names.numbers[samerunLower(samerunNodeName(names.count))] = names.count
	}
	if node, ok = names.numbers[name]; !ok && name == samerunMain {
		return 0, true
	}
	return node, ok
}

// samerunIsHost lets net/http know that no proxy is asked for a host of the test.
//
//go:linkname samerunIsHost
func samerunIsHost(name string) bool {
	if node, _ := samerunNode(); node != 0 {
		return true // nodes have no way out
	}
	if _, ok := samerunHostNamed(name); ok {
		return true
	}
	a, err := netip.ParseAddr(name)
	if err == nil {
		_, ok := samerunHostNumber(a.Unmap())
		return ok
	}
	return false
}

func samerunLower(s string) string {
	b := []byte(s)
	lowerASCIIBytes(b)
	return string(b)
}

// samerunLookup looks a name up among the hosts. If done is true, that is all: else the
// resolver is asked.
func (r *Resolver) samerunLookup(name string) (node uint32, err error, done bool) {
	count, _ := samerunNodeCount()
	if count == 0 {
		return 0, nil, false
	}
	if node, ok := samerunHostNamed(name); ok {
		return node, nil, true
	}
	return 0, samerunNoSuchHost(name), !r.samerunAsks(name)
}

// samerunAsks reports whether what no host is called may be known elsewhere.
func (r *Resolver) samerunAsks(name string) bool {
	if r != nil && r.Dial != nil {
		return true
	}
	if node, _ := samerunNode(); node != 0 {
		return false
	}
	// A name without a dot is one of a node, mistyped, unless the machine's file has it.
	name = stringslite.TrimSuffix(name, ".")
	for i := range len(name) {
		if name[i] == '.' {
			return true
		}
	}
	known, _ := lookupStaticHost(name)
	return len(known) > 0
}

// samerunNoSuchHost says that no host is called so, and which there are.
func samerunNoSuchHost(name string) error {
	const most = 8
	count, _ := samerunNodeCount()
	all, listed, more := "", 0, 0
	for node := uint32(1); node <= count; node++ {
		called := samerunNodeName(node)
		if last, _ := samerunHostNamed(called); last != node {
			continue
		}
		if listed++; listed > most {
			more++
			continue
		}
		if listed > 1 {
			all += " "
		}
		all += called
	}
	if more > 0 {
		all += " and " + strconv.Itoa(more) + " more"
	}
	return newDNSError(errNoSuchHost, name, "the nodes of this test ("+all+")")
}

// samerunLocalhost are the addresses of localhost, which no node asks anybody about.
func samerunLocalhost(name string) bool {
	node, _ := samerunNode()
	return node != 0 && samerunLower(stringslite.TrimSuffix(name, ".")) == "localhost"
}

// samerunLookupHost is Resolver.LookupHost of what hosts are called.
func (r *Resolver) samerunLookupHost(name string) (addrs []string, err error, done bool) {
	ips, err, done := r.samerunLookupIP("ip", name)
	for _, ip := range ips {
		addrs = append(addrs, ip.String())
	}
	return addrs, err, done
}

// samerunLookupIP is Resolver.lookupIPAddr of what hosts are called. That of IPv4 comes
// first.
func (r *Resolver) samerunLookupIP(network, name string) (addrs []IPAddr, err error, done bool) {
	four, six := netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()
	if !samerunLocalhost(name) {
		node, err, done := r.samerunLookup(name)
		if err != nil || !done {
			return nil, err, done
		}
		four, six = samerunHost4(node), samerunHost6(node)
	}
	version := network[len(network)-1]
	if version != '6' {
		addrs = append(addrs, IPAddr{IP: IP(four.AsSlice()).To16()})
	}
	if version != '4' {
		addrs = append(addrs, IPAddr{IP: IP(six.AsSlice())})
	}
	return addrs, nil, true
}

// samerunLookupAddr is Resolver.LookupAddr of what addresses hosts have.
func (r *Resolver) samerunLookupAddr(address string) (names []string, err error, done bool) {
	count, _ := samerunNodeCount()
	a, bad := netip.ParseAddr(address)
	if count == 0 || bad != nil {
		return nil, nil, false
	}
	own, _ := samerunNode()
	a = a.Unmap()
	node, ok := samerunHostOf(a)
	switch {
	case ok && node <= count:
		return []string{samerunHostName(node)}, nil, true
	case own != 0 && a.IsLoopback():
		return []string{"localhost"}, nil, true
	case own == 0 && !samerunHostNear(a), r != nil && r.Dial != nil:
		return nil, nil, false
	}
	return nil, samerunNoSuchHost(address), true
}

// samerunLookupRecord is for records of other kinds, which hosts do not have: the error says
// so, unless others may know the name.
func (r *Resolver) samerunLookupRecord(name string) error {
	if _, _, done := r.samerunLookup(name); done {
		return samerunNoSuchHost(name)
	}
	return nil
}

// samerunLookupCNAME is Resolver.LookupCNAME of what hosts are called.
func (r *Resolver) samerunLookupCNAME(name string) (cname string, err error, done bool) {
	node, err, done := r.samerunLookup(name)
	if err != nil || !done {
		return "", err, done
	}
	return samerunHostName(node) + ".", nil, true
}

// samerunLookupKey is the key of look-ups that are in flight, which one node does not make
// for another: it may crash.
func samerunLookupKey(key string) string {
	if life := samerunLife(); life != 0 {
		key += "\000" + strconv.Itoa(int(life))
	}
	return key
}
