package pipe

import (
	"time"

	"samerun/internal/overlay/leaf/instant"
)

// pipeWay is how a piece, the end or a reset goes.
type pipeWay struct {
	arrives time.Time
	flight  time.Duration // since it was sent for the first time
	state   uint8
	note    uint64 // see Pipe.Notes; 0 for none
}

// The bits of the state of a pipeWay. One without any arrives when it says, or has done so.
const (
	pipeStopped uint8 = 1 << iota // the link is held up, so that it does not arrive
	pipeWaits                     // it has come to the far end of a link that is clogged
	pipeLost                      // it has met a cut, and is to be sent again
)

// moment is when it arrives; zero if that is held up.
func (w *pipeWay) moment() (t time.Time) {
	if w.state == 0 {
		t = w.arrives
	}
	return t
}

// past reports whether it has arrived.
func (w *pipeWay) past() bool { return w.state == 0 && Past(w.arrives) }

// pipeHeld is what holds a Pipe up.
//
// Invariant: while cut or clog is set, what has not arrived is stopped; else nothing is, or
// waits, or is lost.
type pipeHeld struct {
	Unheard bool // the other side does not know that this one is gone, since a reset was lost or never sent

	cut, clog    bool
	ended, reset bool // end and rst are on their way, or have arrived
	end, rst     pipeWay
	owed         pipeWay // the first thing that was sent to who does not read any more, and has not come there
	owes         bool    // owed is there

	came time.Time // when the last thing arrived of which that is known

	mute     bool      // acknowledgements do not come back
	unacked  int       // bytes that were read, and that the writer does not know of
	unknown  time.Time // when the first of them was read
	returned time.Time // when it gets to know; zero while mute
}

// Forget is Deafen by a system that does not even know of the connection: the end, too, is
// answered by a reset when it comes there.
func (p *Pipe) Forget() {
	p.Deafen()
	if p.ended && p.end.state != 0 {
		p.owe(p.end)
	}
}

// Owes reports whether something that was sent to who does not read any more has not come there.
func (p *Pipe) Owes() bool { return p.owes }

// holds reports whether anything holds the link up.
func (p *Pipe) holds() bool { return p.cut || p.clog }

// way is that of what is sent now and would arrive at a moment.
func (p *Pipe) way(arrives time.Time) pipeWay {
	w := pipeWay{arrives: arrives, flight: p.flight}
	if p.holds() {
		w.state = pipeStopped
	}
	if p.cut {
		w.state |= pipeLost
	}
	return w
}

// owe notes that something is on its way to who does not read any more.
func (p *Pipe) owe(w pipeWay) {
	if !p.owes {
		p.owed, p.owes = w, true
	}
}

// show sets Ends and Resets.
func (p *Pipe) show() {
	p.Ends, p.Resets = time.Time{}, time.Time{}
	if p.ended {
		p.Ends = p.end.moment()
	}
	if p.reset {
		p.Resets = p.rst.moment()
	}
}

// Hold says how the link is from now on: cut, so that what is sent, or comes to the far end,
// is lost, and TCP sends it again; clogged, so that what comes to the far end waits there;
// both or neither. again is when that arrives which was sent first at a moment and is sent
// again once the link is not cut; what was sent behind it arrives with it. A reset is never
// sent again. If answer is not zero, something has come to who does not read any more at
// that moment, and is answered by a reset.
func (p *Pipe) Hold(cut, clog bool, now time.Time, again func(sent time.Time) time.Time) (answer time.Time) {
	if !p.holds() {
		for i := range p.pieces.Len() {
			if w := &p.pieces.At(i).pipeWay; w.arrives.Before(now) {
				p.came = w.arrives
			}
		}
	}
	var last, resent time.Time
	withFirst := func(sent time.Time) time.Time {
		if resent.IsZero() {
			resent = again(sent)
		}
		return resent
	}
	judge := func(w *pipeWay) {
		p.judge(w, cut, clog, now, withFirst)
		if w.state == 0 && w.arrives.Before(now) {
			return
		}
		if w.arrives.Before(last) {
			w.flight += last.Sub(w.arrives)
			w.arrives = last
		}
		last = w.arrives
	}
	for i := range p.pieces.Len() {
		judge(&p.pieces.At(i).pipeWay)
	}
	if p.owes {
		if judge(&p.owed); p.owed.state == 0 {
			answer, p.owes = p.owed.arrives, false
		}
	}
	if p.ended {
		judge(&p.end)
	}
	if p.reset {
		if p.judge(&p.rst, cut, clog, now, nil); p.rst.state&pipeLost != 0 {
			p.rst, p.reset, p.Unheard = pipeWay{}, false, true
		}
	}
	if !last.IsZero() {
		p.last = last
	}
	p.cut, p.clog = cut, clog
	p.show()
	return answer
}

// judge decides about one thing on the link, which was held up by p.cut and p.clog until now.
func (p *Pipe) judge(w *pipeWay, cut, clog bool, now time.Time, again func(sent time.Time) time.Time) {
	if w.state == 0 && w.arrives.Before(now) {
		return
	}
	if w.state == pipeStopped && w.arrives.Before(now) {
		if p.clog {
			w.state |= pipeWaits
		} else {
			w.state |= pipeLost
		}
	}
	if w.state&pipeWaits != 0 && !clog {
		w.state &^= pipeWaits
		if cut {
			w.state |= pipeLost
		} else {
			w.flight += now.Sub(w.arrives)
			w.arrives = now
		}
	}
	if w.state&pipeLost != 0 && !cut && again != nil {
		w.state &^= pipeLost
		sent := w.arrives.Add(-w.flight)
		w.arrives = again(sent)
		w.flight = w.arrives.Sub(sent)
	}
	if cut || clog {
		w.state |= pipeStopped
	} else {
		w.state &^= pipeStopped
	}
}

// Unacknowledged reports whether the writer waits for an acknowledgement of anything at a
// moment, and since when: when that was sent. Each takes as long back as it took there.
func (p *Pipe) Unacknowledged(now time.Time) (sent time.Time, any bool) {
	waits := func(w *pipeWay) bool {
		if w.state != 0 || now.Before(w.arrives.Add(w.flight)) {
			sent, any = w.arrives.Add(-w.flight), true
		}
		return any
	}
	if p.unacked > 0 {
		return p.unknown, true
	}
	for i := range p.pieces.Len() {
		if waits(&p.pieces.At(i).pipeWay) {
			return sent, any
		}
	}
	if p.owes {
		return p.owed.arrives.Add(-p.owed.flight), true
	}
	if p.ended && waits(&p.end) {
		return sent, any
	}
	return sent, false
}

// Heard is when the last thing that has arrived at a moment did so; zero for none.
func (p *Pipe) Heard(now time.Time) time.Time {
	if !p.holds() && p.last.Before(now) {
		return p.last
	}
	return p.came
}

// LetThrough lets the last piece pass whatever holds the link up, if nothing stands before it.
func (p *Pipe) LetThrough() {
	n := p.pieces.Len()
	if n > 0 && (n == 1 || p.pieces.At(n-2).state == 0) {
		p.pieces.At(n - 1).state = 0
	}
}

// Lose throws away what has not arrived: who has sent it is gone.
func (p *Pipe) Lose() {
	for range p.pieces.Len() {
		q := p.pieces.Pop()
		if q.past() {
			p.pieces.Push(q)
			continue
		}
		p.size -= len(q.data) - q.taken
		p.stock.Keep(q.data)
	}
	p.owed, p.owes = pipeWay{}, false
	if p.ended && !p.end.past() {
		p.ended = false
	}
	if p.holds() {
		p.last = p.came // nothing of what came later is heard
	}
	p.show()
}

// Mute says whether acknowledgements come back. While they do not, bytes that are read keep
// their room: the writer does not know. Then it knows at a moment.
func (p *Pipe) Mute(mute bool, known time.Time) {
	if p.mute = mute; mute {
		p.returned = time.Time{}
	} else if p.unacked > 0 {
		p.returned = known
	}
}

// keepRoom notes that bytes were read.
func (p *Pipe) keepRoom(n int) {
	if p.mute && n > 0 {
		if p.unacked == 0 {
			p.unknown = instant.Now()
		}
		p.unacked += n
	}
}

// unacknowledged is how many bytes were read without the writer's knowing.
func (p *Pipe) unacknowledged() int {
	if p.unacked > 0 && !p.mute && Past(p.returned) {
		p.unacked, p.returned = 0, time.Time{}
	}
	return p.unacked
}

// Returns is when the writer gets to know that there is room; zero if it knows, or does not
// get to know.
func (p *Pipe) Returns() time.Time { return p.returned }

// NotePiece, NoteEnd and NoteReset keep a number with what was sent last: Notes hands it out.
func (p *Pipe) NotePiece(note uint64) {
	if n := p.pieces.Len(); n > 0 {
		p.pieces.At(n - 1).note = note
	}
}

// NoteEnd is NotePiece for the end.
func (p *Pipe) NoteEnd(note uint64) { p.end.note = note }

// NoteReset is NotePiece for the reset.
func (p *Pipe) NoteReset(note uint64) { p.rst.note = note }

// Notes calls f for each thing in the pipe with which a number is kept, which f may change: when it
// arrives, or comes to the far end of a link that holds it up; then it is lost there, or waits.
func (p *Pipe) Notes(f func(note *uint64, arrives time.Time, lost, waits bool)) {
	see := func(w *pipeWay) {
		if w.note == 0 {
			return
		}
		lost := w.state&pipeLost != 0 || w.state == pipeStopped && !p.clog
		f(&w.note, w.arrives, lost, !lost && w.state != 0)
	}
	for i := range p.pieces.Len() {
		see(&p.pieces.At(i).pipeWay)
	}
	see(&p.owed) // which has come there, unless p.owes
	if p.ended {
		see(&p.end)
	}
	if p.reset {
		see(&p.rst)
	}
}

// Held is how the link is, as Hold was told last.
func (p *Pipe) Held() (cut, clog bool) { return p.cut, p.clog }

// Flying is how many pieces have not arrived at a moment; the end is one.
func (p *Pipe) Flying(now time.Time) (n int) {
	for i := range p.pieces.Len() {
		if w := &p.pieces.At(i).pipeWay; w.state != 0 || !w.arrives.Before(now) {
			n++
		}
	}
	if p.ended && (p.end.state != 0 || !p.end.arrives.Before(now)) {
		n++
	}
	return n
}
