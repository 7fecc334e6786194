//go:build amd64 || arm64

package network

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

const (
	levelUDP   = 17
	udpSegment = 103
	udpGRO     = 104
	reusePort  = 0xf
	fionread   = 0x541b
)

// udp returns a socket that listens at an address.
func udp(t *testing.T, network, address string) (*net.UDPConn, syscall.RawConn) {
	t.Helper()
	c, err := net.ListenPacket(network, address)
	if err != nil {
		if strings.Contains(address, "::") {
			t.Skip("no IPv6: ", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	raw, err := c.(*net.UDPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	return c.(*net.UDPConn), raw
}

// set sets an option to a number.
func set(t *testing.T, raw syscall.RawConn, level, name, value int) {
	t.Helper()
	var err error
	if e := raw.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), level, name, value) }); e != nil || err != nil {
		t.Fatalf("option %d, %d: %v, %v", level, name, e, err)
	}
}

// get asks for an option.
func get(t *testing.T, raw syscall.RawConn, level, name int) (value int) {
	t.Helper()
	var err error
	if e := raw.Control(func(fd uintptr) { value, err = syscall.GetsockoptInt(int(fd), level, name) }); e != nil || err != nil {
		t.Fatalf("option %d, %d: %v, %v", level, name, e, err)
	}
	return value
}

// controls are control messages, as text.
func controls(t *testing.T, oob []byte) string {
	t.Helper()
	messages, err := syscall.ParseSocketControlMessage(oob)
	if err != nil {
		t.Fatalf("%x: %v", oob, err)
	}
	var all []string
	for _, m := range messages {
		all = append(all, fmt.Sprintf("%d/%d %x", m.Header.Level, m.Header.Type, m.Data))
	}
	return strings.Join(all, ", ")
}

// control is one control message.
func control(level, typ int, data ...byte) []byte {
	b := make([]byte, syscall.CmsgSpace(len(data)))
	h := (*syscall.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = int32(level), int32(typ)
	h.SetLen(syscall.CmsgLen(len(data)))
	copy(b[syscall.CmsgLen(0):], data)
	return b
}

func number(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }

// What comes with a packet: where it was sent to, and what its header says.
func TestControlMessages(t *testing.T) {
	const (
		info4 = "0/8 010000007f0000017f000001"
		info6 = "41/50 0000000000000000000000000000000101000000"
		info  = "41/50 00000000000000000000ffff7f00000101000000"
	)
	for _, c := range []struct {
		name, network, listen, to string
		receive                   [][2]int // options of the receiver
		send                      [][3]int // options of the sender
		oob                       []byte   // what is sent along
		want                      string
	}{
		{"nothing", "udp4", "127.0.0.1:0", "127.0.0.1", nil, nil, nil, ""},
		{"address", "udp4", "127.0.0.1:0", "127.0.0.1", [][2]int{{0, syscall.IP_PKTINFO}}, nil, nil, info4},
		{"address of any", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_PKTINFO}}, nil, nil, info4},
		{"tos and ttl", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTOS}, {0, syscall.IP_RECVTTL}}, nil, nil, "0/2 40000000, 0/1 00"},
		{"tos that is set", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTOS}, {0, syscall.IP_PKTINFO}}, [][3]int{{0, syscall.IP_TOS, 2}, {0, syscall.IP_TTL, 9}}, nil, info4 + ", 0/1 02"},
		{"ttl that is set", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTTL}}, [][3]int{{0, syscall.IP_TTL, 9}}, nil, "0/2 09000000"},
		{"tos of one packet", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTOS}}, [][3]int{{0, syscall.IP_TOS, 2}}, control(0, syscall.IP_TOS, 1), "0/1 01"},
		{"tos as a number", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTOS}}, nil, control(0, syscall.IP_TOS, number(3)...), "0/1 03"},
		{"ttl of one packet", "udp4", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_RECVTTL}}, nil, control(0, syscall.IP_TTL, number(77)...), "0/2 4d000000"},
		{"IPv6", "udp6", "[::1]:0", "::1", [][2]int{{41, syscall.IPV6_RECVPKTINFO}, {41, syscall.IPV6_RECVTCLASS}, {41, syscall.IPV6_RECVHOPLIMIT}}, [][3]int{{41, syscall.IPV6_TCLASS, 1}}, nil, info6 + ", 41/52 40000000, 41/67 01000000"},
		{"IPv6 by message", "udp6", "[::1]:0", "::1", [][2]int{{41, syscall.IPV6_RECVTCLASS}, {41, syscall.IPV6_RECVHOPLIMIT}}, nil,
			append(control(41, syscall.IPV6_TCLASS, number(2)...), control(41, syscall.IPV6_HOPLIMIT, number(5)...)...), "41/52 05000000, 41/67 02000000"},
		{"both", "udp", ":0", "127.0.0.1", [][2]int{{0, syscall.IP_PKTINFO}, {0, syscall.IP_RECVTOS}, {41, syscall.IPV6_RECVTCLASS}}, [][3]int{{0, syscall.IP_TOS, 1}}, nil, info4 + ", 0/1 01"},
		{"both, mapped", "udp", ":0", "127.0.0.1", [][2]int{{41, syscall.IPV6_RECVPKTINFO}}, nil, nil, info},
		{"both, from IPv6", "udp", ":0", "::1", [][2]int{{0, syscall.IP_PKTINFO}, {41, syscall.IPV6_RECVPKTINFO}, {0, syscall.IP_RECVTOS}, {41, syscall.IPV6_RECVTCLASS}}, nil, nil, info6 + ", 41/67 00000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.network == "udp" || strings.Contains(c.to, ":") {
				udp(t, "udp6", "[::1]:0")
			}
			s, raw := udp(t, c.network, c.listen)
			for _, o := range c.receive {
				set(t, raw, o[0], o[1], 1)
			}
			sender, from := udp(t, "udp", net.JoinHostPort(c.to, "0"))
			for _, o := range c.send {
				set(t, from, o[0], o[1], o[2])
			}
			to := &net.UDPAddr{IP: net.ParseIP(c.to), Port: s.LocalAddr().(*net.UDPAddr).Port}
			if n, oobn, err := sender.WriteMsgUDP([]byte("hello"), c.oob, to); n != 5 || oobn != len(c.oob) || err != nil {
				t.Fatal(n, oobn, err)
			}
			buf, oob := make([]byte, 10), make([]byte, 200)
			n, oobn, flags, at, err := s.ReadMsgUDP(buf, oob)
			if err != nil || n != 5 || flags != 0 || at.Port != sender.LocalAddr().(*net.UDPAddr).Port {
				t.Fatal(n, flags, at, err)
			}
			if got := controls(t, oob[:oobn]); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// A packet comes from the address that its sender has chosen for it; what is no control
// message is an error.
func TestControlOfSender(t *testing.T) {
	s, _ := udp(t, "udp4", ":0")
	c, _ := udp(t, "udp4", ":0")
	to := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.LocalAddr().(*net.UDPAddr).Port}
	if _, _, err := c.WriteMsgUDP([]byte("x"), control(0, syscall.IP_PKTINFO, 0, 0, 0, 0, 127, 0, 0, 2, 0, 0, 0, 0), to); err != nil {
		t.Fatal(err)
	}
	if _, from, err := s.ReadFromUDP(make([]byte, 1)); err != nil || !from.IP.Equal(net.IPv4(127, 0, 0, 2)) {
		t.Error(from, err)
	}
	for name, oob := range map[string][]byte{
		"cut":          control(0, syscall.IP_TOS, 1)[:syscall.CmsgLen(0)],
		"unknown":      control(0, 99, 1),
		"ttl":          control(0, syscall.IP_TTL, number(0)...),
		"not my own":   control(0, syscall.IP_PKTINFO, 0, 0, 0, 0, 192, 0, 2, 7, 0, 0, 0, 0),
		"segment size": control(levelUDP, udpSegment, 1),
	} {
		if _, _, err := c.WriteMsgUDP([]byte("x"), oob, to); !errors.Is(err, syscall.EINVAL) && !(name == "not my own" && err != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// deep has a large frame on the stack, at the depth n.
func deep(n int, f func()) {
	var frame [256]byte
	if n == 0 {
		f()
		return
	}
	deep(n-1, f)
	frame[n%256]++
}

// What a system call gets may lie on the stack, which may move meanwhile.
func TestBuffersOnTheStack(t *testing.T) {
	s, raw := udp(t, "udp4", "127.0.0.1:0")
	for depth := range 40 {
		done := make(chan error)
		go func() {
			deep(depth, func() {
				var buf [16]byte
				var name syscall.RawSockaddrInet4
				v := syscall.Iovec{Base: &buf[0], Len: 16}
				h := syscall.Msghdr{Name: (*byte)(unsafe.Pointer(&name)), Namelen: syscall.SizeofSockaddrInet4, Iov: &v, Iovlen: 1}
				var n uintptr
				var errno syscall.Errno
				size, got := uint32(4), int32(0)
				err := raw.Read(func(fd uintptr) bool {
					n, _, errno = syscall.Syscall(syscall.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&h)), 0)
					return errno != syscall.EAGAIN
				})
				raw.Control(func(fd uintptr) { // one that the system itself answers
					syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.SOL_SOCKET, syscall.SO_TYPE, uintptr(unsafe.Pointer(&got)), uintptr(unsafe.Pointer(&size)), 0)
				})
				if err == nil && (errno != 0 || string(buf[:n]) != "hello" || name.Family != syscall.AF_INET || got != syscall.SOCK_DGRAM) {
					err = fmt.Errorf("%q, %v, %+v, type %d", buf[:n], errno, name, got)
				}
				done <- err
			})
		}()
		if _, err := s.WriteTo([]byte("hello"), s.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatalf("depth %d: %v", depth, err)
		}
	}
}

// The system calls for one packet, and their flags.
func TestSystemCallsForPackets(t *testing.T) {
	s, raw := udp(t, "udp4", "127.0.0.1:0")
	c, from := udp(t, "udp4", "127.0.0.1:0")
	from.Write(func(fd uintptr) bool {
		if err := syscall.Sendto(int(fd), []byte("hello"), 0, &syscall.SockaddrInet4{Port: s.LocalAddr().(*net.UDPAddr).Port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Error(err)
		}
		if _, err := syscall.Write(int(fd), []byte("x")); err != syscall.EDESTADDRREQ {
			t.Error(err)
		}
		return true
	})
	buf := make([]byte, 3)
	raw.Read(func(fd uintptr) bool {
		n, at, err := syscall.Recvfrom(int(fd), buf, syscall.MSG_PEEK|syscall.MSG_TRUNC)
		if err == syscall.EAGAIN {
			return false
		}
		if a, ok := at.(*syscall.SockaddrInet4); err != nil || n != 5 || string(buf) != "hel" || !ok || a.Port != c.LocalAddr().(*net.UDPAddr).Port {
			t.Error(n, at, err)
		}
		waiting := int32(0)
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, fionread, uintptr(unsafe.Pointer(&waiting))); errno != 0 || waiting != 5 {
			t.Error(waiting, errno)
		}
		n, oobn, flags, _, err := syscall.Recvmsg(int(fd), buf, make([]byte, 50), 0)
		if err != nil || n != 3 || oobn != 0 || flags != syscall.MSG_TRUNC {
			t.Error(n, oobn, flags, err)
		}
		if _, err := syscall.Read(int(fd), buf); err != syscall.EAGAIN {
			t.Error(err)
		}
		name, err := syscall.Getsockname(int(fd))
		if a, ok := name.(*syscall.SockaddrInet4); !ok || a.Port != s.LocalAddr().(*net.UDPAddr).Port {
			t.Error(name, err)
		}
		if _, err := syscall.Getpeername(int(fd)); err != syscall.ENOTCONN {
			t.Error(err)
		}
		return true
	})

	// Control messages for which there is no room.
	set(t, raw, 0, syscall.IP_PKTINFO, 1)
	for room, flags := range map[int]int{0: syscall.MSG_CTRUNC, 17: syscall.MSG_CTRUNC, syscall.CmsgSpace(12): 0} {
		c.WriteTo([]byte("hello"), s.LocalAddr())
		if _, n, got, _, err := s.ReadMsgUDP(make([]byte, 5), make([]byte, room)); err != nil || n > room || got != flags {
			t.Errorf("%d bytes of %d, flags %d, %v", n, room, got, err)
		}
	}

	// A port at which nobody listens, and what is too long.
	p, err := net.DialUDP("udp4", nil, s.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	peer, _ := p.SyscallConn()
	peer.Write(func(fd uintptr) bool {
		if _, err := syscall.Write(int(fd), make([]byte, 65508)); err != syscall.EMSGSIZE {
			t.Error(err)
		}
		return true
	})
	s.Close()
	peer.Write(func(fd uintptr) bool {
		if n, err := syscall.Write(int(fd), []byte("x")); n != 1 || err != nil {
			t.Error(n, err)
		}
		return true
	})
	time.Sleep(20 * time.Millisecond)
	if got := get(t, peer, syscall.SOL_SOCKET, syscall.SO_ERROR); got != int(syscall.ECONNREFUSED) {
		t.Error(got)
	}
	if got := get(t, peer, syscall.SOL_SOCKET, syscall.SO_ERROR); got != 0 {
		t.Error(got)
	}
}

func TestSystemCallsForStreams(t *testing.T) {
	c, s := pair(t)
	raw, _ := s.SyscallConn()
	from, _ := c.SyscallConn()
	from.Write(func(fd uintptr) bool {
		v := []syscall.Iovec{{Base: &[]byte("ab")[0], Len: 2}, {Base: &[]byte("cdef")[0], Len: 4}}
		if n, _, errno := syscall.Syscall(syscall.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&v[0])), 2); n != 6 || errno != 0 {
			t.Error(n, errno)
		}
		return true
	})
	raw.Read(func(fd uintptr) bool {
		b := make([]byte, 10)
		n, _, err := syscall.Recvfrom(int(fd), b, syscall.MSG_PEEK)
		if err == syscall.EAGAIN {
			return false
		}
		if err != nil || string(b[:n]) != "abcdef" {
			t.Errorf("%q, %v", b[:n], err)
		}
		waiting := int32(0)
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, fionread, uintptr(unsafe.Pointer(&waiting))); errno != 0 || waiting != 6 {
			t.Error(waiting, errno)
		}
		v := []syscall.Iovec{{Base: &b[0], Len: 1}, {Base: &b[5], Len: 3}}
		if n, _, errno := syscall.RawSyscall(syscall.SYS_READV, fd, uintptr(unsafe.Pointer(&v[0])), 2); n != 4 || errno != 0 || string(b[:1])+string(b[5:8]) != "abcd" {
			t.Errorf("%d, %v, %q", n, errno, b)
		}
		if n, err := syscall.Read(int(fd), b); string(b[:n]) != "ef" || err != nil {
			t.Errorf("%q, %v", b[:n], err)
		}
		for _, look := range []func(int) (syscall.Sockaddr, error){syscall.Getsockname, syscall.Getpeername} {
			a, err := look(int(fd))
			if in, ok := a.(*syscall.SockaddrInet4); err != nil || !ok || in.Port == 0 || in.Addr != [4]byte{127, 0, 0, 1} {
				t.Error(a, err)
			}
		}
		if err := syscall.Shutdown(int(fd), syscall.SHUT_WR); err != nil {
			t.Error(err)
		}
		if _, err := syscall.Write(int(fd), b); err != syscall.EPIPE {
			t.Error(err)
		}
		return true
	})
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error(n, err)
	}
	// There is no more room than nobody reads.
	sent := 0
	from.Write(func(fd uintptr) bool {
		for {
			n, err := syscall.Write(int(fd), make([]byte, 1<<20))
			if err != nil {
				if err != syscall.EAGAIN {
					t.Error(err)
				}
				return true
			}
			sent += n
		}
	})
	waited := make(chan error)
	go func() {
		waited <- from.Write(func(fd uintptr) bool {
			n, err := syscall.Write(int(fd), []byte("x"))
			return n == 1 || err != syscall.EAGAIN
		})
	}()
	time.Sleep(20 * time.Millisecond)
	for got := 0; got < sent; {
		n, err := s.Read(make([]byte, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	if err := <-waited; err != nil {
		t.Error(err)
	}
	// A close while somebody looks, and waits.
	time.AfterFunc(20*time.Millisecond, func() { c.Close() })
	peer, _ := c.SyscallConn()
	if err := peer.Read(func(fd uintptr) bool { return false }); err == nil {
		t.Error("a read ends without an error")
	}
}

// What package net itself has set, is seen; options that change nothing do no harm.
func TestOptionsAreKept(t *testing.T) {
	c, _ := pair(t)
	raw, _ := c.SyscallConn()
	if get(t, raw, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) == 0 {
		t.Error("TCP_NODELAY is not set")
	}
	c.SetNoDelay(false)
	if get(t, raw, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0 {
		t.Error("TCP_NODELAY is set")
	}
	c.SetNoDelay(true)
	if get(t, raw, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) == 0 {
		t.Error("TCP_NODELAY is not set again")
	}
	s, raw := udp(t, "udp4", "127.0.0.1:0")
	usual := get(t, raw, syscall.SOL_SOCKET, syscall.SO_RCVBUF)
	s.SetReadBuffer(usual / 4)
	if got := get(t, raw, syscall.SOL_SOCKET, syscall.SO_RCVBUF); got != usual/4*2 {
		t.Errorf("a buffer of %d bytes, want %d", got, usual/4*2)
	}
	set(t, raw, 0, syscall.IP_MTU_DISCOVER, syscall.IP_PMTUDISC_DO)
	if get(t, raw, 0, syscall.IP_MTU_DISCOVER) != syscall.IP_PMTUDISC_DO {
		t.Error("IP_MTU_DISCOVER is not kept")
	}
	raw.Control(func(fd uintptr) {
		if err := syscall.SetsockoptTimeval(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: 1}); err != nil {
			t.Error(err)
		}
	})
	s.WriteTo([]byte("x"), s.LocalAddr())
	if n, err := s.Read(make([]byte, 2)); n != 1 || err != nil {
		t.Error(n, err)
	}
}

// Several sockets share a port if all want it; each sender has one of them.
func TestSharedPorts(t *testing.T) {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		if e := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, reusePort, 1) }); e != nil {
			return e
		}
		return err
	}}
	first, err := config.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := config.ListenPacket(t.Context(), "udp4", first.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	_, err = net.ListenPacket("udp4", first.LocalAddr().String())
	want(t, err, syscall.EADDRINUSE)
	got := make(chan int, 100)
	for i, s := range []net.PacketConn{first, second} {
		go func() {
			for {
				if _, _, err := s.ReadFrom(make([]byte, 9)); err != nil {
					return
				}
				got <- i
			}
		}()
	}
	var counts [2]int
	for range 40 {
		c, _ := udp(t, "udp4", "127.0.0.1:0")
		home := -1
		for range 2 {
			c.WriteTo([]byte("x"), first.LocalAddr())
			at := <-got
			if counts[at]++; home >= 0 && at != home {
				t.Error("a sender has two receivers")
			}
			home = at
		}
	}
	if counts[0] == 0 || counts[1] == 0 {
		t.Errorf("the packets go %d to %d", counts[0], counts[1])
	}

	l, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	again, err := config.Listen(t.Context(), "tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for i, l := range []net.Listener{l, again} {
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				c.Close()
				got <- i
			}
		}()
	}
	counts = [2]int{}
	for range 40 {
		c, err := net.Dial("tcp4", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		counts[<-got]++
		c.Close()
	}
	if counts[0] == 0 || counts[1] == 0 {
		t.Errorf("the connections go %d to %d", counts[0], counts[1])
	}
}
