// Package pipe is one direction of a connection in the network of a test: package net
// gets it from internal/overlay/bundle.
package pipe

import (
	"time"

	"samerun/internal/overlay/leaf/instant"
	"samerun/internal/overlay/leaf/queue"
)

// Pipe is one direction of a connection. Pieces arrive in the order in which they were
// written, none is lost, and what has arrived is read as one stream. Nothing in it
// happens by itself: each piece knows when it arrives, and who reads looks at the
// clock. The zero Pipe is an open one. It has no lock of its own.
//
// A link can hold up what is on it: see Hold.
type Pipe struct {
	Packets bool // each piece is read by itself, and what is not read of it is lost

	Ends   time.Time // when the end arrives; zero if the writer has not closed, or if that is held up
	Resets time.Time // when the news arrives that the other side is gone; zero if it is not, or if that is held up

	pieces queue.Queue[pipePiece]
	stock  queue.Stock
	size   int           // bytes in pieces
	last   time.Time     // when the last thing in it arrives
	flight time.Duration // how long what Arrival was asked for last is on its way
	deaf   bool          // nobody reads any more: what is written is answered by a reset
	silent bool          // nobody reads any more, and what is written is thrown away
	pipeHeld
}

type pipePiece struct {
	data  []byte
	taken int // how many bytes of it were taken
	pipeWay
}

// How many bytes a connection holds that nobody has read, how many travel together, and
// how long a packet may be.
const (
	pipeRoom       = 1 << 20
	pipeChunk      = 1 << 16
	PipePacketMost = 212960
)

// Past reports whether a moment was set and has come.
func Past(t time.Time) bool { return !t.IsZero() && !instant.Now().Before(t) }

// Room is how many bytes can be sent now as one piece; not positive if nothing can.
func (p *Pipe) Room() int { return min(pipeRoom-p.size-p.unacknowledged(), pipeChunk) }

// RoomFor reports whether a packet of n bytes can be sent now.
func (p *Pipe) RoomFor(n int) bool { return p.size+p.unacknowledged()+n <= pipeRoom }

// Arrival is when what is sent now arrives, if it is so long on its way, in
// nanoseconds: not before what was sent earlier.
func (p *Pipe) Arrival(delay func() int64) time.Time { return p.ArrivalAfter(delay()) }

// ArrivalAfter is Arrival for a time that is known.
func (p *Pipe) ArrivalAfter(delay int64) time.Time {
	now := instant.Now()
	t := now.Add(time.Duration(delay))
	if t.Before(p.last) {
		t = p.last
	}
	p.last, p.flight = t, t.Sub(now)
	return t
}

// Send sends a copy of a piece. It reports whether there is news for who reads, and
// whether nobody does any more, so that the other direction is to be reset.
func (p *Pipe) Send(b []byte, arrives time.Time) (news, deaf bool) {
	switch {
	case p.silent:
		return false, false
	case p.deaf && p.holds():
		p.owe(p.way(arrives))
		return false, false
	case p.deaf:
		return false, true
	}
	p.pieces.Push(pipePiece{p.stock.Copy(b), 0, p.way(arrives)})
	p.size += len(b)
	return true, false
}

// End says that nothing more is sent.
func (p *Pipe) End(delay func() int64) { p.EndAfter(delay()) }

// EndAfter is End for a time that is known.
func (p *Pipe) EndAfter(delay int64) {
	p.end, p.ended = p.way(p.ArrivalAfter(delay)), true
	p.show()
}

// Ended reports whether End was called.
func (p *Pipe) Ended() bool { return p.ended }

// Reset tells who reads that the other side is gone: not before what was sent earlier.
// It reports whether that is news: that of two resets counts which comes first.
func (p *Pipe) Reset(when time.Time) bool {
	if when.Before(p.last) {
		when = p.last
	}
	if p.reset && (p.rst.state != 0 || !when.Before(p.rst.arrives)) {
		return false
	}
	p.rst, p.reset = p.way(when), true
	if p.rst.state&pipeLost != 0 {
		p.rst, p.reset, p.Unheard = pipeWay{}, false, true
		return false
	}
	p.show()
	return true
}

// ResetNow is Reset whatever holds the link up, and whatever was sent earlier, which is lost.
func (p *Pipe) ResetNow(when time.Time) {
	p.drop()
	p.rst, p.reset = pipeWay{arrives: when}, true
	p.show()
}

// Deafen says that nobody reads any more, and reports whether something was left
// unread, which is lost.
func (p *Pipe) Deafen() (unread bool) {
	unread = p.size > 0
	p.deaf = true
	for i := range p.pieces.Len() {
		if w := p.pieces.At(i).pipeWay; w.state != 0 {
			p.owe(w)
			break
		}
	}
	p.drop()
	return unread
}

// Silence says that nobody reads any more, but that the writer is not to know.
func (p *Pipe) Silence() {
	p.silent = true
	p.drop()
}

// drop throws away what nobody has read.
func (p *Pipe) drop() {
	p.pieces.Clear()
	p.stock, p.size = queue.Stock{}, 0
}

// Next is when the first piece that nobody has read arrives, or has arrived; zero if it is
// held up. ok is false if there is none.
func (p *Pipe) Next() (t time.Time, ok bool) {
	if p.pieces.Len() == 0 {
		return t, false
	}
	return p.pieces.At(0).moment(), true
}

// News is when the first piece arrives that had not arrived at a moment; zero if there
// is none.
func (p *Pipe) News(since time.Time) (next time.Time) {
	for i := range p.pieces.Len() {
		if q := p.pieces.At(i).moment(); q.After(since) {
			return q
		}
	}
	return next
}

// Take takes up to n bytes that have arrived, and copies them to b, unless that is nil
// (there must be one for packets).
func (p *Pipe) Take(b []byte, n int) (taken int) {
	if p.Packets && p.pieces.Len() > 0 && p.pieces.At(0).past() {
		p.came = p.pieces.At(0).arrives
		data := p.pieces.Pop().data
		p.size -= len(data)
		p.keepRoom(len(data))
		n = copy(b[:n], data)
		p.stock.Keep(data)
		return n
	}
	for !p.Packets && taken < n && p.pieces.Len() > 0 && p.pieces.At(0).past() {
		first := p.pieces.At(0)
		rest := first.data[first.taken:]
		k := min(n-taken, len(rest))
		if b != nil {
			copy(b[taken:], rest[:k])
		}
		taken += k
		if first.taken += k; k == len(rest) {
			p.came = first.arrives
			p.stock.Keep(p.pieces.Pop().data)
		}
	}
	p.size -= taken
	p.keepRoom(taken)
	return taken
}

// Look shows what has arrived, piece by piece, and leaves it there, until show returns
// false.
func (p *Pipe) Look(show func(data []byte) bool) {
	for i := range p.pieces.Len() {
		if q := p.pieces.At(i); !q.past() || !show(q.data[q.taken:]) {
			return
		}
	}
}
