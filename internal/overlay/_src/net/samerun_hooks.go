//go:build unix || windows

package net

import (
	"context"
	"sync"
	"syscall"
	"unsafe" // also for go:linkname
)

// Sockets that are made in a test belong to a network of the test's own, which lies
// in memory: its clock is that of the test, and its order is the seed's. What package
// net does with a file descriptor it does with one of these instead.
//
// These are sockets for TCP and UDP and Unix sockets that listen on this machine, or
// are for one that listens on this machine: see samerunOpen. All others are the
// operating system's. A socket of a test is a samerunSock.

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

// samerunVisit is in package runtime: who uses a socket of the world's network in a bubble
// that a test has made leaves that bubble until samerunVisitEnds gets what this returns.
//
//go:linkname samerunVisit
func samerunVisit(network uint64) unsafe.Pointer

//go:linkname samerunVisitEnds
func samerunVisitEnds(bubble unsafe.Pointer)

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

// samerunChildren is in package runtime: it reports whether a process lives that the
// program has started.
//
//go:linkname samerunChildren
func samerunChildren() bool

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
	if bubble != samerunWorldNet && raddr != nil && !n.hears(sotype, family, raddr) && samerunWorldHears(sotype, family, raddr) {
		if err := ctx.Err(); err != nil {
			return nil, true, mapErr(err)
		}
		ctx = context.Background() // one of the bubble's means nothing outside of it
		defer samerunVisitEnds(samerunVisit(samerunWorldNet))
		n = samerunNetOf(samerunNetwork())
	}
	h, err := n.here()
	if err != nil {
		return nil, true, err
	}
	s := &samerunSock{n: n, host: h, network: network, family: family, sotype: sotype, v6only: v6only}
	switch {
	case network == "unixgram":
		return s.openUnixPackets(ctx, laddr, raddr, options)
	case network == "unix" && sotype == syscall.SOCK_STREAM, network == "unixpacket":
		return s.openUnix(ctx, laddr, raddr, options)
	case sotype == syscall.SOCK_STREAM, sotype == syscall.SOCK_DGRAM && len(network) >= 3 && network[:3] == "udp":
		return s.openIP(ctx, laddr, raddr, options)
	}
	if h.node != 0 {
		return nil, true, &samerunNoSocket{h.node, "raw sockets"}
	}
	return nil, false, nil
}

// samerunNoSocket is the error of who asks for a socket that nodes do not have.
type samerunNoSocket struct {
	node uint32
	kind string
}

func (e *samerunNoSocket) Error() string {
	return "samerun: node " + samerunHostName(e.node) + " has no " + e.kind + ", but those for TCP, UDP and Unix"
}

func (e *samerunNoSocket) Unwrap() error { return syscall.EPROTONOSUPPORT }

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
