//go:build unix || windows

package net

import (
	"io"
	"os"
	"syscall"
	"time"
)

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
		next, waits := p.Next()
		switch {
		case waits:
		case samerunPast(p.Resets) && !s.told:
			s.told = true
			return 0, os.NewSyscallError("read", syscall.ECONNRESET)
		case samerunPast(p.Resets), samerunPast(p.Ends):
			return 0, io.EOF
		}
		if err := s.wait(next, p.Ends, p.Resets, s.readTill); err != nil {
			return 0, err
		}
	}
}

// take takes up to n bytes that have arrived, and copies them to b, unless that is nil.
// The caller has the lock.
func (s *samerunSock) take(b []byte, n int) (taken int) {
	if taken = s.in.Take(b, n); taken > 0 {
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
		case samerunPast(s.in.Resets) && !s.told:
			s.told = true
			return written, os.NewSyscallError("write", syscall.ECONNRESET)
		case samerunPast(s.in.Resets):
			return written, os.NewSyscallError("write", syscall.EPIPE)
		case len(b) == 0:
			return written, nil
		}
		room := p.Room()
		if room <= 0 {
			if err := s.wait(s.writeTill, s.in.Resets); err != nil {
				return written, err
			}
			continue
		}
		k := min(len(b), room)
		arrives := p.Arrival(samerunDelay)
		switch news, deaf := p.Send(b[:k], arrives); {
		case news:
			s.peer.changed()
		case deaf:
			s.peer.reset(arrives.Add(time.Duration(samerunDelay())))
		}
		written += k
		b = b[k:]
	}
}

// reset tells who reads in the other direction that this side is gone.
func (s *samerunSock) reset(when time.Time) {
	if s.out.Reset(when) {
		s.peer.changed()
	}
}

// hangUp ends both directions of a connection. The other side reads to the end and
// then sees it, or a reset if that is wanted or if something is left unread here.
func (s *samerunSock) hangUp(reset bool) {
	switch unread := s.in.Deafen(); {
	case reset, unread:
		s.reset(s.out.Arrival(samerunDelay))
	case s.out.Ends.IsZero():
		s.out.End(samerunDelay)
	}
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
		s.in.Silence()
	}
	if write && !s.writeEnd {
		s.writeEnd = true
		s.out.End(samerunDelay)
	}
	s.changed()
	s.peer.changed()
	return nil
}
