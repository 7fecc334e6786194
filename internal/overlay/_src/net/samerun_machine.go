//go:build unix || windows

package net

import (
	"net/netip"
	"slices"
	"syscall"
	_ "unsafe" // for go:linkname
)

// samerunNodeLife is in package runtime: a number for the boot in which a node of this test is
// now, as samerunLife gives it to that boot's goroutines; 0 if it is off or there is none.
//
//go:linkname samerunNodeLife
func samerunNodeLife(node uint32) uint32

// samerunNodeBoot is in package runtime: how manieth boot of a node that is, 0 if it is off.
//
//go:linkname samerunNodeBoot
func samerunNodeBoot(node uint32) uint32

// samerunHost is a machine in the network of a test: a node from one boot to the crash that
// ends it, or the test itself, which is node 0. Whatever listens has its port or name there.
//
// A crash makes all that is in it vanish: it is gone, its sockets are closed, and nobody
// finds it any more. The next boot of the node is another samerunHost.
type samerunHost struct {
	n    *samerunNet
	node uint32
	life uint32 // as samerunNodeLife gives it
	gone bool

	tcp   map[int][]*samerunSock // those that listen, by port
	udp   map[int][]*samerunSock // all, by port
	ports samerunPorts           // those for who does not ask for one
	known map[int]bool           // ports of TCP at which somebody has listened
	socks *samerunSock           // all of a node's, linked by next and previous; nil for node 0
}

// newHost makes one. The caller has the lock.
func (n *samerunNet) newHost(node, life uint32) *samerunHost {
	key := n.key
	if node != 0 {
		// What one node does leaves the ports of the others, and the next boot does not take
		// those that connections of the last one had.
		key = (key ^ uint64(node)<<32 ^ uint64(samerunNodeBoot(node))) * 0x9e3779b97f4a7c15
		key ^= key >> 29
	}
	return &samerunHost{
		n:     n,
		node:  node,
		life:  life,
		tcp:   make(map[int][]*samerunSock),
		udp:   make(map[int][]*samerunSock),
		ports: samerunNewPorts(key),
		known: make(map[int]bool),
	}
}

// host is the machine that a node now is, nil if it is off. The caller has the lock.
func (n *samerunNet) host(node uint32) *samerunHost {
	if node == 0 {
		return n.hosts[0]
	}
	life := samerunNodeLife(node)
	if life == 0 {
		return nil
	}
	if int(node) >= len(n.hosts) {
		n.hosts = append(n.hosts, make([]*samerunHost, int(node)+1-len(n.hosts))...)
	}
	h := n.hosts[node]
	if h == nil || h.life != life {
		if h != nil { // of an earlier test
			n.hosts[node] = nil
			h.crash(true)
		}
		h = n.newHost(node, life)
		n.hosts[node] = h
	}
	return h
}

// here is the caller's machine.
func (n *samerunNet) here() (*samerunHost, error) {
	node, _ := samerunNode()
	n.mu.Lock()
	defer n.mu.Unlock()
	if h := n.host(node); h != nil && h.life == samerunLife() {
		return h, nil
	}
	return nil, syscall.ENETDOWN // it has crashed
}

// join notes that s is a socket of h. The caller has the lock.
func (h *samerunHost) join(s *samerunSock) {
	s.host = h
	if h.node == 0 {
		return
	}
	if s.next = h.socks; s.next != nil {
		s.next.previous = s
	}
	h.socks = s
}

// leave notes that s is closed. The caller has the lock.
func (h *samerunHost) leave(s *samerunSock) {
	switch {
	case s.previous != nil:
		s.previous.next = s.next
	case h.socks == s:
		h.socks = s.next
	}
	if s.next != nil {
		s.next.previous = s.previous
	}
	s.next, s.previous = nil, nil
}

// crash makes h vanish. The caller has the lock. over says that the test has ended, and the
// whole network with it: who is still connected to h gets a reset.
func (h *samerunHost) crash(over bool) {
	n, now := h.n, samerunNow()
	h.gone = true
	n.tellGone(h)
	for s := h.socks; s != nil; s = s.next {
		s.closed = true
		s.changed() // a goroutine of another node may use it
		s.release()
		s.pending = nil
	}
	h.socks = nil
	h.tcp, h.udp = nil, nil
	of := func(s *samerunSock) bool { return s.host == h }
	n.paths = slices.DeleteFunc(n.paths, of)
	n.boxes = slices.DeleteFunc(n.boxes, of)
	n.conns = slices.DeleteFunc(n.conns, func(s *samerunSock) bool { return s.closed && s.peer.closed })
	for _, s := range slices.Clone(n.conns) { // some may go
		gone := s
		if s.peer.host == h {
			gone = s.peer
		} else if s.host != h {
			continue
		}
		if cut, _ := gone.out.Held(); cut {
			gone.out.Lose() // nobody sends it again
		}
		n.judge(s, now)
	}
	if over {
		n.over()
	}
}

// over resets all that are connected with who has crashed: the test has ended.
func (n *samerunNet) over() {
	for _, s := range slices.Clone(n.conns) { // some may go
		for _, x := range [2]*samerunSock{s, s.peer} {
			if x.peer.host.gone && !x.closed {
				x.in.ResetNow(samerunNow())
				x.changed()
			}
		}
	}
	n.conns = slices.DeleteFunc(n.conns, func(s *samerunSock) bool { return s.host.gone || s.peer.host.gone })
}

// isOff reports whether what is sent to a host comes to nobody: it has crashed, and its node
// is off since.
func (n *samerunNet) isOff(h *samerunHost) bool { return h.gone && n.host(h.node) == nil }

// up tells those who are connected with what a node was before, which is on again: what they
// send comes to a system that does not know of it, and is answered by a reset. They have that
// when they send again what was not acknowledged, or with their next probe.
func (n *samerunNet) up(node uint32) {
	now := samerunNow()
	for _, s := range slices.Clone(n.conns) { // some may go
		for _, gone := range [2]*samerunSock{s, s.peer} {
			if gone.host.node != node || !gone.host.gone {
				continue
			}
			gone.in.Forget()
			gone.out.Unheard = !gone.in.Owes()
			n.judge(s, now)
		}
	}
}

// samerunNodeChanges is called by package runtime, by a goroutine that has the turn, when a node
// has been switched on, or off, in the life of that number; over says that the test has ended. Node
// 0 is for all that were switched off before that.
func samerunNodeChanges(node, life uint32, on, over bool) {
	samerunNets.mu.Lock()
	nets := [2]*samerunNet{samerunNets.world, samerunNets.nested}
	samerunNets.mu.Unlock()
	for _, n := range nets {
		if n == nil {
			continue
		}
		n.mu.Lock()
		switch {
		case on:
			n.up(node)
		case node == 0:
			n.over()
		case int(node) < len(n.hosts) && n.hosts[node] != nil && n.hosts[node].life == life:
			h := n.hosts[node]
			n.hosts[node] = nil
			h.crash(over)
		}
		n.mu.Unlock()
	}
}

// samerunOnNode is in package runtime: it is told whom to call when a node changes.
//
//go:linkname samerunOnNode
func samerunOnNode(f func(node, life uint32, on, over bool))

func init() { samerunOnNode(samerunNodeChanges) }

// has reports whether an address is one of h's own: those who listen there can.
func (h *samerunHost) has(ip IP) bool {
	if ip.IsLoopback() || ip.IsUnspecified() {
		return true
	}
	if node, ok := samerunHostNumber(samerunAddr(ip)); ok {
		return node == h.node
	}
	return h.node == 0 && samerunMine(ip)
}

// samerunRoute says where what h sends to an address goes.
type samerunRoute int

const (
	samerunToSelf    samerunRoute = iota // to h itself
	samerunToHost                        // to another host
	samerunToNobody                      // to an address of the network of hosts that nobody has
	samerunToOutside                     // elsewhere
)

// route says where what h sends to an address goes, and to which host.
func (h *samerunHost) route(a netip.Addr) (to uint32, route samerunRoute) {
	if a.IsLoopback() {
		return h.node, samerunToSelf
	}
	node, ok := samerunHostNumber(a)
	switch {
	case ok && node == h.node:
		return node, samerunToSelf
	case ok:
		return node, samerunToHost
	case h.node != 0 && samerunHostNear(a):
		return 0, samerunToNobody
	}
	return 0, samerunToOutside
}

// source is the address from which h sends to another, if the socket is bound to none.
func (h *samerunHost) source(to netip.Addr) netip.Addr {
	_, route := h.route(to)
	switch away := route == samerunToHost || route == samerunToNobody; {
	case !away:
		return to
	case to.Is4():
		return samerunHost4(h.node)
	}
	return samerunHost6(h.node)
}
