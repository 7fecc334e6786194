//go:build linux && (amd64 || arm64 || loong64 || riscv64)

package net

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// samerunTies says that package net answers the system calls of a socket's descriptor.
const samerunTies = true

// samerunTie is in package syscall: who answers the system calls of a descriptor. See there
// for what f gets and returns.
//
//go:linkname samerunTie syscall.samerunTie
func samerunTie(fd uintptr, f func(trap uintptr, a [5]uintptr, p [5]unsafe.Pointer) (uintptr, syscall.Errno, bool))

// tie answers the system calls of the descriptor that stands for s. The caller has the lock.
func (s *samerunSock) tie(fd uintptr) (untie func()) {
	samerunTie(fd, s.answer)
	return func() { samerunTie(fd, nil) }
}

// rawRead is rawConn.Read for programs that read by system calls, or look whether the
// connection is still there.
func (s *samerunSock) rawRead(f func(uintptr) bool) error {
	return s.rawDo(f, &s.readTill, func(since time.Time) error {
		news := s.packets.News(since)
		ends, resets, dies := time.Time{}, time.Time{}, samerunNews(s.way.dies, since)
		if s.in != nil {
			news = s.in.News(since)
			ends, resets = samerunNews(s.in.Ends, since), samerunNews(s.in.Resets, since)
		}
		if s.refused {
			return nil
		}
		return s.wait(news, ends, resets, dies, s.readTill)
	})
}

// rawWrite is rawConn.Write.
func (s *samerunSock) rawWrite(f func(uintptr) bool) error {
	return s.rawDo(f, &s.writeTill, func(since time.Time) error {
		resets := time.Time{}
		if s.out != nil {
			if s.out.Room() > 0 {
				return nil
			}
			resets = samerunNews(s.in.Resets, since)
		}
		return s.wait(resets, samerunNews(s.way.dies, since), s.roomReturns(), s.writeTill)
	})
}

// roomReturns is when the writer of a stream gets to know of room; zero if it knows. The
// caller has the lock.
func (s *samerunSock) roomReturns() (t time.Time) {
	if s.out != nil {
		t = s.out.Returns()
	}
	return t
}

// samerunNews is a moment that comes after since, or the zero one.
func samerunNews(t, since time.Time) time.Time {
	if t.After(since) {
		return t
	}
	return time.Time{}
}

// rawDo calls f until it is done, and wait in between.
func (s *samerunSock) rawDo(f func(uintptr) bool, till *time.Time, wait func(since time.Time) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	for {
		if samerunPast(*till) {
			return os.ErrDeadlineExceeded
		}
		since, done := samerunNow(), false
		if err := s.lend(func(fd uintptr) { done = f(fd) }); done || err != nil {
			return err
		}
		if s.closed {
			return errClosed
		}
		if err := wait(since); err != nil {
			return err
		}
	}
}
