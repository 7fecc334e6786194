//go:build linux && (amd64 || arm64 || loong64 || riscv64)

package net

import (
	"net/netip"
	"syscall"
	"unsafe"
)

// Flags and names that package syscall does not have everywhere.
const (
	samerunErrorQueue = 0x2000 // MSG_ERRQUEUE
	samerunUnread     = 0x541b // FIONREAD
	samerunAttachBPF  = 50     // SO_ATTACH_BPF
)

// answer answers a system call for the descriptor that stands for s: see samerunTie.
func (s *samerunSock) answer(trap uintptr, a [5]uintptr, p [5]unsafe.Pointer) (r uintptr, errno syscall.Errno, answered bool) {
	switch trap {
	case syscall.SYS_SETSOCKOPT:
		if a[0] == syscall.SOL_SOCKET && (a[1] == syscall.SO_ATTACH_FILTER || a[1] == samerunAttachBPF) {
			return 0, syscall.EOPNOTSUPP, true // nobody would filter
		}
		s.stale.Store(true)
		return 0, 0, false
	case syscall.SYS_GETSOCKOPT:
		if a[0] != syscall.SOL_SOCKET || a[1] != syscall.SO_ERROR && a[1] != syscall.SO_ACCEPTCONN {
			return 0, 0, false
		}
	case syscall.SYS_IOCTL:
		if a[0] != samerunUnread {
			return 0, 0, false
		}
	}
	s.n.mu.Lock()
	defer s.n.mu.Unlock()
	if trap == syscall.SYS_CLOSE { // by hand, which package net does not know either
		samerunTie(s.options, nil)
		s.options, s.forget = 0, nil
		return 0, 0, false
	}
	if s.closed {
		return 0, syscall.EBADF, true
	}
	var n int
	switch trap {
	case syscall.SYS_READ, syscall.SYS_RECVFROM:
		iov := [1]syscall.Iovec{{Base: (*byte)(p[0]), Len: uint64(a[1])}}
		h := syscall.Msghdr{Iov: &iov[0], Iovlen: 1}
		flags := 0
		size := (*uint32)(p[4])
		if trap == syscall.SYS_RECVFROM {
			flags = int(a[2])
			if p[3] != nil && size != nil {
				h.Name, h.Namelen = (*byte)(p[3]), *size
			}
		}
		n, errno = s.recvmsg(&h, flags)
		if errno == 0 && h.Name != nil {
			*size = h.Namelen
		}
	case syscall.SYS_READV:
		n, errno = s.recvmsg(&syscall.Msghdr{Iov: (*syscall.Iovec)(p[0]), Iovlen: uint64(a[1])}, 0)
	case syscall.SYS_RECVMSG:
		n, errno = s.recvmsg((*syscall.Msghdr)(p[0]), int(a[1]))
	case syscall.SYS_RECVMMSG:
		n, errno = samerunMany(p[0], int(a[1]), int(a[2]), s.recvmsg)
	case syscall.SYS_WRITE, syscall.SYS_SENDTO:
		iov := [1]syscall.Iovec{{Base: (*byte)(p[0]), Len: uint64(a[1])}}
		h := syscall.Msghdr{Iov: &iov[0], Iovlen: 1}
		if trap == syscall.SYS_SENDTO && p[3] != nil {
			h.Name, h.Namelen = (*byte)(p[3]), uint32(a[4])
		}
		n, errno = s.sendmsg(&h, 0)
	case syscall.SYS_WRITEV:
		n, errno = s.sendmsg(&syscall.Msghdr{Iov: (*syscall.Iovec)(p[0]), Iovlen: uint64(a[1])}, 0)
	case syscall.SYS_SENDMSG:
		n, errno = s.sendmsg((*syscall.Msghdr)(p[0]), int(a[1]))
	case samerunSendmmsg:
		n, errno = samerunMany(p[0], int(a[1]), int(a[2]), s.sendmsg)
	case syscall.SYS_GETSOCKOPT:
		return s.getsockopt(a[1], (*int32)(p[2]), (*uint32)(p[3]))
	case syscall.SYS_IOCTL:
		*(*int32)(p[1]) = int32(s.unread())
	case syscall.SYS_SHUTDOWN:
		errno = s.shutNow(a[0] != syscall.SHUT_WR, a[0] != syscall.SHUT_RD)
	case syscall.SYS_GETSOCKNAME:
		return 0, 0, s.name(s.laddr, p[0], (*uint32)(p[1]))
	case syscall.SYS_GETPEERNAME:
		return 0, 0, s.name(s.raddr, p[0], (*uint32)(p[1]))
	}
	return uintptr(n), errno, true
}

// samerunMessage is struct mmsghdr.
type samerunMessage struct {
	header syscall.Msghdr
	n      uint32
}

// samerunMany is recvmmsg, or sendmmsg: they do what they can without waiting.
func samerunMany(p unsafe.Pointer, count, flags int, one func(h *syscall.Msghdr, flags int) (int, syscall.Errno)) (int, syscall.Errno) {
	all := unsafe.Slice((*samerunMessage)(p), count)
	for i := range all {
		n, errno := one(&all[i].header, flags)
		switch {
		case errno != 0 && i == 0:
			return 0, errno
		case errno != 0:
			return i, 0
		}
		all[i].n = uint32(n)
	}
	return len(all), 0
}

// recvmsg is the system call. The caller has the lock.
func (s *samerunSock) recvmsg(h *syscall.Msghdr, flags int) (n int, errno syscall.Errno) {
	parts := unsafe.Slice(h.Iov, h.Iovlen)
	switch {
	case flags&samerunErrorQueue != 0:
		return 0, syscall.EAGAIN
	case s.listens:
		return 0, syscall.ENOTCONN
	case s.in != nil:
		h.Namelen, h.Controllen, h.Flags = 0, 0, 0
		return s.readParts(parts, flags)
	}
	data, segment, header, errno, _ := s.firstPacket()
	if errno != 0 {
		return 0, errno
	}
	for _, part := range parts {
		n += copy(samerunBytes(part), data[n:])
	}
	h.Flags = 0
	if n < len(data) {
		h.Flags = syscall.MSG_TRUNC
		if flags&syscall.MSG_TRUNC != 0 {
			n = len(data)
		}
	}
	if h.Name != nil {
		if s.family == syscall.AF_UNIX {
			s.name(&UnixAddr{Name: header.name}, unsafe.Pointer(h.Name), &h.Namelen)
		} else {
			h.Namelen = samerunPutAddress(s.family, header.from, unsafe.Pointer(h.Name), h.Namelen)
		}
	}
	var oob []byte
	if h.Control != nil {
		oob = unsafe.Slice(h.Control, h.Controllen)
	}
	used, more := s.controls(oob, header, segment)
	h.Controllen = uint64(used)
	h.Flags |= int32(more)
	if flags&syscall.MSG_PEEK == 0 {
		s.drop(data)
	}
	return n, 0
}

// readParts reads from a stream. The caller has the lock.
func (s *samerunSock) readParts(parts []syscall.Iovec, flags int) (n int, errno syscall.Errno) {
	if s.readEnd {
		return 0, 0
	}
	wanted := 0
	for _, part := range parts {
		b := samerunBytes(part)
		wanted += len(b)
		if flags&syscall.MSG_PEEK == 0 {
			k := s.take(b, len(b))
			if n += k; k < len(b) {
				break
			}
			continue
		}
		skip := n // what earlier parts have
		s.in.Look(func(data []byte) bool {
			k := min(skip, len(data))
			skip -= k
			k = copy(b, data[k:])
			n += k
			b = b[k:]
			return len(b) > 0
		})
	}
	if n == 0 && wanted > 0 {
		errno = s.nothingToRead()
	}
	return n, errno
}

// sendmsg is the system call. The caller has the lock.
func (s *samerunSock) sendmsg(h *syscall.Msghdr, flags int) (n int, errno syscall.Errno) {
	parts := unsafe.Slice(h.Iov, h.Iovlen)
	var b []byte
	if len(parts) == 1 {
		b = samerunBytes(parts[0])
	} else {
		b = s.n.stock.Copy(nil)
		for _, part := range parts {
			b = append(b, samerunBytes(part)...)
		}
		defer func(b []byte) { s.n.stock.Keep(b) }(b)
	}
	var oob []byte
	if h.Control != nil {
		oob = unsafe.Slice(h.Control, h.Controllen)
	}
	if s.out != nil {
		if len(oob) > 0 {
			return 0, syscall.EOPNOTSUPP
		}
		n, errno = s.writeSome(b)
		if n > 0 {
			errno = 0
		}
		return n, errno
	}
	if s.sotype != syscall.SOCK_DGRAM {
		return 0, syscall.ENOTCONN
	}
	if s.family == syscall.AF_UNIX {
		if len(oob) > 0 {
			return 0, syscall.EOPNOTSUPP
		}
		_, errno = s.sendUnixNow(b, samerunGetName(unsafe.Pointer(h.Name), h.Namelen))
	} else {
		to := netip.AddrPort{}
		if to, errno = samerunGetAddress(unsafe.Pointer(h.Name), h.Namelen); errno == 0 {
			errno = s.sendNow(b, oob, to)
		}
	}
	if errno != 0 {
		return 0, errno
	}
	return len(b), 0
}

// samerunBytes is one part of what a system call reads or writes.
func samerunBytes(v syscall.Iovec) []byte { return unsafe.Slice(v.Base, v.Len) }

// getsockopt answers what the socket of the machine's does not know. The caller has the lock.
func (s *samerunSock) getsockopt(name uintptr, value *int32, size *uint32) (uintptr, syscall.Errno, bool) {
	if value == nil || size == nil || *size < 4 {
		return 0, 0, false
	}
	*value, *size = 0, 4
	switch {
	case name == syscall.SO_ACCEPTCONN:
		*value = int32(boolint(s.listens))
	case s.refused:
		s.refused = false
		*value = int32(syscall.ECONNREFUSED)
	case s.in != nil && s.broken() != 0 && !s.told:
		s.told = true
		*value = int32(s.broken())
	}
	return 0, 0, true
}

// unread is how many bytes can be read. The caller has the lock.
func (s *samerunSock) unread() (n int) {
	if s.in == nil {
		if s.n.links.Holding > 0 {
			s.n.sift(s, samerunNow(), true)
		}
		data, _, _, _, _ := s.packets.First(s.asked().together)
		return len(data)
	}
	s.in.Look(func(data []byte) bool {
		n += len(data)
		return true
	})
	return n
}

// name writes an address of the socket, and reports whether it has one.
func (s *samerunSock) name(a Addr, p unsafe.Pointer, size *uint32) bool {
	if p == nil || size == nil {
		return false
	}
	switch a := a.(type) {
	case *TCPAddr:
		*size = samerunPutAddress(s.family, netip.AddrPortFrom(samerunAddr(a.IP), uint16(a.Port)), p, *size)
	case *UDPAddr:
		*size = samerunPutAddress(s.family, netip.AddrPortFrom(samerunAddr(a.IP), uint16(a.Port)), p, *size)
	case *UnixAddr:
		var raw syscall.RawSockaddrUnix
		raw.Family = syscall.AF_UNIX
		n := 2 // an address without a name
		if a.Name != "" {
			for i := range min(len(a.Name), len(raw.Path)-1) {
				raw.Path[i] = int8(a.Name[i])
			}
			if n += len(a.Name); a.Name[0] == '@' {
				raw.Path[0] = 0
			} else {
				n++
			}
		}
		copy(unsafe.Slice((*byte)(p), *size), unsafe.Slice((*byte)(unsafe.Pointer(&raw)), n))
		*size = uint32(n)
	default:
		return false
	}
	return true
}

// samerunPutAddress writes an address as far as there is room, and returns how long it is.
func samerunPutAddress(family int, a netip.AddrPort, p unsafe.Pointer, room uint32) (size uint32) {
	port := [2]byte{byte(a.Port() >> 8), byte(a.Port())}
	var raw []byte
	if family == syscall.AF_INET {
		r := syscall.RawSockaddrInet4{Family: syscall.AF_INET, Port: *(*uint16)(unsafe.Pointer(&port)), Addr: a.Addr().As4()}
		raw = unsafe.Slice((*byte)(unsafe.Pointer(&r)), syscall.SizeofSockaddrInet4)
	} else {
		r := syscall.RawSockaddrInet6{Family: syscall.AF_INET6, Port: *(*uint16)(unsafe.Pointer(&port)), Addr: a.Addr().As16()}
		raw = unsafe.Slice((*byte)(unsafe.Pointer(&r)), syscall.SizeofSockaddrInet6)
	}
	copy(unsafe.Slice((*byte)(p), room), raw)
	return uint32(len(raw))
}

// samerunGetAddress reads an address, none if there is none.
func samerunGetAddress(p unsafe.Pointer, size uint32) (a netip.AddrPort, errno syscall.Errno) {
	if p == nil || size == 0 {
		return a, 0
	}
	if size < 2 {
		return a, syscall.EINVAL
	}
	switch family := *(*uint16)(p); {
	case family == syscall.AF_INET && size >= syscall.SizeofSockaddrInet4:
		r := (*syscall.RawSockaddrInet4)(p)
		return netip.AddrPortFrom(netip.AddrFrom4(r.Addr), samerunPort(&r.Port)), 0
	case family == syscall.AF_INET6 && size >= syscall.SizeofSockaddrInet6:
		r := (*syscall.RawSockaddrInet6)(p)
		return netip.AddrPortFrom(netip.AddrFrom16(r.Addr), samerunPort(&r.Port)), 0
	case family == syscall.AF_INET, family == syscall.AF_INET6:
		return a, syscall.EINVAL
	}
	return a, syscall.EAFNOSUPPORT
}

// samerunGetName reads the name of a Unix socket, empty if there is none.
func samerunGetName(p unsafe.Pointer, size uint32) string {
	if p == nil || size <= 2 {
		return ""
	}
	name := unsafe.Slice((*byte)(p), size)[2:]
	if name[0] == 0 {
		return "@" + string(name[1:])
	}
	for i, b := range name {
		if b == 0 {
			return string(name[:i])
		}
	}
	return string(name)
}

// samerunPort is a port in the order of the network.
func samerunPort(p *uint16) uint16 {
	b := (*[2]byte)(unsafe.Pointer(p))
	return uint16(b[0])<<8 | uint16(b[1])
}
