package hosts

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// crash switches a node off, and on again after a time, unless that is 0.
func (w *world) crash(name string, off time.Duration) {
	w.t.Helper()
	w.surface.(interface{ Crash(node int) }).Crash(w.nodes[name])
	if off > 0 {
		time.Sleep(off)
		w.Boot(w.nodes[name])
	}
}

// listen accepts connections on a node, and hands them out; it never reads.
func (w *world) listen(name, address string) chan net.Conn {
	w.t.Helper()
	conns := make(chan net.Conn, 10)
	w.on(name, func() {
		l, err := net.Listen("tcp", address)
		if err != nil {
			w.t.Errorf("%s: %v", name, err)
			return
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				conns <- c
			}
		}()
	})
	return conns
}

// since reports whether so much time has passed since a moment, to a tenth of a second.
func since(t *testing.T, began time.Time, want time.Duration) {
	t.Helper()
	if d := time.Since(began); d.Round(100*time.Millisecond) != want {
		t.Errorf("it has taken %v, want %v", d, want)
	}
}

// The ports and names of a node that has crashed are free for its next boot, and all that it
// had is closed.
func TestACrashFreesPorts(t *testing.T) {
	w := nodes(t, "n1", "n2")
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	var left net.Listener
	var packets net.PacketConn
	bind := func() {
		var err error
		if left, err = net.Listen("tcp", ":80"); err != nil {
			t.Error(err)
		}
		if packets, err = net.ListenPacket("udp", ":80"); err != nil {
			t.Error(err)
		}
		if _, err = net.Listen("unix", "@name"); err != nil {
			t.Error(err)
		}
	}
	w.on("n1", bind)
	var unix error
	w.on("n1", func() { _, unix = net.Listen("unix", filepath.Join(dir, "s")) })
	waits := w.start("main", func() {
		if _, err := left.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("who accepts for a node that crashes gets %v", err)
		}
	})
	time.Sleep(time.Second)
	w.crash("n1", time.Second)
	<-waits
	if _, _, err := packets.ReadFrom(make([]byte, 10)); !errors.Is(err, net.ErrClosed) || unix != nil {
		t.Error(err, unix)
	}
	w.on("n1", bind)
	w.on("n1", func() {
		_, err := net.Listen("unix", filepath.Join(dir, "s")) // the file is there, as after a crash
		want(t, err, syscall.EADDRINUSE)
		_, err = net.Dial("unix", filepath.Join(dir, "s"))
		want(t, err, syscall.ECONNREFUSED)
		os.Remove(filepath.Join(dir, "s"))
		if _, err := net.Listen("unix", filepath.Join(dir, "s")); err != nil {
			t.Error(err)
		}
	})
	left.Close()
	w.on("n2", func() {
		_, err := net.Dial("tcp", "n1:80")
		want(t, err, syscall.ECONNREFUSED)
	})
}

// Who waits for a node that has crashed hears nothing, and gets a reset from its next boot:
// at the next probe if nothing is on its way, ...
func TestAnIdleConnectionIsResetByAProbe(t *testing.T) {
	for _, name := range []string{"n2", "main"} {
		t.Run(name, func(t *testing.T) {
			w := nodes(t, "n1", "n2")
			conns := w.listen("n1", ":80")
			w.on(name, func() {
				c, err := net.Dial("tcp", "n1:80")
				if err != nil {
					t.Error(err)
					return
				}
				<-conns
				began := time.Now()
				w.start("main", func() { time.Sleep(time.Second); w.crash("n1", 20*time.Second) })
				_, err = c.Read(make([]byte, 1))
				want(t, err, syscall.ECONNRESET)
				since(t, began, 30*time.Second)
				if _, err = c.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
					t.Error(err)
				}
			})
		})
	}
}

// ... when it is sent again what was, ...
func TestWhatWasSentIsSentAgainAndReset(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		c, err := net.Dial("tcp", "n1:80")
		if err != nil {
			t.Error(err)
			return
		}
		server := <-conns
		began := time.Now()
		w.start("main", func() { time.Sleep(time.Second); w.crash("n1", 3*time.Second) })
		time.Sleep(2 * time.Second)
		if n, err := c.Write([]byte("hello")); n != 5 || err != nil { // at 2 s; again at 2.2, 2.6, 3.4, 5 s
			t.Error(n, err)
		}
		_, err = c.Read(make([]byte, 1))
		want(t, err, syscall.ECONNRESET)
		since(t, began, 5*time.Second)
		if _, err := server.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a connection of an earlier boot: %v", err)
		}
	})
}

// ... and at once if something is sent when it is on again.
func TestAWriteToTheNextBootIsReset(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		c, err := net.Dial("tcp", "n1:80")
		if err != nil {
			t.Error(err)
			return
		}
		<-conns
		began := time.Now()
		done := w.start("main", func() { w.crash("n1", 2*time.Second) })
		<-done
		if n, err := c.Write([]byte("hello")); n != 5 || err != nil {
			t.Error(n, err)
		}
		_, err = c.Read(make([]byte, 1))
		want(t, err, syscall.ECONNRESET)
		since(t, began, 2*time.Second)
	})
}

// So is the end of what is sent, whenever it is.
func TestAnEndIsReset(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		var all [2]*net.TCPConn
		for i := range all {
			c, err := net.Dial("tcp", "n1:80")
			if err != nil {
				t.Error(err)
				return
			}
			all[i] = c.(*net.TCPConn)
			<-conns
		}
		began := time.Now()
		<-w.start("main", func() { w.crash("n1", 0) })
		time.Sleep(time.Second)
		all[0].CloseWrite() // at 1 s; again at 1.2, 1.6, 2.4 s
		<-w.start("main", func() { time.Sleep(time.Second); w.Boot(w.nodes["n1"]) })
		_, err := all[0].Read(make([]byte, 1))
		want(t, err, syscall.ECONNRESET)
		since(t, began, 2400*time.Millisecond)
		all[1].CloseWrite()
		_, err = all[1].Read(make([]byte, 1))
		want(t, err, syscall.ECONNRESET)
		since(t, began, 2400*time.Millisecond)
	})
}

// If the node stays off, a connection dies as the system lets it.
func TestANodeThatStaysOff(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		var all [3]net.Conn
		for i := range all {
			c, err := net.Dial("tcp", "n1:80")
			if err != nil {
				t.Error(err)
				return
			}
			all[i] = c
			<-conns
		}
		began := time.Now()
		<-w.start("main", func() { w.crash("n1", 0) })
		idle := w.start("n2", func() {
			_, err := all[0].Read(make([]byte, 1))
			want(t, err, syscall.ETIMEDOUT)
			since(t, began, 150*time.Second)
		})
		full := w.start("n2", func() {
			n, err := all[1].Write(make([]byte, 4<<20)) // more than there is room for
			want(t, err, syscall.ETIMEDOUT)
			if n == 0 || n >= 4<<20 {
				t.Errorf("%d bytes were taken", n)
			}
			since(t, began, 924600*time.Millisecond)
		})
		all[2].SetDeadline(time.Now().Add(5 * time.Second))
		_, err := all[2].Read(make([]byte, 1))
		want(t, err, os.ErrDeadlineExceeded)
		since(t, began, 5*time.Second)
		all[2].Close()
		<-idle
		<-full
	})
}

// What a node has sent before its crash arrives, and what it has closed has ended.
func TestWhatWasSentBeforeACrash(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		var all [2]net.Conn
		var others [2]net.Conn
		for i := range all {
			c, err := net.Dial("tcp", "n1:80")
			if err != nil {
				t.Error(err)
				return
			}
			all[i], others[i] = c, <-conns
		}
		<-w.start("main", func() {
			io.WriteString(others[0], "last words")
			others[0].Close()
			io.WriteString(others[1], "last words")
			w.crash("n1", 0)
		})
		if b, err := io.ReadAll(all[0]); string(b) != "last words" || err != nil {
			t.Errorf("%q, %v", b, err)
		}
		b := make([]byte, 100)
		if n, err := all[1].Read(b); string(b[:n]) != "last words" || err != nil {
			t.Errorf("%q, %v", b[:n], err)
		}
		all[1].SetReadDeadline(time.Now().Add(time.Second))
		_, err := all[1].Read(b)
		want(t, err, os.ErrDeadlineExceeded)
	})
}

// A dial is not in the way of a crash: it meets the next boot, or nobody.
func TestADialAcrossACrash(t *testing.T) {
	w := nodes(t, "n1", "n2")
	w.serve("n1", ":80", "first")
	w.on("n2", func() {
		if got, err := ask("n1:80"); got != "first to 10.0.0.2 at 10.0.0.1" || err != nil {
			t.Error(got, err)
		}
		<-w.start("main", func() { w.crash("n1", 0) })
		began := time.Now()
		w.start("main", func() {
			time.Sleep(5 * time.Second)
			w.Boot(w.nodes["n1"])
			w.serve("n1", ":80", "second")
		})
		if got, err := ask("10.0.0.1:80"); got != "second to 10.0.0.2 at 10.0.0.1" || err != nil {
			t.Error(got, err)
		}
		since(t, began, 7*time.Second)
	})
}

// A client of net/http whose server restarts asks again by itself.
func TestHTTPAcrossARestart(t *testing.T) {
	w := nodes(t, "n1", "n2")
	serve := func(text string) {
		w.on("n1", func() {
			http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text) })
			go http.ListenAndServe(":80", nil)
		})
	}
	serve("first")
	time.Sleep(time.Second)
	for _, name := range []string{"n2", "main"} {
		w.on(name, func() {
			if got := get("http://n1/"); got != "200 first" {
				t.Error(name, got)
			}
		})
	}
	w.crash("n1", time.Second)
	serve("second")
	time.Sleep(time.Second)
	for _, name := range []string{"n2", "main"} {
		w.on(name, func() {
			if got := get("http://n1/"); got != "200 second" {
				t.Error(name, got)
			}
		})
	}
	if got := get("http://n1/"); got != "200 second" {
		t.Error(got)
	}
}

// A crashed client leaves its connection to the server as it is, until that hears of it.
func TestACrashedClient(t *testing.T) {
	w := nodes(t, "n1", "n2")
	conns := w.listen("n1", ":80")
	w.on("n2", func() {
		if _, err := net.Dial("tcp", "n1:80"); err != nil {
			t.Error(err)
		}
	})
	c := <-conns
	began := time.Now()
	w.on("n1", func() {
		done := w.start("main", func() { w.crash("n2", time.Second) })
		_, err := c.Read(make([]byte, 1))
		want(t, err, syscall.ECONNRESET)
		since(t, began, 15*time.Second)
		<-done
		if !strings.HasPrefix(c.RemoteAddr().String(), "10.0.0.2:") {
			t.Error(c.RemoteAddr())
		}
	})
}

// Look-ups and dials of a node that has crashed are in nobody's way.
func TestNothingHangsOnTheDead(t *testing.T) {
	w := nodes(t, "n1", "n2", "off")
	w.crash("off", 0)
	client := &http.Client{Timeout: 10 * time.Second}
	w.start("n1", func() { client.Get("http://off/") })
	time.Sleep(time.Second)
	w.crash("n1", time.Second)
	for _, name := range []string{"n1", "n2", "main"} {
		w.on(name, func() {
			began := time.Now()
			_, err := client.Get("http://off/")
			if !os.IsTimeout(err) {
				t.Error(err)
			}
			since(t, began, 10*time.Second)
		})
	}
}

// A node that ends itself is like one that crashes.
func TestANodeThatEndsItself(t *testing.T) {
	w := nodes(t, "n1", "n2")
	exits := make(chan string, 1)
	w.surface.(interface {
		OnExit(fn func(node, boot int, how string))
	}).OnExit(func(node, boot int, how string) { exits <- how })
	for how, end := range map[string]func(){
		"os.Exit(3)": func() { os.Exit(3) },
		"":           func() { w.surface.(interface{ Crash(node int) }).Crash(w.nodes["n1"]) },
	} {
		conns := w.listen("n1", ":80")
		w.on("n2", func() {
			c, err := net.Dial("tcp", "n1:80")
			if err != nil {
				t.Error(err)
				return
			}
			<-conns
			began := time.Now()
			w.start("n1", end)
			c.SetReadDeadline(time.Now().Add(time.Second))
			_, err = c.Read(make([]byte, 1))
			want(t, err, os.ErrDeadlineExceeded)
			if how != "" {
				if got := <-exits; got != how {
					t.Errorf("%s, want %s", got, how)
				}
			}
			w.Boot(w.nodes["n1"])
			c.SetReadDeadline(time.Time{})
			_, err = c.Read(make([]byte, 1))
			want(t, err, syscall.ECONNRESET)
			since(t, began, 15*time.Second)
		})
	}
}

// Packets for a node that has crashed are lost, those in its mailbox, too; its next boot has no
// such port, until it has.
func TestPacketsAcrossACrash(t *testing.T) {
	w := nodes(t, "n1", "n2")
	bind := func() (s net.PacketConn) {
		w.on("n1", func() {
			var err error
			if s, err = net.ListenPacket("udp", ":80"); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	bind()
	w.on("n2", func() {
		c, err := net.Dial("udp", "n1:80")
		if err != nil {
			t.Error(err)
			return
		}
		send := func(text string, want error) {
			t.Helper()
			if _, err := io.WriteString(c, text); err != nil {
				t.Error(err)
			}
			c.SetReadDeadline(time.Now().Add(time.Second))
			if _, err := c.Read(make([]byte, 10)); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", text, err, want)
			}
		}
		send("never read", os.ErrDeadlineExceeded)
		<-w.start("main", func() { w.crash("n1", 0) })
		send("to nobody", os.ErrDeadlineExceeded)
		<-w.start("main", func() { w.Boot(w.nodes["n1"]) })
		send("to a port without a socket", syscall.ECONNREFUSED)
		var s net.PacketConn
		<-w.start("main", func() { s = bind() })
		send("to the next boot", os.ErrDeadlineExceeded)
		b := make([]byte, 100)
		if n, from, err := s.ReadFrom(b); string(b[:n]) != "to the next boot" || from.String() != c.LocalAddr().String() || err != nil {
			t.Errorf("%q from %v, %v", b[:n], from, err)
		}
	})
}

// cut stops all that goes over a link, until the function that it returns is called.
func (w *world) cut() (heal func()) {
	s := w.surface.(interface {
		Rule(r []int64, names []string)
		EndRule(index int)
	})
	const index, kind, ends = 7, 7, -1 // RuleCut, from everywhere to everywhere
	s.Rule([]int64{index, 0, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, ends, ends}, nil)
	return func() { s.EndRule(index) }
}

// What a node has sent, and a cut has stopped, goes with it; who is connected hears of its next
// boot when both are there, that and the link.
func TestACrashBehindACut(t *testing.T) {
	for _, c := range []struct {
		name        string
		heals, boot time.Duration
		sent, idle  time.Duration // when the reset comes
	}{
		{"healed first", 3 * time.Second, 4 * time.Second, 4200 * time.Millisecond, 15 * time.Second},
		{"on again first", 9 * time.Second, 4 * time.Second, 13800 * time.Millisecond, 15 * time.Second},
		{"on again late", 3 * time.Second, 40 * time.Second, 52200 * time.Millisecond, 45 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := nodes(t, "n1", "n2")
			conns := w.listen("n1", ":80")
			began := time.Now()
			at := func(d time.Duration) { time.Sleep(time.Until(began.Add(d))) }
			done := w.start("n2", func() {
				sent, err := net.Dial("tcp", "n1:80")
				if err != nil {
					t.Error(err)
					return
				}
				idle, err := net.Dial("tcp", "n1:80")
				if err != nil {
					t.Error(err)
					return
				}
				waits := w.start("n2", func() {
					n, err := idle.Read(make([]byte, 10))
					if n > 0 {
						t.Error("what a cut has stopped arrives although its sender has crashed")
					}
					want(t, err, syscall.ECONNRESET)
					since(t, began, c.idle)
				})
				at(1200 * time.Millisecond)
				io.WriteString(sent, "hello") // again at 1.4, 1.8, 2.6, 4.2, 7.4, 13.8, 26.6, 52.2 s
				_, err = sent.Read(make([]byte, 10))
				want(t, err, syscall.ECONNRESET)
				since(t, began, c.sent)
				<-waits
			})
			<-conns
			server := <-conns
			at(time.Second)
			heal := w.cut()
			at(1100 * time.Millisecond)
			io.WriteString(server, "lost")
			at(2 * time.Second)
			w.crash("n1", 0)
			ends := w.start("main", func() {
				at(c.heals)
				heal()
			})
			at(c.boot)
			w.Boot(w.nodes["n1"])
			<-ends
			<-done
		})
	}
}
