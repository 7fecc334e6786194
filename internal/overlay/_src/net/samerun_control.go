//go:build unix && !linux

package net

import "syscall"

// wantsToShare reports whether others may be bound to the port of s, too.
func (s *samerunSock) wantsToShare() bool { return false }

// asked returns what the options of s say of its packets.
func (s *samerunSock) asked() *samerunPacketState {
	if !s.state.fresh {
		s.state = samerunPacketState{fresh: true, ttl: 64, hops: 64}
	}
	return &s.state
}

// controls writes no control messages.
func (s *samerunSock) controls(oob []byte, h samerunHeader, segment int) (n, flags int) { return 0, 0 }

// parseControls knows no control messages.
func (s *samerunSock) parseControls(oob []byte, m *samerunSending) syscall.Errno {
	if len(oob) > 0 {
		return syscall.EOPNOTSUPP
	}
	return 0
}
