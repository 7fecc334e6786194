//go:build unix || windows

package net

import (
	"context"
	"sync"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname
)

// Sockets that are made in a test belong to a network of the test's own, which lies
// in memory: its clock is that of the test, and its order is the seed's. What package
// net does with a file descriptor it does with one of these instead.
//
// These are sockets for TCP, UDP and Unix streams that listen on this machine, or
// are for one that listens on this machine: see samerunOpen. All others are the
// operating system's.
type samerunSocket interface {
	read(p []byte) (int, error)
	write(p []byte) (int, error)
	receive(p []byte) (n int, from *UDPAddr, cut bool, err error)
	send(p []byte, to *UDPAddr) (int, error)
	accept() (*netFD, error)
	shut(read, write bool) error
	linger(sec int)
	deadlines(t time.Time, read, write bool) error
	close() error
}

// samerunNetwork is in package runtime: the number of the bubble whose network the
// caller uses, or 0, and a hash of the seed and the test.
//
//go:linkname samerunNetwork
func samerunNetwork() (bubble, key uint64)

// samerunWorldNet is the number there of the network of all that is in no bubble of a
// test's own.
const samerunWorldNet = 1 << 63

// samerunNetWait is in package runtime: it is told of those that wait for what is on its
// way.
//
//go:linkname samerunNetWait
func samerunNetWait(n int)

// samerunDelay is in package runtime: how long what the caller sends is on its way,
// in nanoseconds.
//
//go:linkname samerunDelay
func samerunDelay() int64

// samerunRefused is in package runtime: it is told of an address at which nobody in the
// test has ever listened.
//
//go:linkname samerunRefused
func samerunRefused(address string)

// samerunEscaped is in package runtime: it is told of an address outside of the test's
// network that the test uses.
//
//go:linkname samerunEscaped
func samerunEscaped(address string)

// samerunOutside knows the ports of TCP on which something of this process listens
// for the machine's network: servers from before the test.
var samerunOutside struct {
	mu    sync.Mutex
	ports map[int]bool
}

// samerunListens is told of a socket of the machine's that listens.
func samerunListens(fd *netFD) {
	if a, ok := fd.laddr.(*TCPAddr); ok {
		samerunOutside.mu.Lock()
		defer samerunOutside.mu.Unlock()
		if samerunOutside.ports == nil {
			samerunOutside.ports = make(map[int]bool)
		}
		samerunOutside.ports[a.Port] = true
	}
}

// samerunSeeded is in package runtime: it reports whether there is a seed.
//
//go:linkname samerunSeeded
func samerunSeeded() bool

// What the first lookup of a name makes for all others must not be one test's.
func init() {
	if samerunSeeded() {
		resolvConf.initOnce.Do(resolvConf.init)
		nssConfig.initOnce.Do(nssConfig.init)
	}
}

// samerunOpen makes a socket that listens, if raddr is nil, or one that is connected.
// It reports whether it is one of the test's network, or is to be the machine's.
func samerunOpen(ctx context.Context, network string, family, sotype int, v6only bool, laddr, raddr sockaddr, options samerunOptions) (fd *netFD, ours bool, err error) {
	bubble, key := samerunNetwork()
	if bubble == 0 {
		return nil, false, nil
	}
	defer func() {
		if !ours {
			samerunEscaped(network + " " + samerunOutsideName(laddr, raddr))
		}
	}()
	n := samerunNetOf(bubble, key)
	s := &samerunSock{n: n, network: network, family: family, v6only: v6only}
	switch {
	case sotype == syscall.SOCK_STREAM && network == "unix":
		return s.openUnix(ctx, laddr, raddr, options)
	case sotype == syscall.SOCK_STREAM, sotype == syscall.SOCK_DGRAM && len(network) >= 3 && network[:3] == "udp":
		return s.openIP(ctx, sotype, laddr, raddr, options)
	}
	return nil, false, nil
}

// samerunOutsideName is how people call what a socket of the machine's is for.
func samerunOutsideName(laddr, raddr sockaddr) string {
	switch {
	case raddr != nil:
		return raddr.String()
	case laddr != nil:
		return laddr.String()
	}
	return "any address"
}

// samerunShutdown is netFD.shutdown.
func samerunShutdown(fd *netFD, how int) error {
	return fd.samerun.shut(how == syscall.SHUT_RD, how == syscall.SHUT_WR)
}

// samerunReadFrom is netFD.readFrom.
func samerunReadFrom(fd *netFD, p []byte) (n int, sa syscall.Sockaddr, err error) {
	n, from, _, err := fd.samerun.receive(p)
	if err == nil && from != nil {
		sa, err = from.sockaddr(fd.family)
	}
	return n, sa, err
}

// samerunReadFrom4 is netFD.readFromInet4.
func samerunReadFrom4(fd *netFD, p []byte, sa *syscall.SockaddrInet4) (n int, cut bool, err error) {
	n, from, cut, err := fd.samerun.receive(p)
	if from != nil {
		sa.Port = from.Port
		copy(sa.Addr[:], from.IP.To4())
	}
	return n, cut, err
}

// samerunReadFrom6 is netFD.readFromInet6.
func samerunReadFrom6(fd *netFD, p []byte, sa *syscall.SockaddrInet6) (n int, cut bool, err error) {
	n, from, cut, err := fd.samerun.receive(p)
	if from != nil {
		sa.Port = from.Port
		copy(sa.Addr[:], from.IP.To16())
	}
	return n, cut, err
}

// samerunCutFlag is the flag of readMsg for a packet that was longer than the buffer.
func samerunCutFlag(cut bool) int {
	if cut {
		return samerunTruncated
	}
	return 0
}

// samerunReadMsg is netFD.readMsg.
func samerunReadMsg(fd *netFD, p []byte) (n, oobn, flags int, sa syscall.Sockaddr, err error) {
	n, sa, err = samerunReadFrom(fd, p)
	return n, 0, 0, sa, err
}

// samerunReadMsg4 is netFD.readMsgInet4.
func samerunReadMsg4(fd *netFD, p []byte, sa *syscall.SockaddrInet4) (n, oobn, flags int, err error) {
	n, cut, err := samerunReadFrom4(fd, p, sa)
	return n, 0, samerunCutFlag(cut), err
}

// samerunReadMsg6 is netFD.readMsgInet6.
func samerunReadMsg6(fd *netFD, p []byte, sa *syscall.SockaddrInet6) (n, oobn, flags int, err error) {
	n, cut, err := samerunReadFrom6(fd, p, sa)
	return n, 0, samerunCutFlag(cut), err
}

// samerunWriteTo is netFD.writeTo and its like. A nil sa is the peer.
func samerunWriteTo(fd *netFD, p []byte, sa syscall.Sockaddr) (int, error) {
	var to *UDPAddr
	switch sa := sa.(type) {
	case *syscall.SockaddrInet4:
		if sa != nil {
			to = &UDPAddr{IP: sa.Addr[:], Port: sa.Port}
		}
	case *syscall.SockaddrInet6:
		if sa != nil {
			to = &UDPAddr{IP: sa.Addr[:], Port: sa.Port}
		}
	}
	return fd.samerun.send(p, to)
}

// samerunWriteBuffers is netFD.writeBuffers: all in one piece, as the system call does.
func samerunWriteBuffers(fd *netFD, v *Buffers) (int64, error) {
	var all []byte
	for _, b := range *v {
		all = append(all, b...)
	}
	n, err := fd.samerun.write(all)
	v.consume(int64(n))
	return int64(n), err
}
