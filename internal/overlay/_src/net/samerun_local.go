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
		return s.connect(ctx, s.host.node, func(h *samerunHost) (*samerunSock, error) {
			l := s.n.atPath(h, path)
			if l != nil && l.host != h {
				return nil, &samerunNotHere{path, l.host.node, s.host.node}
			}
			return l, missing
		})
	})
}

// samerunNotHere is the error of who dials the Unix socket of another host. All have the same
// files, but what listens at one does so on its own host only, as with a folder that several
// machines share.
type samerunNotHere struct {
	path      string
	node, own uint32
}

func (e *samerunNotHere) Error() string {
	return "connection refused: the Unix socket " + e.path + " is one of " + samerunHostName(e.node) + ", and " +
		samerunHostName(e.own) + " reaches only its own; between nodes there are TCP and UDP"
}

func (e *samerunNotHere) Unwrap() error { return syscall.ECONNREFUSED }

// atPath finds who listens at a name, as h sees it. One file can have many names, and all hosts
// have the same files; a name without a file is one of its host.
func (n *samerunNet) atPath(h *samerunHost, path string) *samerunSock {
	info, err := os.Stat(path)
	for _, s := range n.paths {
		if s.laddr.(*UnixAddr).Name == path && s.file == nil && s.host == h || err == nil && s.file != nil && os.SameFile(info, s.file) {
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
		if n.atPath(s.host, path) != nil {
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
	s.host.ports.Next(func(port int) bool {
		digits := []byte("@00000")
		for i := 5; i > 0; i-- {
			digits[i] = "0123456789abcdef"[port&15]
			port >>= 4
		}
		name = string(digits)
		return n.atPath(s.host, name) == nil
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
		r, errno := s.n.receiver(s.host, there)
		if errno != 0 {
			s.n.unbind(s)
			return s.notHere(there, os.NewSyscallError("connect", errno))
		}
		s.peer, s.raddr = r, &UnixAddr{Name: there, Net: s.network}
		return nil
	})
}

// receiver finds who gets packets at a name.
func (n *samerunNet) receiver(h *samerunHost, path string) (*samerunSock, syscall.Errno) {
	r := n.atPath(h, path)
	switch {
	case r != nil && r.host != h:
		return nil, syscall.ECONNREFUSED
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

// notHere is the error err, which s got for a name, or a better one.
func (s *samerunSock) notHere(path string, err error) error {
	if r := s.n.atPath(s.host, path); path != "" && r != nil && r.host != s.host {
		return &samerunNotHere{path, r.host.node, s.host.node}
	}
	return err
}

// samerunUnixBacklog is how many packets wait at a Unix socket before senders wait.
const samerunUnixBacklog = 11

// sendUnix sends to who has a name, or to the peer.
func (s *samerunSock) sendUnix(b, oob []byte, name string) (int, error) {
	defer samerunVisitEnds(samerunVisit(s.n.bubble))
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
			return 0, s.notHere(name, os.NewSyscallError("sendto", errno))
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
		r, errno = s.n.receiver(s.host, name)
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
