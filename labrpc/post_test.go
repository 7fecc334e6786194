package labrpc

import (
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// wire is a network for datagrams in memory, on which a test decides what becomes of each.
type wire struct {
	mu      sync.Mutex
	sockets []*wireSocket
	sent    int
	// fate returns after how long the n-th datagram arrives, from 0: once for each copy.
	fate func(n int, datagram []byte) []time.Duration
}

type wireSocket struct {
	net.PacketConn
	w    *wire
	port int
	in   chan []byte
}

func (w *wire) socket() (net.PacketConn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &wireSocket{w: w, port: len(w.sockets), in: make(chan []byte)}
	w.sockets = append(w.sockets, s)
	return s, nil
}

func (s *wireSocket) LocalAddr() net.Addr { return &net.UDPAddr{Port: s.port} }

func (s *wireSocket) ReadFrom(b []byte) (int, net.Addr, error) {
	datagram, ok := <-s.in
	if !ok {
		return 0, nil, net.ErrClosed
	}
	return copy(b, datagram), nil, nil
}

func (s *wireSocket) WriteTo(b []byte, to net.Addr) (int, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	datagram := slices.Clone(b)
	there := s.w.sockets[to.(*net.UDPAddr).Port]
	for _, after := range s.w.fate(s.w.sent, datagram) {
		go func() { time.Sleep(after); there.in <- datagram }()
	}
	s.w.sent++
	return len(b), nil
}

// overWire runs a test in virtual time whose messages are datagrams.
func overWire(t *testing.T, fate func(n int, datagram []byte) []time.Duration, fn func(t *testing.T, l *plainLab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{fate: fate}
		rn := newPlain(1).by.(*plainNet)
		rn.way = newPost(rn, w.socket)
		l := &plainLab{Network: rn.Network}
		l.srv, l.desk = l.addServer("server")
		l.end = l.addEnd("client", "server")
		fn(t, l)
		synctest.Wait()
		for _, s := range w.sockets {
			close(s.in)
		}
	})
}

// Schedules name the sockets by the order in which they began to listen: servers, as they were
// added, and the clients behind those that were there before the first call.
func TestPostListeners(t *testing.T) {
	w := &wire{fate: func(int, []byte) []time.Duration { return nil }}
	rn := newPlain(1).by.(*plainNet)
	p := newPost(rn, w.socket)
	rn.way = p
	l := &plainLab{Network: rn.Network}
	for _, name := range []string{"a", "b", "a", "c"} {
		l.addServer(name)
	}
	clients, b := p.sockets(rn.binding("b"))
	l.addServer("d")
	_, a := p.sockets(rn.binding("a"))
	_, d := p.sockets(rn.binding("d"))
	for want, socket := range []net.PacketConn{a, b, 3: clients, 4: d} {
		if socket != nil && socket != w.sockets[want] {
			t.Errorf("listener %d is another", want+1)
		}
	}
	for _, s := range w.sockets {
		close(s.in)
	}
}

var arrives = []time.Duration{0}

func TestPostDelays(t *testing.T) {
	overWire(t, func(n int, _ []byte) []time.Duration { return []time.Duration{time.Duration(n+1) * 10 * ms} }, func(t *testing.T, l *plainLab) {
		for i := range 3 { // the messages of call i take 20i + 10 and 20i + 20 ms
			if o := l.call(l.end, "Desk.Double", i); !o.ok || o.reply != 2*i || o.took != time.Duration(40*i+30)*ms {
				t.Errorf("%d: %+v", i, o)
			}
		}
	})
}

// A message that does not arrive is to the caller as a server that cannot be reached.
func TestPostLosses(t *testing.T) {
	for lost, ran := range []int{0, 1} {
		for _, long := range []bool{false, true} {
			overWire(t, func(n int, _ []byte) []time.Duration {
				if n == lost {
					return nil
				}
				return arrives
			}, func(t *testing.T, l *plainLab) {
				l.LongDelays(long)
				o := l.call(l.end, "Desk.Mark", 4)
				most := map[bool]time.Duration{false: nowhere * ms, true: LONGDELAY * ms}[long]
				if o.ok || o.took < silence || o.took >= silence+most || long && o.took < silence+nowhere*ms {
					t.Errorf("message %d lost, long %v: %+v", lost, long, o)
				}
				if len(l.desk.seen) != ran || l.srv.GetCount() != ran {
					t.Errorf("message %d lost: the handler ran %d times, %d counted", lost, len(l.desk.seen), l.srv.GetCount())
				}
				if o := l.call(l.end, "Desk.Double", 4); !o.ok || o.took != 0 {
					t.Errorf("the next call: %+v", o)
				}
			})
		}
	}
}

// A request that arrives twice, or when its caller has given it up, is executed and counted, and
// nobody hears of it.
func TestPostCopies(t *testing.T) {
	for name, c := range map[string]struct {
		arrivals []time.Duration
		ok       bool
	}{
		"twice at once":   {[]time.Duration{0, 0}, true},
		"and much later":  {[]time.Duration{0, 30 * time.Second}, true},
		"only much later": {[]time.Duration{30 * time.Second}, false},
	} {
		overWire(t, func(n int, _ []byte) []time.Duration {
			if n == 0 {
				return c.arrivals
			}
			return slices.Repeat(arrives, 2) // a reply that comes twice is one
		}, func(t *testing.T, l *plainLab) {
			if o := l.call(l.end, "Desk.Mark", 4); o.ok != c.ok || o.ok && o.reply != 4 {
				t.Errorf("%s: %+v", name, o)
			}
			for i := range 20 { // others use the record meanwhile
				if o := l.call(l.end, "Desk.Double", i); o.reply != 2*i {
					t.Errorf("%s: %+v", name, o)
				}
			}
			wait(time.Minute)
			if n := len(c.arrivals); !slices.Equal(l.desk.seen, slices.Repeat([]int{4}, n)) {
				t.Errorf("%s: the handler has seen %v", name, l.desk.seen)
			}
			// 20 calls whose requests come twice, too.
			if n := len(c.arrivals) + 40; l.srv.GetCount() != n {
				t.Errorf("%s: %d counted, want %d", name, l.srv.GetCount(), n)
			}
		})
	}
}

// What was changed on the way has not arrived.
func TestPostFlips(t *testing.T) {
	for bit := range 8 * (minDatagram + 2) {
		overWire(t, func(n int, datagram []byte) []time.Duration {
			if n == 0 {
				datagram[bit/8] ^= 1 << (bit % 8)
			}
			return arrives
		}, func(t *testing.T, l *plainLab) {
			if l.end.Call("Desk.Share", map[string]int{"a": 1}, new(map[string]int)) || l.srv.GetCount() != 0 {
				t.Errorf("a call succeeded though bit %d of its request was wrong", bit)
			}
		})
	}
}

// Real sockets carry it as well, messages of any size.
func TestPostOverSockets(t *testing.T) {
	l := &plainLab{Network: newFaulty(anySeed())}
	l.srv, _ = l.addServer("server")
	l.end = l.addEnd("client", "server")
	for _, n := range []int{0, 1000, 100_000, 1_000_000} {
		reply := ""
		if !l.end.Call("Desk.Fill", n, &reply) || len(reply) != n {
			t.Errorf("%d bytes: %d", n, len(reply))
		}
	}
}
