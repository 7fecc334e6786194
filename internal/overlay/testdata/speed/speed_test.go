// Package speed has the same work for a process under a seed and for one that is plain Go:
// BenchmarkAgainstTheMachine compares what they take.
package speed

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
)

// TestWork does the work that SPEED_WORK names, SPEED_ROUNDS times.
func TestWork(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("SPEED_ROUNDS"))
	if err != nil {
		t.Skip("SPEED_ROUNDS says how often")
	}
	work := map[string]func(*testing.T, int){
		"pingpong": pingPong, "rpc": calls, "http": requests, "udp": datagrams, "gob": messages,
		"sleep": sleeps, "channel": channels, "lock": locks, "contended": contended,
	}[os.Getenv("SPEED_WORK")]
	if work == nil {
		t.Fatalf("SPEED_WORK is %q", os.Getenv("SPEED_WORK"))
	}
	if os.Getenv("SPEED_BUBBLE") != "" { // what plain Go has for virtual time
		synctest.Test(t, func(t *testing.T) { work(t, rounds) })
		return
	}
	work(t, rounds)
}

// must ends the test for an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func listen(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// pingPong sends 100 bytes there and back over TCP.
func pingPong(t *testing.T, rounds int) {
	l := listen(t)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c})
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	defer c.Close()
	b := make([]byte, 100)
	for range rounds {
		_, err := c.Write(b)
		must(t, err)
		_, err = io.ReadFull(c, b)
		must(t, err)
	}
}

// Args and Arith are those of the documentation of net/rpc.
type Args struct{ A, B int }

type Arith int

func (*Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

func calls(t *testing.T, rounds int) {
	l := listen(t)
	s := rpc.NewServer()
	must(t, s.Register(new(Arith)))
	go s.Accept(l)
	c, err := rpc.Dial("tcp", l.Addr().String())
	must(t, err)
	defer c.Close()
	for i := range rounds {
		var reply int
		must(t, c.Call("Arith.Multiply", &Args{7, i}, &reply))
		if reply != 7*i {
			t.Fatal(i, reply)
		}
	}
}

func requests(t *testing.T, rounds int) {
	l := listen(t)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })}
	go s.Serve(l)
	defer s.Close()
	for range rounds {
		r, err := http.Get("http://" + l.Addr().String() + "/hello")
		must(t, err)
		_, err = io.Copy(io.Discard, r.Body)
		must(t, err)
		r.Body.Close()
	}
}

func datagrams(t *testing.T, rounds int) {
	open := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		must(t, err)
		t.Cleanup(func() { c.Close() })
		return c
	}
	a, z := open(), open()
	go func() {
		b := make([]byte, 1000)
		for {
			n, from, err := z.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			z.WriteToUDPAddrPort(b[:n], from)
		}
	}()
	b := make([]byte, 100)
	to := z.LocalAddr().(*net.UDPAddr).AddrPort()
	for range rounds {
		_, err := a.WriteToUDPAddrPort(b, to)
		must(t, err)
		_, _, err = a.ReadFromUDPAddrPort(b)
		must(t, err)
	}
}
