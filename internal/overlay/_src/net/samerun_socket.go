//go:build unix || windows

package net

import (
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// samerunNet is the network of one test.
type samerunNet struct {
	bubble uint64 // the number of the bubble that it belongs to
	key    uint64 // of the test

	mu    sync.Mutex             // of all that is in it, the sockets included
	tcp   map[int][]*samerunSock // those that listen, by port
	udp   map[int][]*samerunSock // all, by port
	paths []*samerunSock         // Unix sockets that listen
	ports samerunPorts           // those for who does not ask for one
	known map[int]bool           // ports of TCP at which somebody has listened
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
			// are in use.
			n.key, n.ports = key, samerunNewPorts(key)
		}
		return n
	}
	n := &samerunNet{
		bubble: bubble,
		key:    key,
		tcp:    make(map[int][]*samerunSock),
		udp:    make(map[int][]*samerunSock),
		known:  make(map[int]bool),
		ports:  samerunNewPorts(key),
	}
	*at = n
	return n
}

// samerunSock is a socket of a test's network. Its methods are those of samerunSocket.
//
// Nothing happens in the network by itself: each piece of data knows when it arrives,
// and who waits for it looks at the clock.
type samerunSock struct {
	n             *samerunNet
	network       string
	family        int
	v6only        bool
	listens       bool
	local, remote IP // of IP; unspecified if it listens for all addresses of the machine
	port          int
	laddr, raddr  Addr
	file          os.FileInfo // of a Unix socket that listens, unless its name is an abstract one

	closed    bool
	readTill  time.Time // the deadlines; zero if there are none
	writeTill time.Time
	options   uintptr       // a socket of the machine's for its options; 0 if there is none
	forget    func()        // closes that
	wake      chan struct{} // closed when anything about the socket changes; nil if nobody waits

	pending []*netFD // of one that listens: connections that nobody has accepted yet

	// Of a connected stream.
	in, out  *samerunPipe
	peer     *samerunSock
	readEnd  bool // CloseRead
	writeEnd bool // CloseWrite
	told     bool // of the reset
	abrupt   bool // SetLinger(0)

	// Of UDP.
	packets samerunMailbox[*UDPAddr]
	refused bool // the peer had no such port
}

// netFD makes what the rest of package net sees of the socket.
func (s *samerunSock) netFD(sotype int) *netFD {
	fd := &netFD{family: s.family, sotype: sotype, net: s.network, isConnected: s.raddr != nil, laddr: s.laddr, raddr: s.raddr, samerun: s}
	fd.pfd.Sysfd-- // no file descriptor
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

// wait gives the lock up until the socket changes, or the earliest of the moments that
// are not zero has come.
func (s *samerunSock) wait(moments ...time.Time) error {
	var until time.Time
	for _, m := range moments {
		if !m.IsZero() && (until.IsZero() || m.Before(until)) {
			until = m
		}
	}
	if s.wake == nil {
		s.wake = make(chan struct{})
	}
	wake := s.wake
	samerunNetWait(1)
	defer samerunNetWait(-1)
	s.n.mu.Unlock()
	if until.IsZero() {
		<-wake
	} else {
		t := time.NewTimer(time.Until(until))
		select {
		case <-wake:
		case <-t.C:
		}
		t.Stop()
	}
	s.n.mu.Lock()
	if s.closed {
		return errClosed
	}
	return nil
}

// changed wakes who waits.
func (s *samerunSock) changed() {
	if s.wake != nil {
		close(s.wake)
		s.wake = nil
	}
}

func (s *samerunSock) deadlines(t time.Time, read, write bool) error {
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
	if s.enter() == nil {
		s.abrupt = sec == 0
		s.n.mu.Unlock()
	}
}

func (s *samerunSock) close() error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	s.closed = true
	s.changed()
	if s.forget != nil {
		s.forget()
	}
	switch {
	case s.listens:
		s.n.unbind(s)
		for _, fd := range s.pending {
			fd.samerun.(*samerunSock).hangUp(true)
		}
		s.pending = nil
	case s.out != nil:
		s.hangUp(s.abrupt)
	default:
		s.n.unbind(s)
	}
	return nil
}

// bound lists the sockets of a port.
func (n *samerunNet) bound(s *samerunSock) map[int][]*samerunSock {
	if _, ok := s.laddr.(*UDPAddr); ok {
		return n.udp
	}
	return n.tcp
}

// bind gives s its port and its local address: one that is free, if port is 0.
func (n *samerunNet) bind(s *samerunSock, ip IP, port int, zone string, udp bool) error {
	s.local = ip
	ports := n.tcp
	if udp {
		ports = n.udp
	}
	free := func(port int) bool {
		for _, other := range ports[port] {
			if s.binding(ip).Clashes(other.binding(other.local)) {
				return false
			}
		}
		return true
	}
	if port != 0 {
		if !free(port) {
			return os.NewSyscallError("bind", syscall.EADDRINUSE)
		}
	} else if port = n.ports.Next(free); port == 0 {
		return os.NewSyscallError("bind", syscall.EADDRINUSE)
	}
	s.port = port
	if udp {
		s.laddr = &UDPAddr{IP: ip, Port: port, Zone: zone}
	} else {
		s.laddr = &TCPAddr{IP: ip, Port: port, Zone: zone}
	}
	if udp || s.listens {
		ports[port] = append(ports[port], s)
		n.known[port] = n.known[port] || !udp
	}
	return nil
}

// unbind gives the port or the name of s back.
func (n *samerunNet) unbind(s *samerunSock) {
	if _, ok := s.laddr.(*UnixAddr); ok {
		n.paths = slices.DeleteFunc(n.paths, func(other *samerunSock) bool { return other == s })
		return
	}
	ports := n.bound(s)
	ports[s.port] = slices.DeleteFunc(ports[s.port], func(other *samerunSock) bool { return other == s })
}
