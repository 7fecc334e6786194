package hosts

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Packets carry the address of their node, by way of which they can be answered.
func TestPackets(t *testing.T) {
	w := nodes(t, "n1", "n2")
	off := w.NewNode("off")
	for _, name := range []string{"n1", "n2", "main"} {
		w.on(name, func() {
			s, err := net.ListenPacket("udp", ":5353")
			if err != nil {
				t.Error(name, err)
				return
			}
			if name == "main" {
				t.Cleanup(func() { s.Close() })
			}
			go func() {
				b := make([]byte, 100)
				for {
					n, from, err := s.ReadFrom(b)
					if err != nil {
						return
					}
					s.WriteTo(append([]byte(name+" to "+from.(*net.UDPAddr).IP.String()+": "), b[:n]...), from)
				}
			}()
		})
	}
	ask := func(c net.Conn) (string, error) {
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Second))
		if _, err := c.Write([]byte("hi")); err != nil {
			return "", err
		}
		b := make([]byte, 100)
		n, err := c.Read(b)
		return string(b[:n]), err
	}
	for _, c := range []struct{ from, to, local, answer string }{
		{"n1", "n2:5353", "10.0.0.1", "n2 to 10.0.0.1: hi"},
		{"n1", "[fd00::2]:5353", "fd00::1", "n2 to fd00::1: hi"},
		{"n1", "localhost:5353", "127.0.0.1", "n1 to 127.0.0.1: hi"},
		{"n1", "n1:5353", "10.0.0.1", "n1 to 10.0.0.1: hi"},
		{"n2", "main:5353", "10.0.0.2", "main to 10.0.0.2: hi"},
		{"main", "n1:5353", "10.0.255.254", "n1 to 10.0.255.254: hi"},
		{"main", "127.0.0.1:5353", "127.0.0.1", "main to 127.0.0.1: hi"},
	} {
		w.on(c.from, func() {
			s, err := net.Dial("udp", c.to)
			if err != nil {
				t.Error(c, err)
				return
			}
			if local := s.LocalAddr().(*net.UDPAddr).IP.String(); local != c.local {
				t.Errorf("%s sends to %s from %s", c.from, c.to, local)
			}
			if got, err := ask(s); got != c.answer || err != nil {
				t.Errorf("%s asks %s: %q, %v", c.from, c.to, got, err)
			}
		})
	}

	w.on("n1", func() {
		// One socket for all.
		s, err := net.ListenPacket("udp", ":0")
		if err != nil {
			t.Error(err)
			return
		}
		for _, c := range []struct{ to, answer string }{{"10.0.0.2:5353", "n2 to 10.0.0.1: x"}, {"[fd00::2]:5353", "n2 to fd00::1: x"}, {"127.0.0.1:5353", "n1 to 127.0.0.1: x"}} {
			to, _ := net.ResolveUDPAddr("udp", c.to)
			s.WriteTo([]byte("x"), to)
			b := make([]byte, 100)
			n, from, err := s.ReadFrom(b)
			if string(b[:n]) != c.answer || from.String() != c.to || err != nil {
				t.Errorf("%q from %v, %v", b[:n], from, err)
			}
		}
		for to, want := range map[string]error{"10.0.7.7:9": nil, "10.0.0.3:5353": nil, "192.0.2.1:9": syscall.ENETUNREACH} {
			a, _ := net.ResolveUDPAddr("udp", to)
			if _, err := s.WriteTo([]byte("x"), a); !errors.Is(err, want) {
				t.Errorf("%s: %v", to, err)
			}
		}

		// A port without a socket is told, a node that is off is not.
		c, err := net.Dial("udp", "n2:9")
		if err != nil {
			t.Error(err)
			return
		}
		if _, err = ask(c); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Error(err)
		}
		c, err = net.Dial("udp", "off:5353")
		if err != nil {
			t.Error(err)
			return
		}
		if _, err = ask(c); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
	w.Boot(off)
}

// A Unix socket is one of its node, whose file all nodes see.
func TestUnixSocketsStayOnTheirNode(t *testing.T) {
	w := nodes(t, "n1", "n2")
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	stream, packets := filepath.Join(dir, "stream"), filepath.Join(dir, "packets")
	w.on("n1", func() {
		l, err := net.Listen("unix", stream)
		if err != nil {
			t.Error(err)
			return
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				c.Close()
			}
		}()
		if _, err := net.ListenPacket("unixgram", packets); err != nil {
			t.Error(err)
		}
		if _, err := net.Listen("unix", "@name"); err != nil {
			t.Error(err)
		}
		if _, err := net.Dial("unix", stream); err != nil {
			t.Error(err)
		}
		if _, err := net.Dial("unixgram", packets); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"n2", "main"} {
		w.on(name, func() {
			refused := func(path string, err error) {
				t.Helper()
				text := "connection refused: the Unix socket " + path + " is one of n1, and " + name + " reaches only its own; between nodes there are TCP and UDP"
				if !errors.Is(err, syscall.ECONNREFUSED) || !strings.HasSuffix(err.Error(), text) {
					t.Errorf("%s: %v", name, err)
				}
			}
			_, err := net.Dial("unix", stream)
			refused(stream, err)
			_, err = net.Dial("unixgram", packets)
			refused(packets, err)
			s, err := net.ListenPacket("unixgram", filepath.Join(dir, name))
			if err != nil {
				t.Error(err)
				return
			}
			if name == "main" {
				t.Cleanup(func() { s.Close() })
			}
			_, err = s.WriteTo([]byte("x"), &net.UnixAddr{Name: packets, Net: "unixgram"})
			refused(packets, err)
			_, err = net.Listen("unix", stream)
			want(t, err, syscall.EADDRINUSE)
			_, err = net.Dial("unix", "@name")
			want(t, err, syscall.ECONNREFUSED)
			l, err := net.Listen("unix", "@name")
			if err != nil {
				t.Error(err)
			} else {
				l.Close()
			}
		})
	}
}

// What a node has no sockets for is said.
func TestSocketsThatNodesLack(t *testing.T) {
	w := nodes(t, "n1")
	w.on("n1", func() {
		_, err := net.ListenPacket("ip4:icmp", "0.0.0.0")
		if text := "listen ip4:icmp 0.0.0.0: samerun: node n1 has no raw sockets, but those for TCP, UDP and Unix"; err == nil || err.Error() != text {
			t.Errorf("%v, want %s", err, text)
		}
		_, err = net.Dial("ip4:icmp", "10.0.0.1")
		if text := "samerun: node n1 has no raw sockets, but those for TCP, UDP and Unix"; err == nil || !strings.HasSuffix(err.Error(), text) {
			t.Errorf("%v, want %s", err, text)
		}
		_, err = net.ListenMulticastUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353})
		if text := "samerun: node n1 has no sockets for groups of many, but those for TCP, UDP and Unix"; err == nil || !strings.HasSuffix(err.Error(), text) {
			t.Errorf("%v, want %s", err, text)
		}
	})
}
