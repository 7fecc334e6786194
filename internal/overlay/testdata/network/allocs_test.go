package network

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// streams returns both sides of a connection of TCP, or of a Unix socket.
func streams(t testing.TB, network string) (client, server net.Conn) {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		dir, err := os.MkdirTemp("", "s")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		address = filepath.Join(dir, "s")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}()
	client, err = net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server = <-accepted
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// roundTrip is a function that sends and gets an answer, over a connection that is warm.
func roundTrip(t testing.TB, network string) func() {
	b := make([]byte, 16)
	if network == "udp" {
		s, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close(); c.Close() })
		go func() {
			b := make([]byte, 100)
			for {
				n, from, err := s.ReadFromUDPAddrPort(b)
				if err != nil {
					return
				}
				s.WriteToUDPAddrPort(b[:n], from)
			}
		}()
		to := s.LocalAddr().(*net.UDPAddr).AddrPort()
		return func() {
			var onStack [16]byte
			if _, err := c.WriteToUDPAddrPort(onStack[:], to); err != nil {
				t.Error(err)
			}
			if n, from, err := c.ReadFromUDPAddrPort(b); n != 16 || from != to || err != nil {
				t.Error(n, from, err)
			}
		}
	}
	c, s := streams(t, network)
	go func() {
		b := make([]byte, 100)
		for {
			n, err := s.Read(b)
			if err != nil {
				return
			}
			s.Write(b[:n])
		}
	}()
	return func() {
		c.SetDeadline(time.Now().Add(time.Minute))
		if _, err := c.Write(b); err != nil {
			t.Error(err)
		}
		if _, err := io.ReadFull(c, b); err != nil {
			t.Error(err)
		}
	}
}

// Libraries hold themselves to it that a warm connection allocates nothing.
func TestRoundTripAllocatesNothing(t *testing.T) {
	for _, network := range []string{"tcp", "unix", "udp"} {
		t.Run(network, func(t *testing.T) {
			if n := testing.AllocsPerRun(200, roundTrip(t, network)); n > 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

// Nor does who sends much before the other side reads: less than once in a call.
func TestSendingAllocatesNothing(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			c, s := streams(t, network)
			go io.Copy(io.Discard, s)
			b := make([]byte, 20_000)
			send := func() {
				if _, err := c.Write(b); err != nil {
					t.Error(err)
				}
			}
			send()
			if n := testing.AllocsPerRun(20, send); n > 0 {
				t.Errorf("%v allocations", n)
			}
			parts, all := make([][]byte, 2), net.Buffers(nil)
			sendBoth := func() {
				parts[0], parts[1] = b[:100], b
				all = parts
				if _, err := all.WriteTo(c); err != nil {
					t.Error(err)
				}
			}
			sendBoth()
			if n := testing.AllocsPerRun(20, sendBoth); n > 0 {
				t.Errorf("%v allocations in parts", n)
			}
			b = make([]byte, 50_000)
			send()
			if n := testing.AllocsPerRun(20, send); n > 0 {
				t.Errorf("%v allocations for more than before", n)
			}
		})
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	for _, network := range []string{"tcp", "unix", "udp"} {
		b.Run(network, func(b *testing.B) {
			f := roundTrip(b, network)
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
