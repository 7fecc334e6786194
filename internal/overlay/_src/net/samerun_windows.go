package net

import "syscall"

// samerunTruncated is what readMsg says of a packet that was longer than the buffer.
const samerunTruncated = 0

// samerunHandle is a socket as package syscall has it.
func samerunHandle(fd uintptr) syscall.Handle { return syscall.Handle(fd) }

// tie has nothing to do.
func (s *samerunSock) tie(fd uintptr) (untie func()) { return func() {} }

func (s *samerunSock) rawRead(f func(uintptr) bool) error { return syscall.EWINDOWS }

func (s *samerunSock) rawWrite(f func(uintptr) bool) error { return syscall.EWINDOWS }

// wantsToShare reports whether others may be bound to the port of s, too.
func (s *samerunSock) wantsToShare() bool { return false }

// asked returns what the options of s say of its packets.
func (s *samerunSock) asked() *samerunPacketState {
	if !s.state.fresh {
		s.state = samerunPacketState{fresh: true, ttl: 128, hops: 128}
	}
	return &s.state
}

// controls writes no control messages.
func (s *samerunSock) controls(oob []byte, h samerunHeader, segment int) (n, flags int) { return 0, 0 }

// parseControls knows no control messages.
func (s *samerunSock) parseControls(oob []byte, m *samerunSending) syscall.Errno {
	if len(oob) > 0 {
		return syscall.EWINDOWS
	}
	return 0
}
