//go:build unix || windows

package net

import (
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// samerunNet is the network of one test.
type samerunNet struct {
	bubble uint64 // the number of the bubble that it belongs to
	key    uint64 // of the test

	mu    sync.Mutex       // of all that is in it, the sockets included
	hosts []*samerunHost   // by node; nil for one that is off, or has not used the network yet
	paths []*samerunSock   // Unix sockets that listen, of all hosts
	idle  []*samerunWaiter // those who waited last
	stock samerunStock     // for what is sent in several parts

	links    samerunLinks
	listened int             // how many have begun to listen in the test that runs
	conns    []*samerunSock  // connections over links that are not closed, by who has dialled
	boxes    []*samerunSock  // those of udp, in the order in which they were made
	dials    []chan struct{} // wake who dials, and waits for a link to be free

	told *samerunTrafficLog // nil unless the run is made for a report
}

// samerunNets has the networks: that of the world, and that of the bubble that a test
// has made last.
var samerunNets struct {
	mu            sync.Mutex
	world, nested *samerunNet
}

func samerunNetOf(bubble, key uint64) *samerunNet {
	samerunNets.mu.Lock()
	defer samerunNets.mu.Unlock()
	at := &samerunNets.nested
	if bubble == samerunWorldNet {
		at = &samerunNets.world
	}
	if n := *at; n != nil && n.bubble == bubble {
		if n.key != key {
			// Another test takes the ports that it takes by itself, but for those that
			// are in use, and makes its own timers.
			n.mu.Lock() // what the test before has left uses it, too
			n.key, n.idle = key, nil
			n.hosts[0].ports = samerunNewPorts(key)
			n.again()
			n.mu.Unlock()
		}
		return n
	}
	n := &samerunNet{bubble: bubble, key: key}
	n.hosts = []*samerunHost{n.newHost(0, 0)}
	if bubble == samerunWorldNet && samerunTells() {
		n.told = new(samerunTrafficLog)
	}
	*at = n
	return n
}

// samerunSock is a socket of a test's network: what package net does with a file
// descriptor it does with one of these instead.
//
// Nothing happens in the network by itself: each piece of data knows when it arrives,
// and who waits for it looks at the clock.
type samerunSock struct {
	n             *samerunNet
	host          *samerunHost
	next          *samerunSock // the neighbours among the sockets of a node
	previous      *samerunSock
	network       string
	family        int
	sotype        int
	v6only        bool
	shares        bool // of the kind SO_REUSEPORT, or SO_REUSEADDR for packets
	listens       bool
	local, remote IP // of IP; unspecified if it listens for all addresses of the machine
	port          int
	laddr, raddr  Addr
	file          os.FileInfo // of a Unix socket that listens, unless its name is an abstract one

	closed    bool
	readTill  time.Time // the deadlines; zero if there are none
	writeTill time.Time
	waiters   []*samerunWaiter

	options uintptr         // a socket of the machine's that stands for this one; 0 if there is none
	forget  func()          // closes that
	users   int             // how many use it now
	set     []samerunOption // what was set before it was there
	stale   atomic.Bool     // an option was set at it since state was asked for last

	pending []*netFD // of one that listens: connections that nobody has accepted yet

	// Of a connected stream.
	in, out  *samerunPipe
	peer     *samerunSock
	readEnd  bool // CloseRead
	writeEnd bool // CloseWrite
	told     bool // of the reset, or of whatever else has ended it
	abrupt   bool // SetLinger(0)
	way      samerunWay
	end      *samerunLinkEnd // of links; of a listener, or of a socket for packets

	// Of packets.
	packets samerunMailbox[samerunHeader]
	state   samerunPacketState
	peerAt  netip.AddrPort // where packets go if no other address is given
	refused bool           // the peer had no such port
	to      *samerunSock   // who got the last packet
	toLink  *samerunLink   // the link to that one
}

// netFD makes what the rest of package net sees of the socket.
func (s *samerunSock) netFD() *netFD {
	fd := &netFD{family: s.family, sotype: s.sotype, net: s.network, isConnected: s.raddr != nil, laddr: s.laddr, raddr: s.raddr, samerun: s}
	fd.pfd.Sysfd-- // no file descriptor
	fd.pfd.Samerun = s.setOption
	return fd
}

// enter takes the lock of the network. A socket of an earlier test is as good as closed.
func (s *samerunSock) enter() error {
	bubble, _ := samerunNetwork()
	s.n.mu.Lock()
	if s.closed || bubble != s.n.bubble {
		s.n.mu.Unlock()
		return errClosed
	}
	return nil
}

func (s *samerunSock) deadlines(t time.Time, read, write bool) error {
	left := time.Until(t)
	t = samerunDeadline(t)
	if from := samerunVisit(s.n.bubble); from != nil {
		defer samerunVisitEnds(from)
		if !t.IsZero() { // by the clock of the bubble
			t = samerunNow().Add(left)
		}
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	if read {
		s.readTill = t
	}
	if write {
		s.writeTill = t
	}
	s.changed()
	return nil
}

func (s *samerunSock) linger(sec int) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if s.enter() == nil {
		s.abrupt = sec == 0
		s.n.mu.Unlock()
	}
}

func (s *samerunSock) close() error {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	s.closed = true
	s.host.leave(s)
	s.changed()
	s.release()
	switch {
	case s.listens:
		s.n.unbind(s)
		for _, fd := range s.pending {
			fd.samerun.hangUp(true)
		}
		s.pending = nil
	case s.out != nil:
		s.hangUp(s.abrupt)
		s.unlink()
	default:
		s.n.unbind(s)
	}
	return nil
}

// bound lists the sockets of a port.
func (h *samerunHost) bound(s *samerunSock) map[int][]*samerunSock {
	if _, ok := s.laddr.(*UDPAddr); ok {
		return h.udp
	}
	return h.tcp
}

// bind gives s its port and its local address: one that is free, if port is 0.
func (n *samerunNet) bind(s *samerunSock, ip IP, port int, zone string, udp bool) error {
	s.local, s.shares = ip, s.wantsToShare()
	h := s.host
	ports := h.tcp
	if udp {
		ports = h.udp
	}
	free := func(port int) bool {
		for _, other := range ports[port] {
			if s.binding(ip).Clashes(other.binding(other.local)) && !(s.shares && other.shares) {
				return false
			}
		}
		return true
	}
	if port != 0 {
		if !free(port) {
			return os.NewSyscallError("bind", syscall.EADDRINUSE)
		}
	} else if port = h.ports.Next(free); port == 0 {
		return os.NewSyscallError("bind", syscall.EADDRINUSE)
	}
	s.port = port
	if udp {
		s.laddr = &UDPAddr{IP: ip, Port: port, Zone: zone}
	} else {
		s.laddr = &TCPAddr{IP: ip, Port: port, Zone: zone}
	}
	if udp || s.listens {
		if s.listens || s.remote == nil {
			s.end = n.listenEnd(s.host.node, s.laddr.String())
		} else {
			s.end = n.dialEnd(s.host.node)
		}
		if udp {
			n.boxes = append(n.boxes, s)
		}
		ports[port] = append(ports[port], s)
		h.known[port] = h.known[port] || !udp
	}
	return nil
}

// unbind gives the port or the name of s back.
func (n *samerunNet) unbind(s *samerunSock) {
	if _, ok := s.laddr.(*UnixAddr); ok {
		n.paths = slices.DeleteFunc(n.paths, func(other *samerunSock) bool { return other == s })
		return
	}
	n.boxes = slices.DeleteFunc(n.boxes, func(other *samerunSock) bool { return other == s })
	ports := s.host.bound(s)
	ports[s.port] = slices.DeleteFunc(ports[s.port], func(other *samerunSock) bool { return other == s })
}
