// Package hosts has tests of nodes as machines: their names, addresses and ports, and what
// becomes of their sockets at a crash. They need a seed.
package hosts

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// surface is what the overlay offers, as far as it is needed here.
type surface interface {
	Node() (node, boot int)
	NewNode(name string) (node int)
	Boot(node int) (boot int)
	Go(node int, id uint64, name string, fn func())
}

// world is a test with nodes.
type world struct {
	surface
	t     *testing.T
	nodes map[string]int
	last  uint64 // identity
}

// nodes makes nodes, and switches them on.
func nodes(t *testing.T, names ...string) *world {
	t.Helper()
	offer, ok := any(t).(interface{ Samerun() any })
	if !ok {
		t.Skip("without samerun there are no nodes")
	}
	s, ok := offer.Samerun().(surface)
	if !ok {
		t.Skip("without a seed there are no nodes")
	}
	w := &world{surface: s, t: t, nodes: make(map[string]int)}
	for _, name := range names {
		w.nodes[name] = s.NewNode(name)
		s.Boot(w.nodes[name])
	}
	return w
}

// start starts f on a node; done is closed when it has returned.
func (w *world) start(name string, f func()) (done chan struct{}) {
	done = make(chan struct{})
	w.last++
	w.Go(w.nodes[name], w.last, "test", func() {
		f()
		close(done)
	})
	return done
}

// on runs f on a node.
func (w *world) on(name string, f func()) {
	w.t.Helper()
	<-w.start(name, f)
}

// serve answers each connection to an address of a node with a text, and reads it to its end.
func (w *world) serve(name, address, text string) {
	w.t.Helper()
	w.on(name, func() {
		l, err := net.Listen("tcp", address)
		if err != nil {
			w.t.Errorf("%s: %v", name, err)
			return
		}
		if name == "main" {
			w.t.Cleanup(func() { l.Close() })
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					io.WriteString(c, text+" to "+c.RemoteAddr().(*net.TCPAddr).IP.String()+" at "+c.LocalAddr().(*net.TCPAddr).IP.String())
					c.(*net.TCPConn).CloseWrite()
					io.Copy(io.Discard, c)
					c.Close()
				}()
			}
		}()
	})
}

// ask returns what serve answers.
func ask(address string) (string, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	return string(b), err
}

func want(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("the error is %v, not %v", err, want)
	}
}

// Each node has its own ports, and reaches the others, and the test, by name and address.
func TestWhoReachesWhom(t *testing.T) {
	w := nodes(t, "n1", "n2")
	w.serve("n1", ":8080", "one")
	w.serve("n2", ":8080", "two")
	w.serve("n2", "127.0.0.1:81", "two's own")
	w.serve("n2", "10.0.0.2:82", "two's own address")
	w.serve("n2", "[fd00::2]:83", "two's long address")
	w.serve("main", ":8080", "the test")
	w.serve("main", "main:84", "the test's own address")
	for _, c := range []struct{ from, to, answer string }{
		{"n1", "n2:8080", "two to 10.0.0.1 at 10.0.0.2"},
		{"n1", "10.0.0.2:8080", "two to 10.0.0.1 at 10.0.0.2"},
		{"n1", "[fd00::2]:8080", "two to fd00::1 at fd00::2"},
		{"n1", "[::ffff:10.0.0.2]:8080", "two to 10.0.0.1 at 10.0.0.2"},
		{"n1", "N2.:8080", "two to 10.0.0.1 at 10.0.0.2"},
		{"n1", "localhost:8080", "one to 127.0.0.1 at 127.0.0.1"},
		{"n1", ":8080", "one to 127.0.0.1 at 127.0.0.1"},
		{"n1", "[::1]:8080", "one to ::1 at ::1"},
		{"n1", "n1:8080", "one to 10.0.0.1 at 10.0.0.1"},
		{"n1", "main:8080", "the test to 10.0.0.1 at 10.0.255.254"},
		{"n1", "[fd00::ffff:ffff]:8080", "the test to fd00::1 at fd00::ffff:ffff"},
		{"n1", "main:84", "the test's own address to 10.0.0.1 at 10.0.255.254"},
		{"n1", "n2:82", "two's own address to 10.0.0.1 at 10.0.0.2"},
		{"n1", "n2:83", "two's long address to fd00::1 at fd00::2"},
		{"n2", "127.0.0.1:81", "two's own to 127.0.0.1 at 127.0.0.1"},
		{"n2", "n1:8080", "one to 10.0.0.2 at 10.0.0.1"},
		{"main", "n1:8080", "one to 10.0.255.254 at 10.0.0.1"},
		{"main", "n2:8080", "two to 10.0.255.254 at 10.0.0.2"},
		{"main", "localhost:8080", "the test to 127.0.0.1 at 127.0.0.1"},
		{"main", "main:8080", "the test to 10.0.255.254 at 10.0.255.254"},
	} {
		w.on(c.from, func() {
			if got, err := ask(c.to); got != c.answer || err != nil {
				t.Errorf("%s asks %s: %q, %v; want %q", c.from, c.to, got, err, c.answer)
			}
		})
	}
	for _, c := range []struct{ from, to string }{
		{"n1", "n2:81"}, {"n1", "localhost:81"}, {"n1", "10.0.0.2:83"}, {"n1", "[fd00::2]:82"}, {"n2", "127.0.0.1:82"}, {"n1", "localhost:84"}, {"main", "n1:1"}, {"n1", "main:1"},
	} {
		w.on(c.from, func() {
			if got, err := ask(c.to); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("%s asks %s: %q, %v", c.from, c.to, got, err)
			}
		})
	}
}

func TestAddressesThatCannotBeHad(t *testing.T) {
	w := nodes(t, "n1", "n2")
	for _, name := range []string{"n1", "main"} {
		w.on(name, func() {
			for _, c := range []struct {
				network, address string
				err              error
			}{
				{"tcp", "10.0.0.2:8080", syscall.EADDRNOTAVAIL},
				{"tcp", "[fd00::2]:8080", syscall.EADDRNOTAVAIL},
				{"tcp", "n2:8080", syscall.EADDRNOTAVAIL},
				{"tcp", "10.0.0.3:8080", syscall.EADDRNOTAVAIL},
				{"tcp", "192.0.2.1:8080", syscall.EADDRNOTAVAIL},
				{"udp", "10.0.0.2:8080", syscall.EADDRNOTAVAIL},
				{"tcp", name + ":8080", nil},
				{"tcp", name + ":8080", syscall.EADDRINUSE},
				{"tcp", ":8080", syscall.EADDRINUSE},
				{"udp", ":8080", nil},
				{"udp", ":8080", syscall.EADDRINUSE},
			} {
				var err error
				var l io.Closer
				if c.network == "udp" {
					l, err = net.ListenPacket(c.network, c.address)
				} else {
					l, err = net.Listen(c.network, c.address)
				}
				if err == nil && name == "main" {
					t.Cleanup(func() { l.Close() })
				}
				if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
					t.Errorf("%s listens at %s %s: %v, want %v", name, c.network, c.address, err, c.err)
				}
			}
			from := func(local, to string) error {
				a, _ := net.ResolveTCPAddr("tcp", local)
				_, err := (&net.Dialer{LocalAddr: a}).Dial("tcp", to)
				return err
			}
			want(t, from("10.0.0.2:0", "10.0.0.2:8080"), syscall.EADDRNOTAVAIL)
			want(t, from("127.0.0.1:0", "10.0.0.2:8080"), syscall.EINVAL)
		})
	}
}

// Nobody answers for a node that is off, or for an address that nobody has; one that is on
// refuses.
func TestNobodyAnswers(t *testing.T) {
	w := nodes(t, "n1")
	off := w.NewNode("off")
	w.serve("n1", ":8080", "one")
	for _, name := range []string{"n1", "main"} {
		w.on(name, func() {
			began := time.Now()
			_, err := net.Dial("tcp", "10.0.0.2:8080")
			if d := time.Since(began).Round(time.Second); d != 127*time.Second {
				t.Errorf("%s: a dial to a node that is off takes %v", name, d)
			}
			want(t, err, syscall.ETIMEDOUT)

			began = time.Now()
			_, err = net.DialTimeout("tcp", "off:8080", 3*time.Second)
			if d := time.Since(began); d < 3*time.Second || d > 3100*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v after %v", name, err, d)
			}

			began = time.Now()
			_, err = net.Dial("tcp", "n1:1")
			if d := time.Since(began); d > 100*time.Millisecond {
				t.Errorf("%s: a refusal takes %v", name, d)
			}
			want(t, err, syscall.ECONNREFUSED)
		})
	}
	w.on("n1", func() {
		_, err := net.Dial("tcp", "10.0.7.7:1")
		want(t, err, syscall.EHOSTUNREACH)
		_, err = net.Dial("tcp", "192.0.2.1:1")
		want(t, err, syscall.ENETUNREACH)
	})

	// One that comes up meanwhile answers.
	w.nodes["off"] = off
	dialled := w.start("n1", func() {
		began := time.Now()
		got, err := ask("10.0.0.2:8080")
		if d := time.Since(began).Round(100 * time.Millisecond); got != "late to 10.0.0.1 at 10.0.0.2" || err != nil || d != 3*time.Second {
			t.Errorf("%q, %v after %v", got, err, d)
		}
	})
	time.Sleep(2 * time.Second)
	w.Boot(off)
	w.serve("off", ":8080", "late")
	<-dialled
}

func TestNames(t *testing.T) {
	w := nodes(t, "n1", "Db-2")
	w.on("n1", func() {
		if name, err := os.Hostname(); name != "n1" || err != nil {
			t.Errorf("the name is %q, %v", name, err)
		}
	})
	machine, _ := os.Hostname()
	if machine == "n1" || machine == "" {
		t.Errorf("the test itself has the name %q", machine)
	}
	for _, name := range []string{"n1", "main"} {
		w.on(name, func() {
			for _, c := range []struct {
				name  string
				addrs string
			}{
				{"n1", "10.0.0.1 fd00::1"}, {"db-2", "10.0.0.2 fd00::2"}, {"DB-2.", "10.0.0.2 fd00::2"}, {"main", "10.0.255.254 fd00::ffff:ffff"}, {"10.0.0.9", "10.0.0.9"},
			} {
				addrs, err := net.LookupHost(c.name)
				if strings.Join(addrs, " ") != c.addrs || err != nil {
					t.Errorf("%s looks %s up: %v, %v", name, c.name, addrs, err)
				}
			}
			for network, addr := range map[string]string{"ip4": "10.0.0.2", "ip6": "fd00::2"} {
				ips, err := net.DefaultResolver.LookupIP(context.Background(), network, "Db-2")
				if len(ips) != 1 || ips[0].String() != addr || err != nil {
					t.Errorf("%s: %v, %v", network, ips, err)
				}
			}
			for addr, want := range map[string]string{"10.0.0.2": "Db-2", "fd00::1": "n1", "10.0.255.254": "main"} {
				names, err := net.LookupAddr(addr)
				if !slices.Equal(names, []string{want}) || err != nil {
					t.Errorf("%s looks %s up: %v, %v", name, addr, names, err)
				}
			}
			if cname, err := net.LookupCNAME("n1"); cname != "n1." || err != nil {
				t.Errorf("%q, %v", cname, err)
			}
			unknown := func(err error, text string) {
				t.Helper()
				var dns *net.DNSError
				if !errors.As(err, &dns) || !dns.IsNotFound || !strings.HasSuffix(err.Error(), text) {
					t.Errorf("%s: %v, want %s", name, err, text)
				}
			}
			const where = " on the nodes of this test (n1 Db-2): no such host"
			_, err := net.Dial("tcp", "n3:80")
			unknown(err, "dial tcp: lookup n3"+where)
			_, err = net.LookupHost("n3")
			unknown(err, "lookup n3"+where)
			_, err = net.LookupTXT("n1")
			unknown(err, "lookup n1"+where)
			_, err = net.LookupMX("n3")
			unknown(err, "lookup n3"+where)
			_, err = net.LookupAddr("10.0.0.9")
			unknown(err, "lookup 10.0.0.9"+where)
			if name == "n1" {
				_, err = net.LookupHost("www.example.com")
				unknown(err, "lookup www.example.com"+where)
			}
		})
	}
	w.on("n1", func() {
		// A resolver of the program's own is asked for what no node is called.
		var asked atomic.Int32
		r := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			asked.Add(1)
			return nil, syscall.ECONNREFUSED
		}}
		if addrs, err := r.LookupHost(context.Background(), "n1"); len(addrs) != 2 || err != nil || asked.Load() > 0 {
			t.Errorf("%v, %v, %d questions", addrs, err, asked.Load())
		}
		if _, err := r.LookupHost(context.Background(), "www.example.com"); err == nil || asked.Load() == 0 {
			t.Errorf("%v, %d questions", err, asked.Load())
		}
		if addrs, err := net.LookupHost("localhost"); strings.Join(addrs, " ") != "127.0.0.1 ::1" || err != nil {
			t.Error(addrs, err)
		}
		if names, err := net.LookupAddr("127.0.0.1"); strings.Join(names, " ") != "localhost" || err != nil {
			t.Error(names, err)
		}
	})
}

func TestInterfaces(t *testing.T) {
	w := nodes(t, "n1", "n2")
	text := func(addrs []net.Addr, err error) string {
		if err != nil {
			t.Error(err)
		}
		var all []string
		for _, a := range addrs {
			all = append(all, a.String())
		}
		return strings.Join(all, " ")
	}
	before := text(net.InterfaceAddrs())
	w.on("n2", func() {
		if got := text(net.InterfaceAddrs()); got != "127.0.0.1/8 ::1/128 10.0.0.2/8 fd00::2/64" {
			t.Error(got)
		}
		all, err := net.Interfaces()
		if len(all) != 2 || err != nil {
			t.Fatal(all, err)
		}
		for i, want := range []struct {
			name, addrs string
			loopback    bool
		}{{"lo", "127.0.0.1/8 ::1/128", true}, {"eth0", "10.0.0.2/8 fd00::2/64", false}} {
			ifi := all[i]
			if got := text(ifi.Addrs()); ifi.Name != want.name || got != want.addrs || (ifi.Flags&net.FlagLoopback != 0) != want.loopback || ifi.Flags&net.FlagUp == 0 {
				t.Errorf("%+v, %s", ifi, got)
			}
			named, err := net.InterfaceByName(want.name)
			if err != nil || named.Index != ifi.Index {
				t.Error(named, err)
			}
			numbered, err := net.InterfaceByIndex(ifi.Index)
			if err != nil || numbered.Name != ifi.Name {
				t.Error(numbered, err)
			}
		}
		if _, err := net.InterfaceByName("eth1"); err == nil {
			t.Error("there is an eth1")
		}
		if _, err := net.InterfaceByIndex(9); err == nil {
			t.Error("there is a ninth one")
		}
	})
	if after := text(net.InterfaceAddrs()); after != before || strings.Contains(after, "10.0.0.2/8") {
		t.Errorf("the test itself has %s, and had %s", after, before)
	}
}

// A node takes the ports that it takes whatever others do, and other ones in its next boot.
func TestPortsThatNobodyAsksFor(t *testing.T) {
	port := func(w *world, name string) (port int) {
		w.on(name, func() {
			l, err := net.Listen("tcp", ":0")
			if err != nil {
				t.Error(err)
				return
			}
			port = l.Addr().(*net.TCPAddr).Port
			if port < 32768 || port > 60999 {
				t.Errorf("port %d", port)
			}
		})
		return port
	}
	w := nodes(t, "n1", "n2")
	w.crash("n1", time.Second)
	w.crash("n1", time.Second)
	third := port(w, "n1")
	of2 := port(w, "n2")
	w.crash("n1", time.Second)
	if fourth := port(w, "n1"); fourth == third || fourth == of2 || third == of2 {
		t.Errorf("ports %d, %d and %d", third, of2, fourth)
	}
	w.crash("n2", time.Second)
	if again := port(w, "n2"); again == of2 || again == of2+1 {
		t.Errorf("ports %d and %d", of2, again)
	}
}

// A warm connection between nodes allocates nothing.
func TestRoundTripAllocatesNothing(t *testing.T) {
	w := nodes(t, "n1", "n2")
	for _, network := range []string{"tcp", "udp"} {
		conns := make(chan net.Conn)
		w.on("n2", func() {
			if network == "udp" {
				c, err := net.ListenUDP("udp", &net.UDPAddr{Port: 7})
				if err != nil {
					t.Error(err)
					return
				}
				go func() {
					b := make([]byte, 100)
					for {
						n, from, err := c.ReadFromUDPAddrPort(b)
						if err != nil {
							return
						}
						c.WriteToUDPAddrPort(b[:n], from)
					}
				}()
				return
			}
			l, err := net.Listen("tcp", ":7")
			if err != nil {
				t.Error(err)
				return
			}
			go func() {
				c, err := l.Accept()
				if err != nil {
					t.Error(err)
					return
				}
				b := make([]byte, 100)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					c.Write(b[:n])
				}
			}()
		})
		w.start("n1", func() {
			c, err := net.Dial(network, "n2:7")
			if err != nil {
				t.Error(err)
			}
			conns <- c
		})
		c := <-conns
		if c == nil {
			continue
		}
		b := make([]byte, 16)
		if n := testing.AllocsPerRun(200, func() {
			if _, err := c.Write(b); err != nil {
				t.Error(err)
			}
			if _, err := io.ReadFull(c, b); err != nil {
				t.Error(err)
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations", network, n)
		}
	}
}
