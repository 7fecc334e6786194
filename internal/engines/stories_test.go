package engines

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"samerun/sim"
	"samerun/sim/fault"
)

// told is a scenario whose story is told: each ends by failing.
type told struct {
	name   string
	faults []fault.Fault
	fn     func(w *sim.World, server, client *sim.Node)
}

// during is an element that begins at a moment and lasts so long, both in milliseconds.
func during(kind fault.Kind, at, lasts int, from, to string) fault.Fault {
	return fault.Fault{Kind: kind, At: time.Duration(at) * time.Millisecond, For: time.Duration(lasts) * time.Millisecond, From: []string{from}, To: []string{to}}
}

// lines is a server that answers each line by one.
func lines(w *sim.World, server *sim.Node) {
	server.Run(func() error {
		l, err := net.Listen("tcp", ":7")
		if err != nil {
			return err
		}
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go func() {
				for in := bufio.NewScanner(c); in.Scan(); {
					fmt.Fprintf(c, "%s to you\n", in.Text())
				}
				c.Close()
			}()
		}
	})
}

// talk lets the client say lines to that server, one every half second, until one is not
// answered within a time.
func talk(w *sim.World, client *sim.Node, patience time.Duration, say ...string) {
	client.Start(func() {
		c, err := net.Dial("tcp", "server:7")
		if err != nil {
			w.Logf("%v", brief(err))
			return
		}
		defer c.Close()
		in := bufio.NewReader(c)
		for _, line := range say {
			c.SetDeadline(time.Now().Add(patience))
			fmt.Fprintln(c, line)
			answer, err := in.ReadString('\n')
			if err != nil {
				w.Logf("%v", brief(err))
				return
			}
			w.Logf("%s", strings.TrimSpace(answer))
			time.Sleep(500 * time.Millisecond)
		}
	})
	w.Sleep(10 * time.Second)
}

// brief is an error without the addresses, whose ports say nothing.
func brief(err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Err
	}
	return err
}

// Desk is a service.
type Desk struct{}

func (*Desk) Halve(n int, half *int) error {
	if *half = n / 2; n%2 != 0 {
		return errors.New("it is odd")
	}
	return nil
}

// desk lets the client call that service.
func desk(w *sim.World, server, client *sim.Node, serve func(net.Conn), dial func(network, addr string) (*rpc.Client, error)) {
	server.Run(func() error {
		if err := rpc.Register(new(Desk)); err != nil {
			return err
		}
		l, err := net.Listen("tcp", ":7")
		for err == nil {
			var c net.Conn
			if c, err = l.Accept(); err == nil {
				go serve(c)
			}
		}
		return err
	})
	client.Run(func() error {
		c, err := dial("tcp", "server:7")
		if err != nil {
			return err
		}
		for n := range 2 {
			half := 0
			if err := c.Call("Desk.Halve", 8+n, &half); err != nil {
				w.Logf("%v", err)
			}
		}
		return c.Close()
	})
	w.Sleep(time.Second)
}

var stories = []told{
	{"calm", nil, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, time.Second, "good day", "good night")
	}},
	{"dial refused", nil, func(w *sim.World, server, client *sim.Node) {
		server.Start(func() { time.Sleep(time.Hour) })
		talk(w, client, time.Second, "good day")
	}},
	{"cut, then healed", []fault.Fault{during(fault.Cut, 300, 2000, "client", "server")}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, 5*time.Second, "good day", "good night")
	}},
	{"dial into a cut", []fault.Fault{during(fault.Cut, 0, 4000, "server", "client")}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, 5*time.Second, "good day")
	}},
	{"reply held", []fault.Fault{during(fault.Clog, 300, 3000, "server", "client")}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, time.Second, "good day", "good night")
	}},
	{"reset in the middle", []fault.Fault{during(fault.Reset, 300, 0, "client", "server")}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, time.Second, "good day", "good night")
	}},
	{"piece reset", []fault.Fault{{Kind: fault.Reset, From: []string{"client"}, To: []string{"server"}, Conn: 1, Nth: 2}}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, time.Second, "good day", "good night")
	}},
	{"piece lost and sent again", []fault.Fault{{Kind: fault.Drop, From: []string{"client"}, To: []string{"server"}, Conn: 1, Nth: 2}}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, time.Second, "good day", "good night")
	}},
	{"crash of the server", []fault.Fault{{Kind: fault.Crash, At: 300 * time.Millisecond, For: 3 * time.Second, Nodes: []string{"server"}}}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, 8*time.Second, "good day", "good night")
	}},
	{"server up again", []fault.Fault{{Kind: fault.Crash, At: 300 * time.Millisecond, For: 100 * time.Millisecond, Nodes: []string{"server"}}}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, 8*time.Second, "good day", "good night")
	}},
	{"crash of the client", []fault.Fault{{Kind: fault.Crash, At: 300 * time.Millisecond, For: time.Second, Nodes: []string{"client"}}}, func(w *sim.World, server, client *sim.Node) {
		lines(w, server)
		talk(w, client, 8*time.Second, "good day", "good night")
	}},
	{"datagrams", []fault.Fault{
		{Kind: fault.Drop, From: []string{"client"}, To: []string{"server"}, Nth: 2},
		{Kind: fault.Twice, From: []string{"client"}, To: []string{"server"}, Nth: 3},
		{Kind: fault.Hold, From: []string{"client"}, To: []string{"server"}, Nth: 4, Min: 350 * time.Millisecond},
		{Kind: fault.BitFlip, From: []string{"client"}, To: []string{"server"}, PPM: 1000000, At: 450 * time.Millisecond, For: 100 * time.Millisecond},
		during(fault.Clog, 550, 300, "client", "server"),
		during(fault.Cut, 950, 100, "client", "server"),
		{Kind: fault.Crash, At: 1050 * time.Millisecond, For: time.Second, Nodes: []string{"server"}},
	}, func(w *sim.World, server, client *sim.Node) {
		server.Run(func() error {
			c, err := net.ListenPacket("udp", ":9")
			b := make([]byte, 100)
			for err == nil {
				_, _, err = c.ReadFrom(b)
			}
			return err
		})
		client.Run(func() error {
			c, err := net.Dial("udp", "server:9")
			for i := 1; i <= 11 && err == nil; i++ {
				time.Sleep(100*time.Millisecond - time.Duration(w.Elapsed())%(100*time.Millisecond))
				_, err = fmt.Fprintf(c, "word %d", i)
			}
			return err
		})
		w.Sleep(2 * time.Second)
	}},
	{"net rpc", nil, func(w *sim.World, server, client *sim.Node) {
		desk(w, server, client, func(c net.Conn) { rpc.ServeConn(c) }, rpc.Dial)
	}},
	{"json rpc", nil, func(w *sim.World, server, client *sim.Node) {
		desk(w, server, client, func(c net.Conn) { jsonrpc.ServeConn(c) }, jsonrpc.Dial)
	}},
	{"http from the test", nil, func(w *sim.World, server, client *sim.Node) {
		server.Run(func() error {
			http.HandleFunc("/notes/", func(rw http.ResponseWriter, r *http.Request) { io.WriteString(rw, "taken") })
			return http.ListenAndServe(":80", nil)
		})
		for _, path := range []string{"/notes/1", "/else"} {
			r, err := http.Post("http://server"+path, "text/plain", strings.NewReader("x"))
			if err != nil {
				w.Fail(err)
			}
			r.Body.Close()
		}
	}},
}

// TestHostStories tells one of the stories.
func TestHostStories(t *testing.T) {
	onHost(t)
	for _, s := range stories {
		if s.name != os.Getenv("ENGINES_STORY") {
			continue
		}
		x := &quietly{T: t}
		sim.Test(x, func(w *sim.World) {
			server, client := w.Node("server"), w.Node("client")
			w.Inject(fault.Schedule{Faults: s.faults, Quiet: 8 * time.Second}, 10*time.Second)
			s.fn(w, server, client)
			w.Failf("so it went")
		}, sim.Goroutines)
		fmt.Printf("BEGIN%s\nEND\n", x.said)
	}
}

var rewriteStories = flag.Bool("stories", false, "write testdata/stories anew")

// What nodes of ordinary Go say to each other is in the story of a failure: what it was, by
// its protocol, and what became of it. The run is the same without that, to the bit.
func TestStoriesOfSockets(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			plain := run(t, "^TestHostStories$", 1, "ENGINES_STORY="+s.name, "GOMAXPROCS=1")
			again := run(t, "^TestHostStories$", 1, "ENGINES_STORY="+s.name, "SAMERUN_TRACK=1", "GOMAXPROCS=4", "GOGC=5")
			if !plain.ok || !again.ok || plain.digests() == "" || plain.digests() != again.digests() {
				t.Fatalf("digests %s and, told, %s\n%s\n%s", plain.digests(), again.digests(), plain.out, again.out)
			}
			_, got, _ := strings.Cut(again.out, "BEGIN\n")
			got, _, _ = strings.Cut(got, "\nEND\n")
			for line := range strings.Lines(got) {
				if n := utf8.RuneCountInString(line); n > 101 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			file := filepath.Join("testdata", "stories", strings.NewReplacer(" ", "-", ",", "").Replace(s.name)+".txt")
			if *rewriteStories {
				if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(got+"\n"), 0o666)); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil || got+"\n" != string(want) {
				t.Errorf("%v\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}

// Runs that are told about are those that are not, turn by turn and draw by draw.
func TestToldRunsAreTheSame(t *testing.T) {
	const all = "^TestHost(TwoNodes|HTTP|SocketFaults)$"
	for seed := range uint64(3) {
		var records [2]string
		var digests [2]string
		for i, track := range []string{"0", "1"} {
			file := filepath.Join(t.TempDir(), "record")
			r := run(t, all, seed, "SAMERUN_TRACK="+track, "SAMERUN_RECORD="+file)
			if !r.ok {
				t.Fatalf("seed %d, told %s\n%s", seed, track, r.out)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			records[i], digests[i] = string(text), r.digests()
		}
		if records[0] != records[1] || digests[0] != digests[1] || len(records[0]) < 1000 {
			t.Errorf("seed %d: digests %s and, told, %s; records of %d and %d bytes", seed, digests[0], digests[1], len(records[0]), len(records[1]))
		}
	}
}
