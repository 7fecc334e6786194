//go:build unix || windows

package net

import (
	"context"
	"errors"
	"internal/poll"
	"syscall"
)

// samerunNoFile is why File does not return one: what is read from it would not come from
// the network of the test.
var samerunNoFile = errors.New("samerun: a socket of a test's network has no file; -net real leaves sockets to the machine")

// samerunControl is rawConn.Control. Options are set and asked for at a socket of the
// machine's that stands for the one of the test.
func samerunControl(fd *netFD, f func(uintptr)) (ours bool, err error) {
	s := fd.samerun
	if s == nil {
		return false, nil
	}
	if err := s.enter(); err != nil {
		return true, err
	}
	err = s.lend(f)
	s.n.mu.Unlock()
	return true, err
}

// lend calls f with a socket of the machine's that stands for this one. The caller has
// the lock, but f has not.
func (s *samerunSock) lend(f func(uintptr)) error {
	raw, err := s.descriptor()
	if err != nil {
		return err
	}
	s.users++
	s.n.mu.Unlock()
	defer func() {
		s.n.mu.Lock()
		s.users--
		if s.closed {
			s.release()
		}
	}()
	f(raw)
	return nil
}

// descriptor returns a socket of the machine's that stands for this one. The caller has
// the lock.
func (s *samerunSock) descriptor() (uintptr, error) {
	if s.options != 0 {
		return s.options, nil
	}
	made, err := sysSocket(s.family, s.sotype, 0)
	if err != nil {
		return 0, err
	}
	if s.family == syscall.AF_INET6 {
		syscall.SetsockoptInt(made, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, boolint(s.v6only))
	}
	for _, o := range s.set {
		syscall.SetsockoptInt(made, o.level, o.name, o.value)
	}
	s.options, s.set = uintptr(made), nil
	s.stale.Store(true)
	untie := s.tie(uintptr(made))
	s.forget = func() {
		untie()
		poll.CloseFunc(made)
	}
	return s.options, nil
}

// release closes the socket of the machine's, when nobody uses it. The caller has the lock.
func (s *samerunSock) release() {
	if s.forget != nil && s.users == 0 {
		s.forget()
		s.options, s.forget = 0, nil
	}
}

// samerunOption is an option of a socket that was set.
type samerunOption struct{ level, name, value int }

// setOption is setsockopt for package net's own settings: they are kept until somebody
// looks, since each connection has some.
func (s *samerunSock) setOption(level, name, value int) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.n.mu.Unlock()
	if s.sotype == syscall.SOCK_DGRAM && level == syscall.SOL_SOCKET && name == syscall.SO_RCVBUF {
		if _, err := s.descriptor(); err != nil { // it decides how many packets wait
			return err
		}
	}
	if s.options != 0 {
		s.stale.Store(true)
		return syscall.SetsockoptInt(samerunHandle(s.options), level, name, value)
	}
	for i, o := range s.set {
		if o.level == level && o.name == name {
			s.set[i].value = value
			return nil
		}
	}
	s.set = append(s.set, samerunOption{level, name, value})
	return nil
}

// samerunRaw is rawConn.Read, or Write.
func samerunRaw(fd *netFD, f func(uintptr) bool, write bool) (ours bool, err error) {
	s := fd.samerun
	switch {
	case s == nil:
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
func (s *samerunSock) control(ctx context.Context, address sockaddr, f samerunOptions) error {
	if f == nil {
		return nil
	}
	text := ""
	if address != nil {
		text = address.String()
	}
	fd := s.netFD()
	return f(ctx, fd.ctrlNetwork(), text, newRawConn(fd))
}
