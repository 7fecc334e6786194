// Package network has tests of what a program may expect of sockets. They pass on the
// machine's network, in plain go test, and on that of a test.
package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// pair returns both sides of a connection.
func pair(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s := <-accepted
	t.Cleanup(func() { c.Close(); s.Close() })
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

func want(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("the error is %v, not %v", err, want)
	}
}

func TestAddresses(t *testing.T) {
	c, s := pair(t)
	if c.LocalAddr().String() != s.RemoteAddr().String() || s.LocalAddr().String() != c.RemoteAddr().String() {
		t.Errorf("%v -> %v and %v -> %v", c.LocalAddr(), c.RemoteAddr(), s.LocalAddr(), s.RemoteAddr())
	}
	a := c.RemoteAddr().(*net.TCPAddr)
	if !a.IP.IsLoopback() || a.Port == 0 || c.LocalAddr().(*net.TCPAddr).Port == a.Port {
		t.Error(c.LocalAddr(), a)
	}
}

func TestListenEverywhere(t *testing.T) {
	for _, at := range []string{":0", "0.0.0.0:0", "localhost:0"} {
		l, err := net.Listen("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				c.Write([]byte("x"))
				c.Close()
			}
		}()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		for _, host := range []string{"127.0.0.1", "localhost", ""} {
			c, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), time.Minute)
			if err != nil {
				t.Errorf("%s, %s: %v", at, host, err)
				continue
			}
			if b, err := io.ReadAll(c); string(b) != "x" || err != nil {
				t.Errorf("%q, %v", b, err)
			}
			c.Close()
		}
		l.Close()
	}
}

func TestPortsAreTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{l.Addr().String(), fmt.Sprintf(":%d", l.Addr().(*net.TCPAddr).Port)} {
		_, err = net.Listen("tcp", at)
		want(t, err, syscall.EADDRINUSE)
	}
	l.Close()
	again, err := net.Listen("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	_, err = net.Listen("tcp", "192.0.2.1:0")
	want(t, err, syscall.EADDRNOTAVAIL)
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = net.Dial("tcp", l.Addr().String())
	want(t, err, syscall.ECONNREFUSED)
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" || !strings.HasSuffix(err.Error(), "connect: connection refused") {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	want(t, l.Close(), net.ErrClosed)
}

func TestStream(t *testing.T) {
	c, s := pair(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, part := range []string{"ab", "c", "", "defg"} {
			if n, err := c.Write([]byte(part)); n != len(part) || err != nil {
				t.Error(n, err)
			}
		}
		c.CloseWrite()
		if _, err := c.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
			t.Error(err)
		}
	})
	if b, err := io.ReadAll(s); string(b) != "abcdefg" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	wg.Wait()
	if _, err := s.Write([]byte("back")); err != nil {
		t.Error(err)
	}
	s.Close()
	if b, err := io.ReadAll(c); string(b) != "back" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if n, err := c.Read(nil); n != 0 || err != nil {
		t.Error(n, err)
	}
}

func TestMuch(t *testing.T) {
	c, s := pair(t)
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	go func() {
		bufs := net.Buffers{sent[:1], nil, sent[1:100]}
		if n, err := bufs.WriteTo(c); n != 100 || err != nil || len(bufs) != 0 {
			t.Error(n, err, len(bufs))
		}
		if n, err := io.Copy(c, bytes.NewReader(sent[100:])); n != int64(len(sent)-100) || err != nil {
			t.Error(n, err)
		}
		c.Close()
	}()
	var got bytes.Buffer
	if n, err := io.Copy(&got, s); n != int64(len(sent)) || err != nil || !bytes.Equal(sent, got.Bytes()) {
		t.Error(n, err)
	}
}

// Files and connections are copied to each other.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	text := bytes.Repeat([]byte("text "), 10000)
	if err := os.WriteFile(in, text, 0o666); err != nil {
		t.Fatal(err)
	}
	c, s := pair(t)
	c2, s2 := pair(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		f, err := os.Open(in)
		if err != nil {
			t.Error(err)
		}
		if n, err := io.Copy(c, f); n != int64(len(text)) || err != nil {
			t.Error(n, err)
		}
		f.Close()
		c.Close()
	})
	wg.Go(func() {
		if n, err := io.Copy(c2, s); n != int64(len(text)) || err != nil {
			t.Error(n, err)
		}
		c2.Close()
	})
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(f, s2); n != int64(len(text)) || err != nil {
		t.Error(n, err)
	}
	f.Close()
	wg.Wait()
	if got, _ := os.ReadFile(out); !bytes.Equal(got, text) {
		t.Error(len(got))
	}
}

func TestDeadlines(t *testing.T) {
	c, s := pair(t)
	b := make([]byte, 1)
	began := time.Now()
	c.SetReadDeadline(began.Add(20 * time.Millisecond))
	_, err := c.Read(b)
	want(t, err, os.ErrDeadlineExceeded)
	if e, ok := err.(net.Error); !ok || !e.Timeout() {
		t.Error(err)
	}
	if d := time.Since(began); d < 20*time.Millisecond || d > 10*time.Second {
		t.Error(d)
	}
	s.Write([]byte("x"))
	time.Sleep(50 * time.Millisecond)
	_, err = c.Read(b)
	want(t, err, os.ErrDeadlineExceeded)
	c.SetReadDeadline(time.Time{})
	if n, err := c.Read(b); n != 1 || err != nil {
		t.Error(n, err)
	}
	// One that is set while somebody waits.
	time.AfterFunc(10*time.Millisecond, func() { c.SetDeadline(time.Unix(1, 0)) })
	_, err = c.Read(b)
	want(t, err, os.ErrDeadlineExceeded)
	_, err = c.Write(b)
	want(t, err, os.ErrDeadlineExceeded)
	// Nobody reads.
	c.SetDeadline(time.Time{})
	n := 0
	for d := 100 * time.Millisecond; n == 0 && d < time.Hour; d *= 2 { // in real time it may be over before the write begins
		c.SetWriteDeadline(time.Now().Add(d))
		n, err = c.Write(make([]byte, 64<<20))
		want(t, err, os.ErrDeadlineExceeded)
	}
	if n == 0 || n == 64<<20 {
		t.Error(n)
	}
	l, err := net.ListenTCP("tcp", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.SetDeadline(time.Now().Add(time.Millisecond))
	_, err = l.Accept()
	want(t, err, os.ErrDeadlineExceeded)
	l.Close()
}

func TestCloseWhileOthersWait(t *testing.T) {
	c, s := pair(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := c.Read(make([]byte, 1))
		want(t, err, net.ErrClosed)
	})
	wg.Go(func() {
		_, err := c.Write(make([]byte, 64<<20))
		want(t, err, net.ErrClosed)
	})
	wg.Go(func() {
		_, err := l.Accept()
		want(t, err, net.ErrClosed)
	})
	time.Sleep(50 * time.Millisecond)
	c.Close()
	l.Close()
	wg.Wait()
	_, err = c.Read(make([]byte, 1))
	want(t, err, net.ErrClosed)
	want(t, c.SetDeadline(time.Now()), net.ErrClosed)
	want(t, c.Close(), net.ErrClosed)
	s.Close()
}

// What is left unread, or thrown at one who has gone, resets the connection.
func TestResets(t *testing.T) {
	c, s := pair(t)
	c.Write([]byte("unread"))
	time.Sleep(20 * time.Millisecond)
	s.Close()
	time.Sleep(20 * time.Millisecond)
	_, err := c.Read(make([]byte, 1))
	want(t, err, syscall.ECONNRESET)
	_, err = c.Write(make([]byte, 1))
	want(t, err, syscall.EPIPE)

	c, s = pair(t)
	s.Write([]byte("last words"))
	s.Close()
	time.Sleep(20 * time.Millisecond)
	if _, err := c.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	for err = nil; err == nil; { // in real time the reset may need longer
		time.Sleep(20 * time.Millisecond)
		_, err = c.Write([]byte("x"))
	}
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		t.Error(err)
	}

	c, s = pair(t)
	s.SetLinger(0)
	s.Close()
	time.Sleep(20 * time.Millisecond)
	_, err = c.Read(make([]byte, 1))
	want(t, err, syscall.ECONNRESET)

	// A connection that nobody accepted.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	time.Sleep(20 * time.Millisecond)
	_, err = waiting.Read(make([]byte, 1))
	want(t, err, syscall.ECONNRESET)
	waiting.Close()
}

func TestOptions(t *testing.T) {
	c, s := pair(t)
	for _, err := range []error{c.SetNoDelay(false), c.SetKeepAlive(true), c.SetKeepAlivePeriod(time.Second), c.SetReadBuffer(1 << 16),
		c.SetWriteBuffer(1 << 16), c.SetLinger(-1), s.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second, Count: 3})} {
		if err != nil {
			t.Error(err)
		}
	}
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	timeout := 1500
	err = raw.Control(func(fd uintptr) {
		if err := syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 7); err != nil {
			t.Error(err)
		}
		timeout, _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT)
	})
	if err != nil || timeout != 7 {
		t.Error(err, timeout)
	}
	// As database drivers look whether a connection is still there.
	look := func() (n int, err error) {
		raw.Read(func(fd uintptr) bool {
			n, err = syscall.Read(int(fd), make([]byte, 1))
			return true
		})
		return n, err
	}
	if _, err := look(); err != syscall.EAGAIN {
		t.Error(err)
	}
	s.Close()
	n, err := 0, error(syscall.EAGAIN)
	for err == syscall.EAGAIN { // in real time the end may need longer
		time.Sleep(20 * time.Millisecond)
		n, err = look()
	}
	if n != 0 || err != nil {
		t.Error(n, err)
	}
	// Options that are set before.
	asked := ""
	set := func(network, address string, c syscall.RawConn) error {
		asked += network + " "
		return c.Control(func(fd uintptr) {
			if err := syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1); err != nil {
				t.Error(err)
			}
		})
	}
	l, err := (&net.ListenConfig{Control: set}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&net.Dialer{Control: set}).Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	l.Close()
	if asked != "tcp4 tcp4 " {
		t.Error(asked)
	}
	failing := errors.New("no")
	_, err = (&net.ListenConfig{Control: func(string, string, syscall.RawConn) error { return failing }}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	want(t, err, failing)
}

// Programs read and write by system calls.
func TestRawReadsAndWrites(t *testing.T) {
	c, s := pair(t)
	raw, _ := s.SyscallConn()
	read := func(n int) (got []byte, err error) {
		buf := make([]byte, n)
		if e := raw.Read(func(fd uintptr) bool {
			var k int
			k, err = syscall.Read(int(fd), buf)
			got = buf[:max(k, 0)]
			return err != syscall.EAGAIN
		}); e != nil {
			return nil, e
		}
		return got, err
	}
	more := make(chan bool)
	go func() {
		time.Sleep(10 * time.Millisecond)
		c.Write([]byte("hello"))
		<-more
		time.Sleep(10 * time.Millisecond)
		rawc, _ := c.SyscallConn()
		rawc.Write(func(fd uintptr) bool {
			syscall.Write(int(fd), []byte(" world"))
			return true
		})
		<-more
		c.Close()
	}()
	for _, want := range []string{"hel", "lo", " wo", "rld", ""} {
		if got, err := read(3); string(got) != want || err != nil {
			t.Errorf("%q, %v, not %q", got, err, want)
		}
		if want == "lo" || want == "rld" {
			more <- true
		}
	}
	s.SetReadDeadline(time.Unix(1, 0))
	_, err := read(1)
	want(t, err, os.ErrDeadlineExceeded)
}

func TestDialIsCancelled(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String()); err == nil {
		t.Error("a dial whose context has ended")
	}
	_, err = (&net.Dialer{Deadline: time.Now().Add(-time.Second)}).Dial("tcp", l.Addr().String())
	if e, ok := err.(net.Error); !ok || !e.Timeout() {
		t.Error(err)
	}
}

func TestManyClients(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
				io.Copy(c, c)
			}()
		}
	}()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			sent := fmt.Appendf(nil, "hello from %d", i)
			for range 10 {
				c.Write(sent)
				got := make([]byte, len(sent))
				if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, sent) {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestUnix(t *testing.T) {
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "sock")
	_, err = net.Dial("unix", path)
	want(t, err, syscall.ENOENT)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	_, err = net.Listen("unix", path)
	want(t, err, syscall.EADDRINUSE)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if c.LocalAddr().String() != path {
				t.Error(c.LocalAddr())
			}
			io.Copy(c, c)
			c.Close()
		}
	}()
	// One file can have many names.
	if err := os.Symlink(dir, dir+".link"); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(dir + ".link")
	c, err := net.Dial("unix", "//"+path)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	c, err = net.Dial("unix", filepath.Join(dir+".link", "sock"))
	if err != nil {
		t.Fatal(err)
	}
	if c.RemoteAddr().String() != path || c.RemoteAddr().Network() != "unix" {
		t.Error(c.RemoteAddr())
	}
	c.Write([]byte("abc"))
	c.(*net.UnixConn).CloseWrite()
	if b, err := io.ReadAll(c); string(b) != "abc" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	c.Close()
	l.Close()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error(err)
	}
	_, err = net.Listen("unix", filepath.Join(dir, "none", "sock"))
	want(t, err, syscall.ENOENT)
}
