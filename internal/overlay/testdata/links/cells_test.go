// Package links is what faults do to streams, dials and datagrams: TestStreamCells of
// package overlay runs it under one plan of faults after another.
package links

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// zero is the moment from which the table counts: a second after the test has begun.
var zero time.Time

// begins notes the moment, which lies ahead, and listens.
func begins(t *testing.T) net.Listener {
	zero = time.Now().Add(time.Second).Truncate(time.Millisecond)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// since is how many milliseconds have passed since then.
func since() int64 { return time.Since(zero).Milliseconds() }

// longest is how long anybody waits.
const longest = 2000 * time.Second

// connected returns the two sides of a connection, at the moment from which the table counts.
func connected(t *testing.T) (client, server *net.TCPConn) {
	l := begins(t)
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(zero))
	for _, x := range []net.Conn{c, s} {
		x.SetDeadline(zero.Add(longest))
	}
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

// failed is an error in one word, and when it came.
func failed(err error) string {
	for word, is := range map[string]error{"ECONNRESET": syscall.ECONNRESET, "ETIMEDOUT": syscall.ETIMEDOUT, "ECONNREFUSED": syscall.ECONNREFUSED, "EPIPE": syscall.EPIPE, "end": io.EOF} {
		if errors.Is(err, is) {
			return fmt.Sprintf("%s at %d", word, since())
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ""
	}
	return err.Error()
}

// tell prints what has become of something.
func tell(name string, parts ...string) {
	parts = slicesDelete(parts, "")
	if len(parts) == 0 {
		parts = []string{"nothing"}
	}
	fmt.Printf("cell %s: %s\n", name, strings.Join(parts, ", "))
}

func slicesDelete(parts []string, part string) (left []string) {
	for _, p := range parts {
		if p != part {
			left = append(left, p)
		}
	}
	return left
}

// both runs what the two sides do, and returns what has become of each.
func both(client, server func() string) (c, s string) {
	var wg sync.WaitGroup
	wg.Go(func() { c = client() })
	s = server()
	wg.Wait()
	if c != "" {
		c = "the sender: " + c
	}
	return c, s
}

// TestBytes sends three bytes at 0.
func TestBytes(t *testing.T) {
	client, server := connected(t)
	c, s := both(func() string {
		if _, err := client.Write([]byte("abc")); err != nil {
			return failed(err)
		}
		_, err := client.Read(make([]byte, 1))
		return failed(err)
	}, func() string {
		b := make([]byte, 3)
		if _, err := io.ReadFull(server, b); err != nil {
			return failed(err)
		}
		if string(b) != "abc" {
			return fmt.Sprintf("%q", b)
		}
		return fmt.Sprintf("arrive at %d", since())
	})
	tell("bytes", s, c)
}

// TestEnd ends a stream at 0.
func TestEnd(t *testing.T) {
	client, server := connected(t)
	client.CloseWrite()
	_, err := server.Read(make([]byte, 1))
	tell("end", failed(err))
}

// TestReset closes a connection at 0 in such a way that the other side is to get a reset.
func TestReset(t *testing.T) {
	client, server := connected(t)
	client.SetLinger(0)
	client.Close()
	_, err := server.Read(make([]byte, 1))
	tell("reset", failed(err))
}

// TestDial dials at 0.
func TestDial(t *testing.T) {
	l := begins(t)
	time.Sleep(time.Until(zero))
	if _, err := net.Dial("tcp", l.Addr().String()); err != nil {
		tell("dial", failed(err))
		return
	}
	tell("dial", fmt.Sprintf("done at %d", since()))
}

// TestDatagram sends a datagram at 0, and another one 15 ms later.
func TestDatagram(t *testing.T) {
	begins(t).Close()
	r, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := net.Dial("udp", r.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(zero))
	go func() {
		s.Write([]byte("first"))
		time.Sleep(15 * time.Millisecond)
		s.Write([]byte("second"))
	}()
	r.SetDeadline(zero.Add(longest))
	var parts []string
	for {
		b := make([]byte, 10)
		n, _, err := r.ReadFrom(b)
		if err != nil {
			break
		}
		word := string(b[:n])
		if word != "first" && word != "second" {
			word = fmt.Sprintf("%d wrong bytes", n)
		}
		parts = append(parts, fmt.Sprintf("%s at %d", word, since()))
	}
	tell("datagram", parts...)
}

// TestWriter writes from 0 on as much as the connection takes, while the other side reads
// what arrives.
func TestWriter(t *testing.T) {
	client, server := connected(t)
	go io.Copy(io.Discard, server)
	client.SetWriteDeadline(zero.Add(20 * time.Second))
	written := 0
	for b := make([]byte, 1<<16); written < 16<<20; {
		n, err := client.Write(b)
		if written += n; err != nil {
			what := failed(err)
			if what == "" {
				what = fmt.Sprintf("blocks with %d KiB on the way", written>>10)
			}
			tell("writer", what)
			return
		}
		time.Sleep(time.Millisecond)
	}
	tell("writer", fmt.Sprintf("done by %d", (since()+499)/500*500))
}
