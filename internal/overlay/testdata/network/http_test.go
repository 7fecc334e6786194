package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"net/rpc/jsonrpc"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHTTP(t *testing.T) {
	for _, secure := range []bool{false, true} {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.Path, r.Proto, body)
		})
		s := httptest.NewUnstartedServer(handler)
		s.Config.ErrorLog = log.New(io.Discard, "", 0) // clients give up dials for which another connection is free
		if secure {
			s.EnableHTTP2 = true
			s.StartTLS()
		} else {
			s.Start()
		}
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				r, err := s.Client().Post(fmt.Sprintf("%s/%d", s.URL, i), "text/plain", strings.NewReader("body"))
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(r.Body)
				r.Body.Close()
				proto := "HTTP/1.1"
				if secure {
					proto = "HTTP/2.0"
				}
				if want := fmt.Sprintf("POST /%d %s body", i, proto); string(got) != want || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		wg.Wait()
		s.Close()
	}
}

func TestHTTPTimesOut(t *testing.T) {
	release := make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	_, err := http.DefaultClient.Do(r)
	want(t, err, context.DeadlineExceeded)
	c := http.Client{Timeout: 50 * time.Millisecond}
	_, err = c.Get(s.URL)
	var e net.Error
	if !errors.As(err, &e) || !e.Timeout() {
		t.Error(err)
	}
}

func TestServerShutdown(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan bool)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		time.Sleep(50 * time.Millisecond)
		io.WriteString(w, "done")
	})}
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	got := make(chan string)
	go func() {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		got <- string(b)
	}()
	<-asked
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != http.ErrServerClosed {
		t.Error(err)
	}
	if s := <-got; s != "done" {
		t.Error(s)
	}
	if _, err := http.Get("http://" + l.Addr().String()); err == nil {
		t.Error("an answer after the end")
	}
}

type Arith int

func (*Arith) Add(args [2]int, sum *int) error {
	*sum = args[0] + args[1]
	return nil
}

func TestRPC(t *testing.T) {
	server := rpc.NewServer()
	server.Register(new(Arith))
	mux := http.NewServeMux()
	mux.Handle(rpc.DefaultRPCPath, server)
	web := httptest.NewServer(mux)
	defer web.Close()
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
			go server.ServeCodec(jsonrpc.NewServerCodec(c))
		}
	}()
	for _, dial := range []func() (*rpc.Client, error){
		func() (*rpc.Client, error) { return rpc.DialHTTP("tcp", web.Listener.Addr().String()) },
		func() (*rpc.Client, error) { return jsonrpc.Dial("tcp", l.Addr().String()) },
	} {
		c, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				var sum int
				if err := c.Call("Arith.Add", [2]int{i, 1}, &sum); err != nil || sum != i+1 {
					t.Error(sum, err)
				}
			})
		}
		wg.Wait()
		c.Close()
		var sum int
		if err := c.Call("Arith.Add", [2]int{}, &sum); err != rpc.ErrShutdown {
			t.Error(err)
		}
	}
}

// A connection that a handler takes over.
func TestHijack(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		line, _ := rw.ReadString('\n')
		fmt.Fprint(rw, strings.ToUpper(line))
		rw.Flush()
	}))
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\nhello\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); line != "HELLO\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
}

func TestTLSTimesOut(t *testing.T) {
	c, _ := pair(t)
	c.SetDeadline(time.Now().Add(50 * time.Millisecond))
	err := tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake()
	var e net.Error
	if !errors.As(err, &e) || !e.Timeout() {
		t.Error(err)
	}
}
