//go:build amd64 || arm64

package network

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

type mmsghdr struct {
	syscall.Msghdr
	n uint32
}

// messages are n messages with buffers and room for control messages.
func messages(n, size, oob int) []mmsghdr {
	all := make([]mmsghdr, n)
	for i := range all {
		all[i].Name, all[i].Namelen = &make([]byte, syscall.SizeofSockaddrAny)[0], syscall.SizeofSockaddrAny
		half := size / 2
		v := []syscall.Iovec{{Base: &make([]byte, half)[0], Len: uint64(half)}, {Base: &make([]byte, size-half)[0], Len: uint64(size - half)}}
		all[i].Iov, all[i].Iovlen = &v[0], 2
		if oob > 0 {
			all[i].Control = &make([]byte, oob)[0]
		}
		all[i].Controllen = uint64(oob)
	}
	return all
}

// text is what is in a message that was received.
func (m *mmsghdr) text() (s string) {
	left := int(m.n)
	for _, v := range unsafe.Slice(m.Iov, m.Iovlen) {
		n := min(left, int(v.Len))
		s += string(unsafe.Slice(v.Base, n))
		left -= n
	}
	return s
}

func TestReceiveMany(t *testing.T) {
	s, raw := udp(t, "udp4", "127.0.0.1:0")
	set(t, raw, 0, syscall.IP_PKTINFO, 1)
	c, _ := udp(t, "udp4", "127.0.0.1:0")
	go func() {
		time.Sleep(20 * time.Millisecond)
		for i := range 5 {
			c.WriteTo(fmt.Appendf(nil, "packet %d", i), s.LocalAddr())
		}
	}()
	all := messages(3, 7, syscall.CmsgSpace(12))
	for got := 0; got < 5; {
		var n uintptr
		var errno syscall.Errno
		if err := raw.Read(func(fd uintptr) bool {
			n, _, errno = syscall.Syscall6(syscall.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&all[0])), 3, syscall.MSG_DONTWAIT, 0, 0)
			return errno != syscall.EAGAIN
		}); err != nil || errno != 0 || n == 0 {
			t.Fatal(n, err, errno)
		}
		for i := range all[:n] {
			m := &all[i]
			if m.text() != "packet " || m.Flags != syscall.MSG_TRUNC || m.Namelen != syscall.SizeofSockaddrInet4 {
				t.Errorf("%q, %d, %d", m.text(), m.Flags, m.Namelen)
			}
			name := (*syscall.RawSockaddrInet4)(unsafe.Pointer(m.Name))
			if port := c.LocalAddr().(*net.UDPAddr).Port; name.Family != syscall.AF_INET || name.Port>>8|name.Port<<8 != uint16(port) || name.Addr != [4]byte{127, 0, 0, 1} {
				t.Errorf("%+v, want port %d", name, port)
			}
			if text := controls(t, unsafe.Slice(m.Control, m.Controllen)); text != "0/8 010000007f0000017f000001" {
				t.Error(text)
			}
			got++
		}
	}
	// One is too few for more than there are, and nobody waits.
	raw.Read(func(fd uintptr) bool {
		if _, _, errno := syscall.RawSyscall6(syscall.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&all[0])), 3, syscall.MSG_DONTWAIT, 0, 0); errno != syscall.EAGAIN {
			t.Error(errno)
		}
		return true
	})
	began := time.Now()
	s.SetReadDeadline(began.Add(20 * time.Millisecond))
	calls := 0
	err := raw.Read(func(fd uintptr) bool { calls++; return false })
	if want(t, err, os.ErrDeadlineExceeded); calls != 1 || time.Since(began) < 20*time.Millisecond {
		t.Errorf("%d calls in %v", calls, time.Since(began))
	}
}

func TestSendMany(t *testing.T) {
	sendmmsg := uintptr(307)
	if syscall.SYS_RECVMMSG == 243 { // on arm64
		sendmmsg = 269
	}
	s, _ := udp(t, "udp4", "127.0.0.1:0")
	c, raw := udp(t, "udp4", "127.0.0.1:0")
	to := s.LocalAddr().(*net.UDPAddr)
	all := messages(4, 9, 0)
	for i := range all {
		*(*syscall.RawSockaddrInet4)(unsafe.Pointer(all[i].Name)) = syscall.RawSockaddrInet4{Family: syscall.AF_INET, Port: uint16(to.Port)>>8 | uint16(to.Port)<<8, Addr: [4]byte{127, 0, 0, 1}}
		all[i].Namelen = syscall.SizeofSockaddrInet4
		all[i].n = 9
		v := unsafe.Slice(all[i].Iov, 2)
		copy(unsafe.Slice(v[0].Base, v[0].Len), "head")
		copy(unsafe.Slice(v[1].Base, v[1].Len), fmt.Sprintf("tail%d", i))
	}
	all[3].Namelen = 3
	var n uintptr
	var errno syscall.Errno
	send := func(msgs []mmsghdr) {
		raw.Write(func(fd uintptr) bool {
			n, _, errno = syscall.Syscall6(sendmmsg, fd, uintptr(unsafe.Pointer(&msgs[0])), uintptr(len(msgs)), 0, 0, 0)
			return true
		})
	}
	if send(all); n != 3 || errno != 0 || all[0].n != 9 {
		t.Errorf("%d packets, %v", n, errno)
	}
	if send(all[3:]); errno != syscall.EINVAL {
		t.Errorf("%d packets, %v", n, errno)
	}
	for i := range 3 {
		buf := make([]byte, 20)
		n, from, err := s.ReadFrom(buf)
		if err != nil || string(buf[:n]) != fmt.Sprintf("headtail%d", i) || from.String() != c.LocalAddr().String() {
			t.Errorf("%q, %v, %v", buf[:n], from, err)
		}
	}
}

// One packet that is sent is cut into several, and comes as those, or as it was.
func TestSegments(t *testing.T) {
	for _, together := range []bool{false, true} {
		for _, by := range []string{"message", "option"} {
			s, raw := udp(t, "udp4", "127.0.0.1:0")
			if together {
				set(t, raw, levelUDP, udpGRO, 1)
			}
			c, from := udp(t, "udp4", "127.0.0.1:0")
			var oob []byte
			if by == "message" {
				oob = control(levelUDP, udpSegment, 100, 0)
			} else {
				set(t, from, levelUDP, udpSegment, 100)
			}
			sent := []byte(strings.Repeat("0123456789", 25))
			if n, _, err := c.WriteMsgUDP(sent, oob, s.LocalAddr().(*net.UDPAddr)); n != 250 || err != nil {
				t.Fatal(n, err)
			}
			buf, space := make([]byte, 1000), make([]byte, 100)
			for left := string(sent); left != ""; {
				size, text := min(100, len(left)), ""
				if together {
					size, text = 250, "17/104 64000000"
				}
				n, oobn, _, _, err := s.ReadMsgUDP(buf, space)
				if err != nil || n != size || string(buf[:n]) != left[:size] || controls(t, space[:oobn]) != text {
					t.Fatalf("%d bytes, %s, %v", n, controls(t, space[:oobn]), err)
				}
				left = left[size:]
			}
			if _, _, err := c.WriteMsgUDP(make([]byte, 60000), control(levelUDP, udpSegment, 10, 0), s.LocalAddr().(*net.UDPAddr)); !errors.Is(err, syscall.EINVAL) {
				t.Error(err)
			}
		}
	}
}
