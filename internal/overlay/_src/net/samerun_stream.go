//go:build unix || windows

package net

import (
	"io"
	"os"
	"syscall"
	"time"
)

// samerunPipe is one direction of a connection. Pieces arrive in the order in which
// they were written, none is lost, and what has arrived is read as one stream.
type samerunPipe struct {
	to      *samerunSock // who reads
	pieces  []samerunPiece
	size    int       // bytes in pieces
	last    time.Time // when the last thing in it arrives
	ends    time.Time // when the end arrives; zero if the writer has not closed
	resets  time.Time // when the news arrives that the other side is gone; zero if it is not
	deaf    bool      // nobody reads any more: what is written is answered by a reset
	silence bool      // nobody reads any more, and what is written is thrown away (CloseRead)
}

type samerunPiece struct {
	data    []byte
	arrives time.Time
}

// How many bytes a connection holds that nobody has read, and how many travel together.
const (
	samerunRoom  = 1 << 20
	samerunChunk = 1 << 16
)

// arrival is when what is sent now arrives.
func (p *samerunPipe) arrival() time.Time {
	t := time.Now().Add(time.Duration(samerunDelay()))
	if t.Before(p.last) {
		t = p.last
	}
	p.last = t
	return t
}

func (s *samerunSock) read(b []byte) (int, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	if s.in == nil {
		return s.readPacket(b)
	}
	for {
		if samerunPast(s.readTill) {
			return 0, os.ErrDeadlineExceeded
		}
		if s.readEnd {
			return 0, io.EOF
		}
		if len(b) == 0 {
			return 0, nil
		}
		if n := s.take(b, len(b)); n > 0 {
			return n, nil
		}
		p := s.in
		var next time.Time
		switch {
		case len(p.pieces) > 0:
			next = p.pieces[0].arrives
		case samerunPast(p.resets) && !s.told:
			s.told = true
			return 0, os.NewSyscallError("read", syscall.ECONNRESET)
		case samerunPast(p.resets), samerunPast(p.ends):
			return 0, io.EOF
		}
		if err := s.wait(next, p.ends, p.resets, s.readTill); err != nil {
			return 0, err
		}
	}
}

// take takes up to n bytes that have arrived, and copies them to b, unless that is nil.
// The caller has the lock.
func (s *samerunSock) take(b []byte, n int) (taken int) {
	p := s.in
	for taken < n && len(p.pieces) > 0 && samerunPast(p.pieces[0].arrives) {
		first := &p.pieces[0]
		k := min(n-taken, len(first.data))
		if b != nil {
			copy(b[taken:], first.data[:k])
		}
		taken += k
		if first.data = first.data[k:]; len(first.data) == 0 {
			p.pieces[0] = samerunPiece{}
			p.pieces = p.pieces[1:]
		}
	}
	if taken > 0 {
		p.size -= taken
		s.peer.changed()
	}
	return taken
}

func (s *samerunSock) write(b []byte) (written int, err error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	if s.out == nil {
		return s.sendPacket(b, nil)
	}
	for {
		p := s.out
		switch {
		case samerunPast(s.writeTill):
			return written, os.ErrDeadlineExceeded
		case s.writeEnd:
			return written, os.NewSyscallError("write", syscall.EPIPE)
		case samerunPast(s.in.resets) && !s.told:
			s.told = true
			return written, os.NewSyscallError("write", syscall.ECONNRESET)
		case samerunPast(s.in.resets):
			return written, os.NewSyscallError("write", syscall.EPIPE)
		case len(b) == 0:
			return written, nil
		}
		room := samerunRoom - p.size
		if room <= 0 {
			if err := s.wait(s.writeTill, s.in.resets); err != nil {
				return written, err
			}
			continue
		}
		k := min(len(b), room, samerunChunk)
		arrives := p.arrival()
		switch {
		case p.silence:
		case p.deaf:
			s.in.reset(arrives.Add(time.Duration(samerunDelay())))
		default:
			p.pieces = append(p.pieces, samerunPiece{append([]byte(nil), b[:k]...), arrives})
			p.size += k
			p.to.changed()
		}
		written += k
		b = b[k:]
	}
}

// reset tells the reader of p that the other side is gone.
func (p *samerunPipe) reset(when time.Time) {
	if p.resets.IsZero() {
		if when.Before(p.last) {
			when = p.last
		}
		p.resets = when
		p.to.changed()
	}
}

// hangUp ends both directions of a connection. The other side reads to the end and
// then sees it, or a reset if that is wanted or if something is left unread here.
func (s *samerunSock) hangUp(reset bool) {
	s.in.deaf = true
	switch {
	case reset, s.in.size > 0:
		s.out.reset(s.out.arrival())
	case s.out.ends.IsZero():
		s.out.ends = s.out.arrival()
	}
	s.in.pieces, s.in.size = nil, 0
	s.peer.changed()
}

// shut ends one direction, or both.
func (s *samerunSock) shut(read, write bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	if s.out == nil {
		return os.NewSyscallError("shutdown", syscall.ENOTCONN)
	}
	if read {
		s.readEnd = true
		s.in.silence = true
		s.in.pieces, s.in.size = nil, 0
	}
	if write && !s.writeEnd {
		s.writeEnd = true
		s.out.ends = s.out.arrival()
	}
	s.changed()
	s.peer.changed()
	return nil
}
