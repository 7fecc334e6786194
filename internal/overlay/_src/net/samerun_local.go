//go:build unix || windows

package net

import (
	"context"
	"os"
	"slices"
	"syscall"
)

// openUnix is samerunOpen for Unix sockets, but for those of packets. There is a file for
// the name of a socket that listens, though an ordinary one: it says that the name is
// taken.
func (s *samerunSock) openUnix(ctx context.Context, laddr, raddr sockaddr, options samerunOptions) (fd *netFD, ours bool, err error) {
	if raddr == nil {
		path := samerunPath(laddr)
		s.listens = true
		return s.open(ctx, laddr, options, func() error {
			if path == "" || path == "@" {
				return s.n.bindSome(s)
			}
			return s.n.bindPath(s, path)
		})
	}
	path := samerunPath(raddr)
	if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		return nil, false, nil
	}
	return s.open(ctx, raddr, options, func() error {
		s.laddr, s.raddr = &UnixAddr{Name: samerunPath(laddr), Net: s.network}, &UnixAddr{Name: path, Net: s.network}
		missing := syscall.ENOENT
		if _, err := os.Stat(path); err == nil || path == "" || path[0] == '@' {
			missing = syscall.ECONNREFUSED
		}
		return s.connect(ctx, func() *samerunSock { return s.n.atPath(path) }, missing)
	})
}

// atPath finds who listens at a name. One file can have many names.
func (n *samerunNet) atPath(path string) *samerunSock {
	info, err := os.Stat(path)
	for _, s := range n.paths {
		if s.laddr.(*UnixAddr).Name == path && s.file == nil || err == nil && s.file != nil && os.SameFile(info, s.file) {
			return s
		}
	}
	return nil
}

// samerunPath is the name in an address, empty for none.
func samerunPath(a sockaddr) string {
	if a, ok := a.(*UnixAddr); ok && a != nil {
		return a.Name
	}
	return ""
}

// bindPath gives s its name. The caller has the lock.
func (n *samerunNet) bindPath(s *samerunSock, path string) error {
	if path[0] == '@' {
		if n.atPath(path) != nil {
			return os.NewSyscallError("bind", syscall.EADDRINUSE)
		}
	} else {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err != nil {
			reason := err.(*os.PathError).Err
			if os.IsExist(err) {
				reason = syscall.EADDRINUSE
			}
			return os.NewSyscallError("bind", reason)
		}
		s.file, _ = f.Stat()
		f.Close()
		// A file that was removed takes its name with it, and a later one can be the same to
		// the system.
		n.paths = slices.DeleteFunc(n.paths, func(other *samerunSock) bool { return other.file != nil && os.SameFile(s.file, other.file) })
	}
	s.laddr = &UnixAddr{Name: path, Net: s.network}
	n.paths = append(n.paths, s)
	return nil
}

// bindSome gives s a name that nobody has.
func (n *samerunNet) bindSome(s *samerunSock) error {
	name := ""
	n.ports.Next(func(port int) bool {
		digits := []byte("@00000")
		for i := 5; i > 0; i-- {
			digits[i] = "0123456789abcdef"[port&15]
			port >>= 4
		}
		name = string(digits)
		return n.atPath(name) == nil
	})
	return n.bindPath(s, name)
}

// openUnixPackets is samerunOpen for Unix sockets of packets.
func (s *samerunSock) openUnixPackets(ctx context.Context, laddr, raddr sockaddr, options samerunOptions) (fd *netFD, ours bool, err error) {
	there := samerunPath(raddr)
	if raddr != nil {
		if info, err := os.Stat(there); err == nil && info.Mode()&os.ModeSocket != 0 {
			return nil, false, nil
		}
	}
	address := raddr
	if address == nil {
		address = laddr
	}
	return s.open(ctx, address, options, func() (err error) {
		s.laddr = &UnixAddr{Net: s.network}
		switch path := samerunPath(laddr); {
		case path != "" && path != "@":
			err = s.n.bindPath(s, path)
		case raddr == nil, path == "@":
			err = s.n.bindSome(s)
		}
		if err != nil || raddr == nil {
			return err
		}
		r, errno := s.n.receiver(there)
		if errno != 0 {
			s.n.unbind(s)
			return os.NewSyscallError("connect", errno)
		}
		s.peer, s.raddr = r, &UnixAddr{Name: there, Net: s.network}
		return nil
	})
}

// receiver finds who gets packets at a name.
func (n *samerunNet) receiver(path string) (*samerunSock, syscall.Errno) {
	r := n.atPath(path)
	switch {
	case r != nil && r.sotype != syscall.SOCK_DGRAM:
		return nil, syscall.EPROTOTYPE
	case r != nil:
		return r, 0
	}
	if _, err := os.Stat(path); err == nil || path == "" || path[0] == '@' {
		return nil, syscall.ECONNREFUSED
	}
	return nil, syscall.ENOENT
}

// samerunUnixBacklog is how many packets wait at a Unix socket before senders wait.
const samerunUnixBacklog = 11

// sendUnix sends to who has a name, or to the peer.
func (s *samerunSock) sendUnix(b, oob []byte, name string) (int, error) {
	if len(oob) > 0 {
		return 0, os.NewSyscallError("sendmsg", syscall.EOPNOTSUPP)
	}
	if s.out != nil {
		return s.write(b)
	}
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.n.mu.Unlock()
	return s.sendUnixPacket(b, name)
}

// sendUnixPacket sends a packet when there is room. The caller has the lock.
func (s *samerunSock) sendUnixPacket(b []byte, name string) (int, error) {
	for {
		if samerunPast(s.writeTill) {
			return 0, os.ErrDeadlineExceeded
		}
		r, errno := s.sendUnixNow(b, name)
		switch errno {
		case 0:
			return len(b), nil
		case syscall.EAGAIN:
		default:
			return 0, os.NewSyscallError("sendto", errno)
		}
		r.wait(s.writeTill) // it may be closed then, which is seen
		if s.closed {
			return 0, errClosed
		}
	}
}

// sendUnixNow is the system call that sends a packet to who has a name, or to the peer if
// it is empty. The caller has the lock.
func (s *samerunSock) sendUnixNow(b []byte, name string) (r *samerunSock, errno syscall.Errno) {
	switch {
	case name != "":
		r, errno = s.n.receiver(name)
	case s.peer == nil:
		errno = syscall.ENOTCONN
	default:
		if r = s.peer; r.closed {
			errno = syscall.ECONNREFUSED
		}
	}
	switch {
	case errno != 0:
		return nil, errno
	case r.peer != nil && r.peer != s:
		return nil, syscall.EPERM
	case len(b) > samerunPipePacketMost:
		return nil, syscall.EMSGSIZE
	case r.packets.Len() >= samerunUnixBacklog:
		return r, syscall.EAGAIN
	}
	if !r.packets.Put(b, 0, samerunHeader{name: s.laddr.(*UnixAddr).Name}, samerunDelay) {
		return r, syscall.EAGAIN
	}
	r.changed()
	return r, 0
}
