//go:build unix || windows

package net

import (
	"context"
	"internal/poll"
	"syscall"
)

// samerunControl is rawConn.Control. Options are set and asked for at a socket of the
// machine's that is used for nothing else.
func samerunControl(fd *netFD, f func(uintptr)) (ours bool, err error) {
	s, ours := fd.samerun.(*samerunSock)
	if !ours {
		return false, nil
	}
	if err := s.enter(); err != nil {
		return true, err
	}
	if s.options == 0 {
		made, err := sysSocket(s.family, fd.sotype, 0)
		if err != nil {
			s.n.mu.Unlock()
			return true, err
		}
		s.options, s.forget = uintptr(made), func() { poll.CloseFunc(made) }
	}
	raw := s.options
	s.n.mu.Unlock()
	f(raw)
	return true, nil
}

// samerunRaw is rawConn.Read, or Write.
func samerunRaw(fd *netFD, f func(uintptr) bool, write bool) (ours bool, err error) {
	s, ours := fd.samerun.(*samerunSock)
	switch {
	case !ours:
		return false, nil
	case write:
		return true, s.rawWrite(f)
	}
	return true, s.rawRead(f)
}

// samerunOptions is a function of the program's that sets options: net.Dialer.Control
// and its like. It may be nil.
type samerunOptions func(ctx context.Context, network, address string, c syscall.RawConn) error

// control lets the program set options before the socket is bound or connected.
func (s *samerunSock) control(ctx context.Context, sotype int, address sockaddr, f samerunOptions) error {
	if f == nil {
		return nil
	}
	text := ""
	if address != nil {
		text = address.String()
	}
	fd := s.netFD(sotype)
	return f(ctx, fd.ctrlNetwork(), text, newRawConn(fd))
}
