package sched

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

// A run that leaves a goroutine behind which waits for a real socket is told so, in
// every run; one that has closed its sockets, or whose sockets are of others, is not.
func TestEscapes(t *testing.T) {
	outside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no sockets here:", err)
	}
	defer outside.Close()
	go serve(outside)
	dir := t.TempDir()
	for _, c := range []struct {
		name, network, address string
		found                  bool
		after                  func(l net.Listener)
	}{
		{"tcp", "tcp", "127.0.0.1:0", true, func(net.Listener) {}},
		{"unix", "unix", filepath.Join(dir, "s"), true, func(net.Listener) {}},
		{"closed", "tcp", "127.0.0.1:0", false, func(l net.Listener) { l.Close() }},
	} {
		for range 10 {
			var l net.Listener
			_, err := run(t, Config{}, func(s *Scheduler) {
				var err error
				if l, err = net.Listen(c.network, c.address); err != nil {
					t.Skip("no sockets here:", err)
				}
				s.Go("server", func() { go serve(l) })
				s.Sleep(time.Second)
				c.after(l)
			})
			l.Close()
			if is[*EscapeError](err) != c.found || err != nil && !c.found {
				t.Fatalf("%s: %v", c.name, err)
			}
			if c.found {
				wantIn(t, err.Error(), "escape_test.go:", "in sched.serve", "real sockets have no place in a run")
			}
		}
	}
}

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}
