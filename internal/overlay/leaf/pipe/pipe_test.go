package pipe

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// fixed is a delay that is always the same.
func fixed(d time.Duration) func() int64 { return func() int64 { return int64(d) } }

// take takes what has arrived.
func take(p *Pipe) string {
	b := make([]byte, pipeRoom)
	return string(b[:p.Take(b, len(b))])
}

func TestDataArrivesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		if _, ok := p.Next(); ok {
			t.Error("there is a piece in an empty pipe")
		}
		b := []byte("one")
		if news, deaf := p.Send(b, p.Arrival(fixed(time.Second))); !news || deaf {
			t.Error("who reads is not told")
		}
		copy(b, "xxx") // the writer's own
		p.Send([]byte("two"), p.Arrival(fixed(time.Millisecond)))
		if next, ok := p.Next(); !ok || time.Until(next) != time.Second {
			t.Errorf("the first piece arrives at %v", next)
		}
		if got := take(&p); got != "" {
			t.Errorf("%q has arrived at once", got)
		}
		time.Sleep(time.Second - 1)
		if got := take(&p); got != "" {
			t.Errorf("%q has arrived too early", got)
		}
		time.Sleep(time.Nanosecond)
		if n := p.Take(nil, 2); n != 2 {
			t.Errorf("%d bytes are skipped, want 2", n)
		}
		if got := take(&p); got != "etwo" {
			t.Errorf("%q, want the rest of both, since the second waits for the first", got)
		}
		if got := take(&p); got != "" || p.size != 0 {
			t.Errorf("%q, %d bytes are left", got, p.size)
		}
	})
}

// Whatever is sent and taken in whatever pieces and moments, one stream comes out.
func TestOneStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		var p Pipe
		var sent, got []byte
		for range 5000 {
			switch r.IntN(3) {
			case 0:
				b := make([]byte, min(r.IntN(3000), max(p.Room(), 0)))
				for i := range b {
					b[i] = byte(r.Uint32())
				}
				p.Send(b, p.Arrival(func() int64 { return r.Int64N(1000) }))
				sent = append(sent, b...)
			case 1:
				b := make([]byte, r.IntN(4000))
				looked := 0
				p.Look(func(data []byte) bool { looked += len(data); return true })
				n := p.Take(b, len(b))
				if n != min(looked, len(b)) {
					t.Fatalf("%d bytes are taken, %d of %d could be", n, looked, len(b))
				}
				got = append(got, b[:n]...)
			case 2:
				time.Sleep(time.Duration(r.IntN(500)))
			}
		}
		time.Sleep(time.Second)
		got = append(got, take(&p)...)
		if !bytes.Equal(got, sent) {
			t.Errorf("%d bytes come out of %d, or others", len(got), len(sent))
		}
	})
}

func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		n := 0
		for p.Room() > 0 {
			k := p.Room()
			if k > pipeChunk {
				t.Fatalf("a piece of %d bytes", k)
			}
			p.Send(make([]byte, k), p.Arrival(fixed(0)))
			n += k
		}
		if n != pipeRoom {
			t.Errorf("there is room for %d bytes, want %d", n, pipeRoom)
		}
		p.Take(nil, 10)
		if p.Room() != 10 {
			t.Errorf("when 10 bytes are taken there is room for %d", p.Room())
		}
	})
}

func TestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		p.Send([]byte("x"), p.Arrival(fixed(time.Second)))
		p.End(fixed(time.Millisecond))
		if Past(p.Ends) || time.Until(p.Ends) != time.Second {
			t.Errorf("the end arrives at %v, want it behind what was sent", p.Ends)
		}
		time.Sleep(time.Second)
		if !Past(p.Ends) || take(&p) != "x" {
			t.Error("the end, or what was sent, has not arrived")
		}

		var q Pipe
		at := q.Arrival(fixed(time.Second))
		if !q.Reset(time.Now()) || !q.Resets.Equal(at) {
			t.Errorf("the reset arrives at %v, want %v, with what was sent", q.Resets, at)
		}
		if q.Reset(time.Now().Add(time.Hour)) || !q.Resets.Equal(at) {
			t.Error("a second reset is news")
		}

		var r Pipe
		r.Reset(time.Now().Add(time.Hour))
		sooner := time.Now().Add(time.Minute)
		if !r.Reset(sooner) || !r.Resets.Equal(sooner) {
			t.Errorf("the reset arrives at %v, want %v, that of the one which comes sooner", r.Resets, sooner)
		}
	})
}

// Who does not read any more gets nothing; a reset is asked for unless it is silent.
func TestNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var silent, deaf, empty Pipe
		for _, p := range []*Pipe{&silent, &deaf} {
			p.Send([]byte("x"), p.Arrival(fixed(0)))
		}
		silent.Silence()
		if !deaf.Deafen() || empty.Deafen() {
			t.Error("what is left unread is not told from nothing")
		}
		if news, reset := silent.Send([]byte("y"), silent.Arrival(fixed(0))); news || reset {
			t.Error("the writer gets to know that nobody reads")
		}
		if news, reset := deaf.Send([]byte("y"), deaf.Arrival(fixed(0))); news || !reset {
			t.Error("the writer gets no reset")
		}
		if take(&silent) != "" || take(&deaf) != "" || silent.Room() != pipeChunk || silent.Deafen() {
			t.Error("something is left")
		}
	})
}

// Who looks at what has arrived, and leaves it, waits for what comes next.
func TestNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		now := time.Now()
		if !p.News(now).IsZero() {
			t.Error("an empty pipe has news")
		}
		for _, d := range []time.Duration{1, 2, 2, 5} {
			p.Send([]byte("x"), p.Arrival(fixed(d)))
		}
		for since, want := range []time.Duration{1, 2, 5, 5, 5, 0} {
			got := p.News(now.Add(time.Duration(since)))
			if got.IsZero() != (want == 0) || want != 0 && !got.Equal(now.Add(want)) {
				t.Errorf("since %d ns there is news at %v, want %d ns", since, got, want)
			}
		}
	})
}

func TestWarmPipeAllocatesNothing(t *testing.T) {
	var p Pipe
	b := make([]byte, 1000)
	send := func() {
		p.Send(b, p.Arrival(fixed(0)))
		if n := p.Take(b, 400) + p.Take(b, 1000); n != len(b) {
			t.Errorf("%d bytes arrive", n)
		}
	}
	send()
	if n := testing.AllocsPerRun(100, send); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Packets keep their bounds.
func TestPackets(t *testing.T) {
	p := Pipe{Packets: true}
	for _, text := range []string{"one", "two", "three"} {
		p.Send([]byte(text), p.Arrival(fixed(0)))
	}
	b := make([]byte, 4)
	for _, want := range []string{"one", "tw", "thre", ""} {
		if n := p.Take(b, min(len(b), max(len(want), 1))); string(b[:n]) != want {
			t.Errorf("%q, want %q", b[:n], want)
		}
	}
	if p.size != 0 {
		t.Errorf("%d bytes are left", p.size)
	}
	n := 0
	for p.RoomFor(PipePacketMost) {
		p.Send(make([]byte, PipePacketMost), p.Arrival(fixed(0)))
		n++
	}
	if n != pipeRoom/PipePacketMost {
		t.Errorf("there is room for %d packets", n)
	}
}

// A system that does not know of a connection answers whatever comes there, the end, too.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		again := func(sent time.Time) time.Time { return sent.Add(time.Minute) }
		for _, send := range []func(p *Pipe){
			func(p *Pipe) { p.Send([]byte("x"), p.Arrival(fixed(0))) },
			func(p *Pipe) { p.End(fixed(0)) },
			func(p *Pipe) { p.Send([]byte("x"), p.Arrival(fixed(0))); p.End(fixed(0)) },
		} {
			var p Pipe
			p.Hold(true, false, time.Now(), again)
			sent := time.Now()
			send(&p)
			time.Sleep(time.Second)
			if p.Forget(); !p.Owes() {
				t.Error("nothing is on its way")
			}
			if answer := p.Hold(false, false, time.Now(), again); !answer.Equal(sent.Add(time.Minute)) || p.Owes() {
				t.Errorf("it is answered at %v, want %v", answer, sent.Add(time.Minute))
			}
		}
		var p Pipe
		if p.Forget(); p.Owes() {
			t.Error("something is on its way")
		}
	})
}

// What is lost was not heard.
func TestLoseWhatWasNotHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		again := func(sent time.Time) time.Time { return sent.Add(time.Minute) }
		var p Pipe
		p.Send([]byte("x"), p.Arrival(fixed(0)))
		heard := time.Now()
		time.Sleep(time.Second)
		p.Hold(true, false, time.Now(), again)
		p.Send([]byte("y"), p.Arrival(fixed(0)))
		time.Sleep(time.Second)
		p.Lose()
		p.Hold(false, false, time.Now(), again)
		time.Sleep(time.Second)
		if got := p.Heard(time.Now()); !got.Equal(heard) || take(&p) != "x" || take(&p) != "" {
			t.Errorf("something was heard at %v, want %v", got, heard)
		}
	})
}
