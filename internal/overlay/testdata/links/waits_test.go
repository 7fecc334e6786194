package links

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// TestWaits: whatever holds a link up, deadlines, Close and contexts end a wait as ever. The
// plan cuts, clogs or stalls everything from 1 s on.
func TestWaits(t *testing.T) {
	pairs := func() (net.Listener, net.Conn, net.Conn) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return l, c, s
	}
	begin := time.Now()
	l, c, s := pairs()
	_, c2, s2 := pairs()
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(begin.Add(2 * time.Second)))

	wants := func(what string, err, want error, after time.Duration) {
		t.Helper()
		if took := time.Since(begin).Truncate(time.Millisecond); !errors.Is(err, want) || took != after {
			t.Errorf("%s: %v after %v, want %v after %v", what, err, took, want, after)
		}
		begin = time.Now()
	}
	begin = time.Now()
	c.Write([]byte("x"))
	s.SetReadDeadline(begin.Add(time.Second))
	_, err = s.Read(make([]byte, 1))
	wants("read", err, os.ErrDeadlineExceeded, time.Second)

	c.SetWriteDeadline(begin.Add(time.Second))
	for err = nil; err == nil; {
		_, err = c.Write(make([]byte, 1<<16))
	}
	wants("write", err, os.ErrDeadlineExceeded, time.Second)

	c.SetWriteDeadline(time.Time{})
	time.AfterFunc(time.Second, func() { c.Close() })
	_, err = c.Write(make([]byte, 1<<20))
	wants("write, closed", err, net.ErrClosed, time.Second)

	s.SetReadDeadline(time.Time{})
	time.AfterFunc(time.Second, func() { s.Close() })
	_, err = s.Read(make([]byte, 1))
	wants("read, closed", err, net.ErrClosed, time.Second)

	p.SetReadDeadline(begin.Add(time.Second))
	q, err := net.Dial("udp", p.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	q.Write([]byte("x"))
	_, _, err = p.ReadFrom(make([]byte, 1))
	if os.Getenv("LINKS") != "stall" {
		wants("datagram", err, os.ErrDeadlineExceeded, time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
		wants("dial", err, context.DeadlineExceeded, time.Second)
		_, err = (&net.Dialer{Timeout: 5 * time.Second}).Dial("tcp", l.Addr().String())
		wants("dial", err, context.DeadlineExceeded, 5*time.Second)
	}

	// An end or a reset does not get through either, and the one who waits for it can be told so.
	c2.Close()
	s2.SetReadDeadline(time.Now().Add(time.Second))
	begin = time.Now()
	_, err = io.ReadAll(s2)
	wants("end", err, os.ErrDeadlineExceeded, time.Second)
}

// TestChatter is what the same programs say to each other in many connections and datagrams;
// chance may do what it likes to them.
func TestChatter(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		go func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				return
			}
			for range 20 {
				if _, err := c.Write([]byte("hello")); err != nil {
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go io.Copy(io.Discard, c)
		}
	}()
	q, err := net.Dial("udp", p.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		q.Write([]byte("datagram"))
	}
	p.SetReadDeadline(time.Now().Add(10 * time.Second))
	n := 0
	for b := make([]byte, 100); ; n++ {
		if _, _, err := p.ReadFrom(b); err != nil {
			break
		}
	}
	time.Sleep(time.Hour)
	t.Logf("%d datagrams at %v", n, time.Now())
}
