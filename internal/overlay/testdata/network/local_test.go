package network

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// localName returns a name for a Unix socket.
func localName(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

func TestLocalPackets(t *testing.T) {
	at := &net.UnixAddr{Name: localName(t), Net: "unixgram"}
	_, err := net.DialUnix("unixgram", nil, at)
	want(t, err, syscall.ENOENT)
	s, err := net.ListenUnixgram("unixgram", at)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = net.ListenUnixgram("unixgram", at)
	want(t, err, syscall.EADDRINUSE)
	_, err = net.Dial("unix", at.Name)
	if !errors.Is(err, syscall.EPROTOTYPE) {
		t.Error(err)
	}
	c, err := net.DialUnix("unixgram", nil, at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	named, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: localName(t), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer named.Close()
	c.Write([]byte("one"))
	named.WriteToUnix([]byte("twotwo"), at)
	b := make([]byte, 4)
	if n, from, err := s.ReadFromUnix(b); string(b[:n]) != "one" || from != nil || err != nil {
		t.Errorf("%q, %v, %v", b[:n], from, err)
	}
	n, _, flags, from, err := s.ReadMsgUnix(b, nil)
	if string(b[:n]) != "twot" || flags&syscall.MSG_TRUNC == 0 || from == nil || from.String() != named.LocalAddr().String() || err != nil {
		t.Errorf("%q, %d, %v, %v", b[:n], flags, from, err)
	}
	if _, err := s.WriteTo([]byte("back"), from); err != nil {
		t.Error(err)
	}
	if n, from, err := named.ReadFrom(b); string(b[:n]) != "back" || from.String() != at.Name || err != nil {
		t.Errorf("%q, %v, %v", b[:n], from, err)
	}
	s.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, _, err = s.ReadFrom(b)
	want(t, err, os.ErrDeadlineExceeded)

	// Who sends waits for room.
	sent := make(chan int)
	go func() {
		for i := range 100 {
			if _, err := c.Write(fmt.Append(nil, i)); err != nil {
				t.Error(err)
			}
			sent <- i
		}
		close(sent)
	}()
	count := 0
	for full := false; !full; {
		select {
		case <-sent:
			count++
		case <-time.After(50 * time.Millisecond):
			full = true
		}
	}
	if count == 0 || count > 90 {
		t.Errorf("%d packets were sent when nobody reads", count)
	}
	go func() {
		for range sent {
		}
	}()
	s.SetReadDeadline(time.Time{})
	for i := range 100 {
		if n, _, err := s.ReadFrom(b); string(b[:n]) != fmt.Sprint(i) || err != nil {
			t.Fatalf("packet %d: %q, %v", i, b[:n], err)
		}
	}
	if _, err := c.Write(make([]byte, 1<<20)); !errors.Is(err, syscall.EMSGSIZE) && !errors.Is(err, syscall.ENOBUFS) {
		t.Error(err)
	}
	s.Close()
	_, err = c.Write([]byte("x"))
	want(t, err, syscall.ECONNREFUSED)
	_, err = named.WriteTo([]byte("x"), at)
	want(t, err, syscall.ECONNREFUSED)
}

func TestLocalMessages(t *testing.T) {
	l, err := net.Listen("unixpacket", localName(t))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := make([]byte, 5)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					c.Write(b[:n])
				}
			}()
		}
	}()
	c, err := net.Dial("unixpacket", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two", "three", "four and more"} {
		c.Write([]byte(text))
	}
	b := make([]byte, 20)
	for _, text := range []string{"one", "two", "three", "four "} {
		if n, err := c.Read(b); string(b[:n]) != text || err != nil {
			t.Errorf("%q, %v, not %q", b[:n], err, text)
		}
	}
	if _, err := c.Write(make([]byte, 1<<20)); !errors.Is(err, syscall.EMSGSIZE) {
		t.Error(err)
	}
	c.(*net.UnixConn).CloseWrite()
	if n, err := c.Read(b); err != io.EOF {
		t.Error(n, err)
	}
	c.Close()
}

// A name is chosen for who has none.
func TestLocalNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only there")
	}
	l, err := net.Listen("unix", "")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p, err := net.ListenPacket("unixgram", "")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, a := range []net.Addr{l.Addr(), p.LocalAddr()} {
		if name := a.String(); len(name) != 6 || !strings.HasPrefix(name, "@") {
			t.Errorf("%q", name)
		}
	}
	c, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := p.WriteTo([]byte("self"), p.LocalAddr()); err != nil {
		t.Error(err)
	}
	b := make([]byte, 9)
	if n, from, err := p.ReadFrom(b); string(b[:n]) != "self" || from.String() != p.LocalAddr().String() || err != nil {
		t.Errorf("%q, %v, %v", b[:n], from, err)
	}
}

// Who removes the file of a socket takes its name; the system may use the file again.
func TestLocalNameIsRemoved(t *testing.T) {
	name := localName(t)
	for i := range 10 {
		old, err := net.ListenPacket("unixgram", name)
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		_, err = net.Dial("unixgram", name)
		want(t, err, syscall.ENOENT)
		l, err := net.Listen("unix", fmt.Sprint(name, i))
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("unix", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		l.Close()
	}
}
