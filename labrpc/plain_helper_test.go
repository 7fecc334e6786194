package labrpc

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Desk is the service of the tests of ordinary Go.
type Desk struct {
	mu   sync.Mutex
	seen []int          // arguments of Mark
	over int            // see returned
	kept map[string]int // the reply of Share, kept
}

func (d *Desk) Double(n int, out *int)  { *out = 2 * n }
func (d *Desk) Next(p Pair, out *Pair)  { out.X = p.X + 1 }
func (d *Desk) Fill(n int, out *string) { *out = string(make([]byte, n)) }

func (d *Desk) Mark(n int, out *int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, n)
	*out = n
}

func (d *Desk) Slow(took time.Duration, out *int) {
	time.Sleep(took)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over++
	*out = 7
}

// Share changes its arguments and keeps its reply.
func (d *Desk) Share(args map[string]int, out *map[string]int) {
	*out = map[string]int{"sum": args["a"] + args["b"]}
	args["a"] = -1
	d.kept = *out
}

// plainLab is a network of ordinary Go with a server "server" and an end "client" that
// reaches it.
type plainLab struct {
	*Network
	srv  *Server
	desk *Desk
	end  *ClientEnd
	mu   sync.Mutex // of what calls in the background come to
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, seed uint64, fn func(t *testing.T, l *plainLab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &plainLab{Network: newPlain(seed)}
		l.srv, l.desk = l.addServer("server")
		l.end = l.addEnd("client", "server")
		fn(t, l)
	})
}

func (l *plainLab) addServer(name any) (*Server, *Desk) {
	desk := new(Desk)
	srv := MakeServer()
	srv.AddService(MakeService(desk))
	l.AddServer(name, srv)
	return srv, desk
}

func (l *plainLab) addEnd(name, server any) *ClientEnd {
	e := l.MakeEnd(name)
	l.Connect(name, server)
	l.Enable(name, true)
	return e
}

// call makes a call with an int for the reply.
func (l *plainLab) call(e *ClientEnd, method string, args any) (o outcome) {
	began := time.Now()
	o.ok = e.Call(method, args, &o.reply)
	o.took, o.done = time.Since(began), true
	return o
}

// background starts a call in a goroutine of its own. What it came to may be read when it is
// over; before, see tells.
func (l *plainLab) background(e *ClientEnd, method string, args any) *outcome {
	o := new(outcome)
	go func() {
		got := l.call(e, method, args)
		l.mu.Lock()
		defer l.mu.Unlock()
		*o = got
	}()
	return o
}

// see returns what a call has come to so far.
func (l *plainLab) see(o *outcome) outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	return *o
}

// returned is how many handlers of Slow have.
func (d *Desk) returned() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.over
}

// wait lets time pass, and all goroutines come to rest.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
