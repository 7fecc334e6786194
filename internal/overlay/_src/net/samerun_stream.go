//go:build unix || windows

package net

import (
	"io"
	"net/netip"
	"os"
	"syscall"
	"time"
)

func (s *samerunSock) read(b []byte) (int, error) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	if s.in == nil {
		n, _, _, _, err := s.takePacket(b, nil, "read")
		return n, err
	}
	for {
		if samerunPast(s.readTill) {
			return 0, os.ErrDeadlineExceeded
		}
		if len(b) == 0 && !s.readEnd {
			return 0, nil
		}
		n, errno := s.readSome(b)
		switch {
		case n > 0:
			return n, nil
		case errno == 0:
			return 0, io.EOF
		case errno != syscall.EAGAIN:
			return 0, os.NewSyscallError("read", errno)
		}
		next, _ := s.in.Next()
		if err := s.wait(next, s.in.Ends, s.in.Resets, s.way.dies, s.readTill); err != nil {
			return 0, err
		}
	}
}

// readSome reads what has arrived; nothing, and no error, at the end. The caller has the
// lock.
func (s *samerunSock) readSome(b []byte) (int, syscall.Errno) {
	if s.readEnd {
		return 0, 0
	}
	if n := s.take(b, len(b)); n > 0 {
		return n, 0
	}
	return 0, s.nothingToRead()
}

// nothingToRead is what a system call that reads nothing says: 0 at the end. The caller
// has the lock.
func (s *samerunSock) nothingToRead() syscall.Errno {
	p := s.in
	_, waits := p.Next()
	switch errno := s.broken(); {
	case waits && errno != syscall.ETIMEDOUT:
	case errno != 0 && !s.told:
		s.told = true
		return errno
	case errno != 0, samerunPast(p.Ends):
		return 0
	}
	return syscall.EAGAIN
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
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	if s.out == nil {
		if s.family == syscall.AF_UNIX {
			return s.sendUnixPacket(b, "")
		}
		return s.sendPacket(b, nil, netip.AddrPort{}, "write")
	}
	for {
		if samerunPast(s.writeTill) {
			return written, os.ErrDeadlineExceeded
		}
		n, errno := s.writeSome(b)
		written += n
		b = b[n:]
		switch {
		case errno == 0:
			return written, nil
		case errno != syscall.EAGAIN:
			return written, os.NewSyscallError("write", errno)
		}
		if err := s.wait(s.writeTill, s.in.Resets, s.way.dies, s.out.Returns()); err != nil {
			return written, err
		}
	}
}

// writeSome writes as much as there is room for; the error is EAGAIN if there is more. The
// caller has the lock.
func (s *samerunSock) writeSome(b []byte) (written int, errno syscall.Errno) {
	for {
		p := s.out
		switch errno := s.broken(); {
		case s.writeEnd:
			return written, syscall.EPIPE
		case errno != 0 && !s.told:
			s.told = true
			return written, errno
		case errno != 0:
			return written, syscall.EPIPE
		case len(b) == 0:
			return written, 0
		}
		k := min(len(b), p.Room())
		if p.Packets {
			if k = len(b); k > samerunPipePacketMost {
				return 0, syscall.EMSGSIZE
			} else if !p.RoomFor(k) {
				return 0, syscall.EAGAIN
			}
		}
		if k <= 0 {
			return written, syscall.EAGAIN
		}
		arrives, reset, ahead := s.arrival(k)
		if reset {
			s.tellBroken(b[:k], arrives)
			s.breaks(arrives)
			written += k
			b = b[k:]
			continue
		}
		news, deaf := p.Send(b[:k], arrives)
		if ahead && news {
			p.LetThrough()
		}
		s.tellPiece(b[:k], arrives, news)
		switch {
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
		s.tellReset(when)
		s.peer.changed()
	}
}

// hangUp ends both directions of a connection. The other side reads to the end and
// then sees it, or a reset if that is wanted or if something is left unread here.
func (s *samerunSock) hangUp(reset bool) {
	switch unread := s.in.Deafen(); {
	case samerunPast(s.way.dies): // nobody would hear it
	case reset, unread:
		s.reset(s.out.ArrivalAfter(s.delay()))
	case !s.out.Ended():
		s.out.EndAfter(s.delay())
		s.tellEnd()
	}
	s.peer.changed()
}

// shut ends one direction, or both.
func (s *samerunSock) shut(read, write bool) error {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	if errno := s.shutNow(read, write); errno != 0 {
		return os.NewSyscallError("shutdown", errno)
	}
	return nil
}

// shutNow is shut for who has the lock.
func (s *samerunSock) shutNow(read, write bool) syscall.Errno {
	if s.out == nil {
		return syscall.ENOTCONN
	}
	if read {
		s.readEnd = true
		s.in.Silence()
	}
	if write && !s.writeEnd {
		s.writeEnd = true
		s.out.EndAfter(s.delay())
		s.tellEnd()
		if ends := s.out.Ends; s.peer.host.gone && !ends.IsZero() {
			s.peer.reset(ends.Add(samerunLatencyOfLink)) // nobody there knows the connection
		}
	}
	s.changed()
	s.peer.changed()
	return 0
}
