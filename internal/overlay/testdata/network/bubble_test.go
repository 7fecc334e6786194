package network

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// accept calls f with each connection of a listener, until that is closed.
func accept(l net.Listener, f func(c net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			f(c)
		}()
	}
}

// The first goroutine of a bubble returns, and the others see only then that their
// connections are closed.
func TestBubbleEndsWithACloseOnItsWay(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		synctest.Test(t, func(t *testing.T) {
			address := "127.0.0.1:0"
			if network == "unix" {
				address = "@samerun-bubble"
			}
			l, err := net.Listen(network, address)
			if err != nil {
				t.Fatal(err)
			}
			go accept(l, func(c net.Conn) { io.Copy(c, c) })
			for i := range 5 {
				c, err := net.Dial(network, l.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(c, "line %d\n", i)
				if line, err := bufio.NewReader(c).ReadString('\n'); line != fmt.Sprintf("line %d\n", i) || err != nil {
					t.Errorf("%q, %v", line, err)
				}
				c.Close()
			}
			l.Close()
		})
	}
}

func TestBubbleWithPackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("udp", s.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			b := make([]byte, 10)
			for {
				n, from, err := s.ReadFrom(b)
				if err != nil {
					return
				}
				s.WriteTo(b[:n], from)
			}
		}()
		for range 5 {
			c.Write([]byte("hello"))
			b := make([]byte, 10)
			if n, err := c.Read(b); string(b[:n]) != "hello" || err != nil {
				t.Errorf("%q, %v", b[:n], err)
			}
		}
		c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		_, err = c.Read(make([]byte, 1))
		want(t, err, os.ErrDeadlineExceeded)
		c.Close()
		s.Close()
	})
}

func TestBubbleWithAPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := net.Pipe()
		go func() {
			io.Copy(s, s)
			s.Close()
		}()
		c.SetDeadline(time.Now().Add(time.Hour))
		c.Write([]byte("hello"))
		b := make([]byte, 5)
		if _, err := io.ReadFull(c, b); err != nil || string(b) != "hello" {
			t.Errorf("%q, %v", b, err)
		}
		time.Sleep(time.Hour)
		_, err := c.Read(b)
		want(t, err, os.ErrDeadlineExceeded)
		c.Close()
	})
}

func TestBubbleWithServers(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s", r.Proto, body)
	})
	for _, kind := range []string{"HTTP/1.1", "HTTPS", "HTTP/2.0"} {
		synctest.Test(t, func(t *testing.T) {
			s := httptest.NewUnstartedServer(handler)
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			switch kind {
			case "HTTP/1.1":
				s.Start()
			case "HTTP/2.0":
				s.EnableHTTP2 = true
				fallthrough
			default:
				s.StartTLS()
			}
			client := s.Client()
			if transport, ok := client.Transport.(*http.Transport); ok && transport.TLSClientConfig != nil {
				transport.TLSClientConfig.Time = func() time.Time { return s.Certificate().NotBefore.Add(time.Hour) }
			}
			var wg sync.WaitGroup
			for i := range 10 {
				wg.Go(func() {
					r, err := client.Post(s.URL, "text/plain", strings.NewReader(fmt.Sprint(i)))
					if err != nil {
						t.Error(err)
						return
					}
					b, err := io.ReadAll(r.Body)
					r.Body.Close()
					if err != nil || !strings.HasSuffix(string(b), fmt.Sprint(" ", i)) || kind != "HTTPS" && !strings.HasPrefix(string(b), kind) {
						t.Errorf("%q, %v", b, err)
					}
				})
			}
			wg.Wait()
			s.Close()
		})
	}
}

func TestBubbleWithRPC(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rpc.NewServer()
		server.Register(new(Arith))
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go accept(l, func(c net.Conn) { server.ServeConn(c) })
		c, err := rpc.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		var sum int
		if err := c.Call("Arith.Add", [2]int{1, 2}, &sum); err != nil || sum != 3 {
			t.Error(sum, err)
		}
		c.Close()
		l.Close()
	})
}

// Each bubble has its own connections; those of the test go on behind it.
func TestBubblesBesideOthers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go accept(l, func(c net.Conn) { io.Copy(c, c) })
	ask := func(t *testing.T, l net.Listener) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write([]byte("x"))
		if n, err := c.Read(make([]byte, 5)); n != 1 || err != nil {
			t.Error(n, err)
		}
	}
	ask(t, l)
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go accept(l, func(c net.Conn) { io.Copy(c, c) })
			ask(t, l)
			l.Close()
		})
		ask(t, l)
	}
}

// In a bubble time passes while somebody waits for a connection, which plain Go does not
// have: there such a test hangs.
func TestBubbleWithTimeAndConnections(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" || os.Getenv("SAMERUN_NET") == "real" {
		t.Skip("time stands still while somebody waits for a real connection")
	}
	synctest.Test(t, func(t *testing.T) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Minute)
			io.WriteString(w, "done")
		}))
		began := time.Now()
		r, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if d := time.Since(began).Round(time.Second); string(b) != "done" || err != nil || d != time.Minute {
			t.Errorf("%q, %v, %v", b, err, d)
		}
		synctest.Wait() // who waits for a connection is blocked
		client := http.Client{Timeout: time.Second}
		_, err = client.Get(s.URL)
		var e net.Error
		if !errors.As(err, &e) || !e.Timeout() {
			t.Error(err)
		}
		client.CloseIdleConnections()
		s.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		began := time.Now()
		c.SetDeadline(began.Add(time.Hour))
		if err := tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began).Round(time.Second) != time.Hour {
			t.Error(err, time.Since(began))
		}
	})
}
