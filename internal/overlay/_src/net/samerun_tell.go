//go:build unix || windows

package net

import (
	"os"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname
)

// In a run that is made for a report, what nodes send each other is noted
// (internal/overlay/leaf/traffic), for the story of a failure. Nothing of it decides
// anything: no lock is taken and no clock is read that would not be otherwise, and whoever has nothing
// to tell has compared a pointer with nil.

// These are in package runtime. samerunTells says whether the run is made for a report, and
// samerunBegan is when the test began, by the clock of the world.

//go:linkname samerunTells
func samerunTells() bool

//go:linkname samerunBegan
func samerunBegan() int64

// samerunToldTraffic is what was noted. If somebody has the lock, who was in the middle of
// something when the test ended, nothing is known.
func samerunToldTraffic(most int) (nums []int64, texts []string) {
	samerunNets.mu.Lock()
	n := samerunNets.world
	samerunNets.mu.Unlock()
	if n == nil || !n.mu.TryLock() {
		return nil, nil
	}
	defer n.mu.Unlock()
	if n.told == nil {
		return nil, nil
	}
	n.tellUnread()
	return n.told.Flat(most)
}

// samerunToldAt is a moment in nanoseconds of the test.
func samerunToldAt(t time.Time) int64 { return t.UnixNano() - samerunBegan() }

// tells reports whether what s sends is noted.
func (s *samerunSock) tells() bool {
	return s.n.told != nil && s.way.link != nil
}

// between returns an event with the ends of a link.
func (n *samerunNet) between(link *samerunLink, e samerunTrafficEvent) samerunTrafficEvent {
	e.From, e.To = link.From.Node, link.To.Node
	e.FromName, e.ToName = link.From.Name(), link.To.Name()
	return e
}

// off reports whether h has crashed, and its node is down since.
func (h *samerunHost) off() bool { return h.gone && samerunNodeLife(h.node) == 0 }

// event is something that is sent now, and arrives at a moment.
func (s *samerunSock) event(what samerunTrafficWhat, fate samerunTrafficFate, arrives int64) samerunTrafficEvent {
	w := &s.way
	return s.n.between(w.link, samerunTrafficEvent{At: arrives, Sent: samerunSinceBegin(), What: what, Fate: fate, Conn: w.piece.Conn, Back: w.piece.Back})
}

// tellPiece notes a piece that was sent. kept says that the pipe has it.
func (s *samerunSock) tellPiece(b []byte, arrives time.Time, kept bool) {
	if !s.tells() {
		return
	}
	e := s.event(samerunTrafficPiece, samerunTrafficArrives, samerunToldAt(arrives))
	e.Nth, e.Size = s.way.piece.Nth, len(b)
	switch cut, _ := s.out.Held(); {
	case !kept && s.peer.host.off():
		e.Fate = samerunTrafficDown
	case !kept && cut:
		e.Fate = samerunTrafficCut
	}
	if number := s.n.told.Add(e, b); kept {
		s.out.NotePiece(number)
		s.retell()
	}
}

// tellEnd notes that s says no more, unless the connection has ended before.
func (s *samerunSock) tellEnd() {
	if s.tells() && !s.in.Ended() && s.in.Resets.IsZero() && s.out.Resets.IsZero() {
		s.out.NoteEnd(s.n.told.Add(s.event(samerunTrafficEnd, samerunTrafficArrives, samerunSinceBegin()), nil))
		s.retell()
	}
}

// tellReset notes that s has reset the connection.
func (s *samerunSock) tellReset(when time.Time) {
	if s.tells() {
		s.out.NoteReset(s.n.told.Add(s.event(samerunTrafficReset, samerunTrafficArrives, samerunToldAt(when)), nil))
		s.retell()
	}
}

// tellBroken notes a piece in whose place the connection is reset.
func (s *samerunSock) tellBroken(b []byte, when time.Time) {
	if s.tells() {
		e := s.event(samerunTrafficPiece, samerunTrafficBroken, samerunToldAt(when))
		e.Nth, e.Size = s.way.piece.Nth, len(b)
		s.n.told.Add(e, b)
	}
}

// tellBreak notes that the network resets a connection: what has not arrived never does.
func (s *samerunSock) tellBreak(when time.Time) {
	if !s.tells() {
		return
	}
	at, now := samerunToldAt(when), samerunSinceBegin()
	for _, x := range [2]*samerunSock{s, s.peer} {
		x.out.Notes(func(note *uint64, arrives time.Time, lost, waits bool) {
			if lost || waits || samerunToldAt(arrives) >= now {
				*note = s.n.told.Becomes(*note, samerunTrafficBroken, at, now)
			}
		})
	}
	s.n.told.Add(s.event(samerunTrafficReset, samerunTrafficBroken, at), nil)
}

// retell notes what becomes of all that s has sent, since something has changed on its link.
func (s *samerunSock) retell() {
	if !s.tells() {
		return
	}
	now := samerunSinceBegin()
	s.out.Notes(func(note *uint64, arrives time.Time, lost, waits bool) {
		fate := samerunTrafficArrives
		switch {
		case waits:
			fate = samerunTrafficWaits
		case lost && s.peer.host.off():
			fate = samerunTrafficDown
		case lost:
			fate = samerunTrafficCut
		}
		*note = s.n.told.Becomes(*note, fate, samerunToldAt(arrives), now)
	})
}

// tellDial notes what a try of a dial to a node has come to.
func (s *samerunSock) tellDial(to uint32, err error) {
	if !s.tells() {
		return
	}
	e := s.event(samerunTrafficDial, samerunTrafficArrives, samerunSinceBegin())
	syscallErr, _ := err.(*os.SyscallError)
	_, again := err.(samerunUnanswered)
	back := samerunLinkPiece{Conn: e.Conn, Back: true}
	switch {
	case err == nil:
	case syscallErr != nil && syscallErr.Err == syscall.ECONNREFUSED:
		e.Fate = samerunTrafficRefused
	case !again:
		return // who has dialled waits no more
	case to != 0 && samerunNodeLife(to) == 0:
		e.Fate = samerunTrafficDown
	case s.way.link.State(&samerunLinkPiece{Conn: e.Conn}).Cut, s.way.link.Back().State(&back).Cut:
		e.Fate = samerunTrafficCut
	default:
		e.Fate = samerunTrafficUnanswered
	}
	s.n.told.Add(e, nil)
}

// tellHeldDial notes that the message of a dial, or the answer on the way back, is held up; what
// is lost tellDial notes.
func (s *samerunSock) tellHeldDial(link *samerunLink, waits bool) {
	if waits && s.tells() {
		e := s.event(samerunTrafficDial, samerunTrafficWaits, samerunSinceBegin())
		e.Back = link != s.way.link
		s.n.told.Add(s.n.between(link, e), nil)
	}
}
