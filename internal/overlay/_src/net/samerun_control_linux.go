package net

import (
	"net/netip"
	"syscall"
	"unsafe"
)

// Options and control messages that package syscall does not name everywhere.
const (
	samerunReusePort   = 0xf
	samerunLevelUDP    = 17
	samerunSegmentSize = 103 // UDP_SEGMENT
	samerunTogether    = 104 // UDP_GRO
)

// option asks the socket of the machine's that stands for s. The caller has the lock.
func (s *samerunSock) option(level, name int) int {
	value, err := syscall.GetsockoptInt(int(s.options), level, name)
	if err != nil {
		return 0
	}
	return value
}

// wantsToShare reports whether others that want it, too, may be bound to the port of s.
func (s *samerunSock) wantsToShare() bool {
	if s.options == 0 {
		return false
	}
	return s.option(syscall.SOL_SOCKET, samerunReusePort) != 0 ||
		s.sotype == syscall.SOCK_DGRAM && s.option(syscall.SOL_SOCKET, syscall.SO_REUSEADDR) != 0
}

// asked returns what the options of s say of its packets. The caller has the lock.
func (s *samerunSock) asked() *samerunPacketState {
	if s.state.fresh && !s.stale.Load() {
		return &s.state
	}
	s.stale.Store(!samerunTies && s.options != 0) // where nobody tells, they are asked for each time
	s.state = samerunPacketState{fresh: true, ttl: 64, hops: 64}
	if s.options == 0 {
		return &s.state
	}
	is := func(level, name int) bool { return s.option(level, name) != 0 }
	s.state = samerunPacketState{
		fresh:          true,
		info4:          is(syscall.IPPROTO_IP, syscall.IP_PKTINFO),
		tos4:           is(syscall.IPPROTO_IP, syscall.IP_RECVTOS),
		ttl4:           is(syscall.IPPROTO_IP, syscall.IP_RECVTTL),
		together:       is(samerunLevelUDP, samerunTogether),
		segment:        s.option(samerunLevelUDP, samerunSegmentSize),
		tos:            uint8(s.option(syscall.IPPROTO_IP, syscall.IP_TOS)),
		ttl:            uint8(s.option(syscall.IPPROTO_IP, syscall.IP_TTL)),
		receivesAtMost: s.option(syscall.SOL_SOCKET, syscall.SO_RCVBUF),
	}
	if s.family == syscall.AF_INET6 {
		s.state.info6 = is(syscall.IPPROTO_IPV6, syscall.IPV6_RECVPKTINFO)
		s.state.tos6 = is(syscall.IPPROTO_IPV6, syscall.IPV6_RECVTCLASS)
		s.state.ttl6 = is(syscall.IPPROTO_IPV6, syscall.IPV6_RECVHOPLIMIT)
		s.state.class = uint8(s.option(syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS))
		s.state.hops = uint8(s.option(syscall.IPPROTO_IPV6, syscall.IPV6_UNICAST_HOPS))
	}
	return &s.state
}

// controls writes the control messages of a packet, as Linux does, and returns how many
// bytes they have, and MSG_CTRUNC if oob has no room for all. The caller has the lock.
func (s *samerunSock) controls(oob []byte, h samerunHeader, segment int) (n, flags int) {
	o := s.asked()
	w := samerunControlWriter{buf: oob}
	if o.together && segment > 0 {
		w.putInt(samerunLevelUDP, samerunTogether, segment)
	}
	if o.info6 {
		info := syscall.Inet6Pktinfo{Addr: h.to.As16(), Ifindex: samerunIndexOf(h.to)}
		w.put(syscall.IPPROTO_IPV6, syscall.IPV6_PKTINFO, unsafe.Slice((*byte)(unsafe.Pointer(&info)), syscall.SizeofInet6Pktinfo))
	}
	if h.to.Is4() {
		if o.info4 {
			info := syscall.Inet4Pktinfo{Ifindex: int32(samerunIndexOf(h.to)), Spec_dst: h.to.As4(), Addr: h.to.As4()}
			w.put(syscall.IPPROTO_IP, syscall.IP_PKTINFO, unsafe.Slice((*byte)(unsafe.Pointer(&info)), syscall.SizeofInet4Pktinfo))
		}
		if o.ttl4 {
			w.putInt(syscall.IPPROTO_IP, syscall.IP_TTL, int(h.ttl))
		}
		if o.tos4 {
			w.put(syscall.IPPROTO_IP, syscall.IP_TOS, []byte{h.tos})
		}
	} else {
		if o.ttl6 {
			w.putInt(syscall.IPPROTO_IPV6, syscall.IPV6_HOPLIMIT, int(h.ttl))
		}
		if o.tos6 {
			w.putInt(syscall.IPPROTO_IPV6, syscall.IPV6_TCLASS, int(h.tos))
		}
	}
	return w.n, w.flags
}

// samerunControlWriter writes control messages.
type samerunControlWriter struct {
	buf   []byte
	n     int // bytes that were written
	flags int
}

func (w *samerunControlWriter) putInt(level, typ, value int) {
	v := int32(value)
	w.put(level, typ, unsafe.Slice((*byte)(unsafe.Pointer(&v)), 4))
}

func (w *samerunControlWriter) put(level, typ int, data []byte) {
	left := w.buf[w.n:]
	if len(left) < syscall.SizeofCmsghdr {
		w.flags |= syscall.MSG_CTRUNC
		return
	}
	size := syscall.CmsgLen(len(data))
	if size > len(left) {
		w.flags |= syscall.MSG_CTRUNC
		size = len(left)
	}
	h := syscall.Cmsghdr{Level: int32(level), Type: int32(typ)}
	h.SetLen(size)
	copy(left, unsafe.Slice((*byte)(unsafe.Pointer(&h)), syscall.SizeofCmsghdr))
	copy(left[syscall.CmsgLen(0):size], data)
	w.n += min(syscall.CmsgSpace(len(data)), len(left))
}

// parseControls reads the control messages that come with a packet that is sent. The
// caller has the lock.
func (s *samerunSock) parseControls(oob []byte, m *samerunSending) syscall.Errno {
	for len(oob) >= syscall.SizeofCmsghdr {
		var h syscall.Cmsghdr
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&h)), syscall.SizeofCmsghdr), oob)
		if uint64(h.Len) < syscall.SizeofCmsghdr || uint64(h.Len) > uint64(len(oob)) {
			return syscall.EINVAL
		}
		if errno := s.parseControl(int(h.Level), int(h.Type), oob[syscall.CmsgLen(0):max(int(h.Len), syscall.CmsgLen(0))], m); errno != 0 {
			return errno
		}
		oob = oob[min(syscall.CmsgSpace(int(h.Len)-syscall.CmsgLen(0)), len(oob)):]
	}
	return 0
}

func (s *samerunSock) parseControl(level, typ int, data []byte, m *samerunSending) syscall.Errno {
	number, isInt := 0, len(data) == 4
	if isInt {
		number = int(*(*int32)(unsafe.Pointer(unsafe.SliceData(data))))
	}
	four := m.to.Is4()
	switch {
	case level == samerunLevelUDP && typ == samerunSegmentSize:
		if len(data) != 2 {
			return syscall.EINVAL
		}
		m.segment = int(*(*uint16)(unsafe.Pointer(unsafe.SliceData(data))))
	case level == samerunLevelUDP, level == syscall.SOL_SOCKET:
		return syscall.EINVAL
	case level == syscall.IPPROTO_IPV6 && typ == syscall.IPV6_PKTINFO:
		if len(data) < syscall.SizeofInet6Pktinfo {
			return syscall.EINVAL
		}
		return s.setSource(m, netip.AddrFrom16([16]byte(data[:16])))
	case level == syscall.IPPROTO_IP && four:
		switch {
		case typ == syscall.IP_PKTINFO && len(data) == syscall.SizeofInet4Pktinfo:
			return s.setSource(m, netip.AddrFrom4([4]byte(data[4:8])))
		case typ == syscall.IP_TTL && isInt && number >= 1 && number <= 255:
			m.ttl = uint8(number)
		case typ == syscall.IP_TOS && isInt && number >= 0 && number <= 255:
			m.tos = uint8(number)
		case typ == syscall.IP_TOS && len(data) == 1:
			m.tos = data[0]
		default:
			return syscall.EINVAL
		}
	case level == syscall.IPPROTO_IPV6 && !four:
		switch {
		case typ == syscall.IPV6_HOPLIMIT && isInt && number >= -1 && number <= 255:
			if number >= 0 {
				m.ttl = uint8(number)
			}
		case typ == syscall.IPV6_TCLASS && isInt && number >= -1 && number <= 255:
			m.tos = uint8(max(number, 0))
		default:
			return syscall.EINVAL
		}
	}
	return 0
}

// setSource sets the address from which a packet comes, unless that is unspecified.
func (s *samerunSock) setSource(m *samerunSending, ip netip.Addr) syscall.Errno {
	switch ip = ip.Unmap(); {
	case ip.IsUnspecified():
		return 0
	case ip.Is4() != m.to.Is4(), !s.host.has(ip.AsSlice()):
		return syscall.EINVAL
	}
	m.from = netip.AddrPortFrom(ip, m.from.Port())
	return 0
}
