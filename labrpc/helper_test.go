package labrpc

import (
	"bytes"
	"encoding/gob"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"samerun/sim"
)

// tick is the latency of every message in tests that compare times: so short that
// it never adds up to a millisecond.
const tick = time.Nanosecond

// exactly is a world in which a call takes two ticks on top of what the rules say.
func exactly(seed uint64) sim.Config {
	// On a busy machine a goroutine may get no processor for seconds: that is no stall.
	return sim.Config{Seed: seed, Stall: time.Hour, Link: sim.LinkConfig{Latency: sim.Durations{Min: tick, Max: tick}}}
}

// run runs a scenario that must not fail.
func run(t *testing.T, cfg sim.Config, fn func(w *sim.World)) *sim.Report {
	t.Helper()
	r := sim.Run(cfg, fn)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	return r
}

// fails runs a scenario that must fail, with seed, time and all the words.
func fails(t *testing.T, fn func(w *sim.World), words ...string) {
	t.Helper()
	r := sim.Run(exactly(41), func(w *sim.World) {
		w.Sleep(3 * time.Second)
		fn(w)
	})
	if r.Err == nil {
		t.Fatalf("the run did not fail; want %q", words)
	}
	text := r.Err.Error()
	for _, word := range append([]string{"seed 41 at 3", "labrpc"}, words...) {
		if !strings.Contains(text, word) {
			t.Errorf("the error has no %q in it: %s", word, text)
		}
	}
	if re := (*sim.RunError)(nil); !errors.As(r.Err, &re) || strings.Contains(text, "panic") {
		t.Errorf("bad input made the run panic: %s", text)
	}
}

// Pair is a structure to send.
type Pair struct {
	X int
	Y string
}

// Echo is the service of most tests.
type Echo struct {
	w       *sim.World
	started int
	ended   int
	last    time.Duration // when a handler ended last
	ids     map[int]bool  // arguments of Mark
}

func (e *Echo) Double(n int, out *int)       { *out = 2 * n }
func (e *Echo) Len(s string, out *int)       { *out = len(s) }
func (e *Echo) Fill(n int, out *string)      { *out = strings.Repeat("f", n) }
func (e *Echo) ByPointer(p *Pair, out *Pair) { out.X, out.Y = p.X+1, p.Y+"!"; p.X = -1 }
func (e *Echo) ByValue(p Pair, out *Pair)    { out.X, out.Y = p.X+1, p.Y+"!" }
func (e *Echo) Mark(n int, out *int)         { e.ids[n] = true; *out = n }

func (e *Echo) Slow(d time.Duration, out *int) {
	e.started++
	e.w.Sleep(d)
	e.ended++
	e.last = e.w.Elapsed()
	*out = 7
}

// lab is a network with a server "server" and an end "client" that reaches it.
type lab struct {
	*Network
	w    *sim.World
	srv  *Server
	echo *Echo
	end  *ClientEnd
}

func newLab(w *sim.World) *lab {
	l := &lab{Network: NewNetwork(w), w: w}
	l.srv, l.echo = l.addServer("server")
	l.end = l.addEnd("client", "server")
	return l
}

func (l *lab) addServer(name any) (*Server, *Echo) {
	echo := &Echo{w: l.w, ids: map[int]bool{}}
	srv := MakeServer()
	srv.AddService(MakeService(echo))
	l.AddServer(name, srv)
	return srv, echo
}

func (l *lab) addEnd(name, server any) *ClientEnd {
	e := l.MakeEnd(name)
	l.Connect(name, server)
	l.Enable(name, true)
	return e
}

// outcome is what one call came to.
type outcome struct {
	ok    bool
	reply int
	took  time.Duration
	at    time.Duration // of its return
	done  bool
}

// call makes a call with an int for the reply.
func (l *lab) call(e *ClientEnd, method string, args any) outcome {
	var o outcome
	began := l.w.Elapsed()
	o.ok = e.Call(method, args, &o.reply)
	o.at, o.done = l.w.Elapsed(), true
	o.took = o.at - began
	return o
}

// background starts a call in a task of its own.
func (l *lab) background(e *ClientEnd, method string, args any) *outcome {
	o := new(outcome)
	l.w.Go("call", func() { *o = l.call(e, method, args) })
	return o
}

// gobLen is the length of v as a fresh encoder of encoding/gob writes it.
func gobLen(t *testing.T, v any) int64 {
	t.Helper()
	// The first type that a process shows to gob gets a number which takes a byte
	// less than those of all others: this one.
	_ = gob.NewEncoder(io.Discard).Encode(struct{ First int }{1})
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return int64(b.Len())
}

// noLeak makes sure that every record of a call was given back, but for n whose
// callers crashed.
func (l *lab) noLeak(t *testing.T, n int) {
	t.Helper()
	wn := inWorld(l.Network)
	if wn.live != n || wn.serving != nil {
		t.Errorf("%d records of calls are in use, want %d; handlers listed: %v", wn.live, n, wn.serving != nil)
	}
	for c := wn.spare; c != nil; c = c.next {
		if c.refs != 0 || c.handlers != 0 || c.looking || c.req.Copies+c.rep.Copies != 0 {
			t.Errorf("a record was given back while it was in use: %d references, %d handlers", c.refs, c.handlers)
		}
	}
}

// inWorld returns who carries the calls of a network in a world.
func inWorld(rn *Network) *worldNet { return rn.by.(*worldNet) }

// about says whether n of all is num/den, within five standard deviations.
func about(n, all, num, den int) bool {
	off := int64(n)*int64(den) - int64(all)*int64(num) // den times the deviation
	// 25 · all · p · (1-p), times den².
	return off*off <= 25*int64(all)*int64(num)*int64(den-num)
}
