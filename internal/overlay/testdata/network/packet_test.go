package network

import (
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestPackets(t *testing.T) {
	a, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := net.ListenPacket("udp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_, err = net.ListenPacket("udp", a.LocalAddr().String())
	want(t, err, syscall.EADDRINUSE)
	to := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: b.LocalAddr().(*net.UDPAddr).Port}
	for _, text := range []string{"one", "", "three"} {
		if n, err := a.WriteTo([]byte(text), to); n != len(text) || err != nil {
			t.Error(n, err)
		}
	}
	buf := make([]byte, 2)
	for _, text := range []string{"on", "", "th"} {
		n, from, err := b.ReadFrom(buf)
		if err != nil || string(buf[:n]) != text || from.String() != a.LocalAddr().String() {
			t.Errorf("%q, %v, %v", buf[:n], from, err)
		}
	}
	b.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, _, err = b.ReadFrom(buf)
	want(t, err, os.ErrDeadlineExceeded)
	time.AfterFunc(10*time.Millisecond, func() { a.Close() })
	_, _, err = a.ReadFrom(buf)
	want(t, err, net.ErrClosed)
}

func TestConnectedPackets(t *testing.T) {
	s, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp", s.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("ping")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 10)
	n, from, err := s.ReadFromUDPAddrPort(buf)
	if err != nil || string(buf[:n]) != "ping" || from != c.LocalAddr().(*net.UDPAddr).AddrPort() {
		t.Errorf("%q, %v, %v", buf[:n], from, err)
	}
	if n, _, err := s.WriteMsgUDPAddrPort([]byte("pong"), nil, from); n != 4 || err != nil {
		t.Error(n, err)
	}
	n, _, flags, addr, err := c.(*net.UDPConn).ReadMsgUDPAddrPort(buf[:2], nil)
	if err != nil || string(buf[:n]) != "po" || flags&syscall.MSG_TRUNC == 0 || addr.Port() != s.LocalAddr().(*net.UDPAddr).AddrPort().Port() {
		t.Errorf("%q, %d, %v, %v", buf[:n], flags, addr, err)
	}
	if _, err := c.(*net.UDPConn).WriteTo([]byte("x"), s.LocalAddr()); err == nil {
		t.Error("a connected socket sends to an address")
	}
	s.Close()
	c.Write([]byte("ping"))
	time.Sleep(20 * time.Millisecond)
	_, err = c.Read(buf)
	want(t, err, syscall.ECONNREFUSED)
	if a := c.RemoteAddr().(*net.UDPAddr).AddrPort(); a.Addr() != netip.MustParseAddr("127.0.0.1") {
		t.Error(a)
	}
}
