//go:build unix && !(linux && (amd64 || arm64 || loong64 || riscv64))

package net

// Where system calls cannot be answered by package net (samerun_call.go), programs that
// read and write streams by them get a pair of descriptors.

import (
	"os"
	"syscall"
	"time"
)

// tie has nothing to do.
func (s *samerunSock) tie(fd uintptr) (untie func()) { return func() {} }

// rawRead is rawConn.Read for programs that read by system calls, or look whether the
// connection is still there. The descriptor that they get is one end of a pair, with
// what has arrived in it; what they have left there stays unread.
func (s *samerunSock) rawRead(f func(uintptr) bool) error {
	for {
		if err := s.enter(); err != nil {
			return err
		}
		done, err := s.rawReadOnce(f)
		if !done && err == nil {
			moments := []time.Time{s.readTill, s.in.Ends, s.in.Resets, s.way.dies}
			if next, waits := s.in.Next(); waits {
				moments = []time.Time{s.readTill, next, s.way.dies}
			}
			err = s.wait(moments...)
		}
		s.n.mu.Unlock()
		if done || err != nil {
			return err
		}
	}
}

// rawReadOnce lets f read what has arrived. The caller has the lock, but f has not.
func (s *samerunSock) rawReadOnce(f func(uintptr) bool) (done bool, err error) {
	switch {
	case s.in == nil:
		return false, syscall.EOPNOTSUPP
	case samerunPast(s.readTill):
		return false, os.ErrDeadlineExceeded
	}
	pair, err := samerunPair()
	if err != nil {
		return false, err
	}
	given := 0
	s.in.Look(func(data []byte) bool {
		n, _ := syscall.Write(pair[1], data)
		given += max(n, 0)
		return n == len(data)
	})
	if given == 0 && (samerunPast(s.in.Ends) || samerunPast(s.in.Resets)) {
		syscall.Shutdown(pair[1], syscall.SHUT_WR)
	}
	s.n.mu.Unlock()
	done = f(uintptr(pair[0]))
	s.n.mu.Lock()
	left := samerunDrain(pair[0], nil)
	samerunUnpair(pair)
	s.take(nil, given-left)
	if s.closed {
		err = errClosed
	}
	return done, err
}

// rawWrite is rawConn.Write: what the program writes to one end of a pair is sent.
func (s *samerunSock) rawWrite(f func(uintptr) bool) error {
	for {
		if err := s.enter(); err != nil {
			return err
		}
		if s.out == nil {
			s.n.mu.Unlock()
			return syscall.EOPNOTSUPP
		}
		for s.out.Room() <= 0 && !samerunPast(s.writeTill) && s.broken() == 0 {
			if err := s.wait(s.writeTill, s.in.Resets, s.way.dies, s.out.Returns()); err != nil {
				s.n.mu.Unlock()
				return err
			}
		}
		expired := samerunPast(s.writeTill)
		s.n.mu.Unlock()
		if expired {
			return os.ErrDeadlineExceeded
		}
		pair, err := samerunPair()
		if err != nil {
			return err
		}
		done := f(uintptr(pair[0]))
		var written []byte
		samerunDrain(pair[1], &written)
		samerunUnpair(pair)
		if len(written) > 0 {
			if _, err := s.write(written); err != nil {
				return err
			}
		}
		if done {
			return nil
		}
	}
}

// samerunPair makes two descriptors, each of which reads what is written to the other.
func samerunPair() (pair [2]int, err error) {
	pair, err = syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return pair, os.NewSyscallError("socketpair", err)
	}
	for _, fd := range pair {
		syscall.CloseOnExec(fd)
		syscall.SetNonblock(fd, true)
	}
	return pair, nil
}

func samerunUnpair(pair [2]int) {
	syscall.Close(pair[0])
	syscall.Close(pair[1])
}

// samerunDrain reads what is left in one of a pair, appends it to all unless that is nil,
// and returns how much it was.
func samerunDrain(fd int, all *[]byte) (n int) {
	var b [4096]byte
	for {
		k, err := syscall.Read(fd, b[:])
		if k <= 0 || err != nil {
			return n
		}
		n += k
		if all != nil {
			*all = append(*all, b[:k]...)
		}
	}
}
