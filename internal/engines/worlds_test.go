package engines

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"samerun/labrpc"
	"samerun/sim"
	"samerun/sim/fault"
)

// Tally is a service of ordinary Go.
type Tally struct {
	mu sync.Mutex
	n  int
}

func (c *Tally) Add(by int, sum *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += by
	time.Sleep(time.Millisecond)
	*sum = c.n
}

// Two nodes of ordinary Go, calls over labrpc from goroutines that the program starts by
// itself, a crash, properties.
func TestHostTwoNodes(t *testing.T) {
	onHost(t)
	sim.Test(t, func(w *sim.World) {
		net := labrpc.NewNetwork(w)
		server, client := w.Node("server"), w.Node("client")
		server.Start(func() {
			srv := labrpc.MakeServer()
			srv.AddService(labrpc.MakeService(new(Tally)))
			net.AddServer("tally", srv)
		})
		var mu sync.Mutex
		good, bad := 0, 0
		done := make(chan bool)
		client.Start(func() {
			end := net.MakeEnd("end")
			net.Connect("end", "tally")
			net.Enable("end", true)
			var wg sync.WaitGroup
			for i := range 20 {
				time.Sleep(10 * time.Millisecond)
				wg.Add(1)
				go func() {
					defer wg.Done()
					sum := 0
					ok := end.Call("Tally.Add", i, &sum)
					mu.Lock()
					defer mu.Unlock()
					if ok {
						good++
					} else {
						bad++
					}
				}()
			}
			wg.Wait()
			close(done)
		})
		w.Always("no more than twenty", func() error {
			mu.Lock()
			defer mu.Unlock()
			if good+bad > 20 {
				return fmt.Errorf("%d", good+bad)
			}
			return nil
		})
		w.Eventually("some are good", time.Second, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return good > 0
		})
		time.Sleep(105 * time.Millisecond)
		server.Crash()
		time.Sleep(20 * time.Millisecond)
		server.Restart()
		<-done
		if good+bad != 20 || bad == 0 || good < 10 {
			w.Failf("%d good, %d bad", good, bad)
		}
		if w.Here() != w.Main() {
			w.Failf("the scenario runs on %v", w.Here())
		}
	}, sim.Goroutines)
}

// Servers of net/http on nodes, found by their names; one crashes, and comes back.
func TestHostHTTP(t *testing.T) {
	onHost(t)
	sim.Test(t, func(w *sim.World) {
		for i := range 2 {
			n := w.Node(fmt.Sprintf("n%d", i))
			n.Run(func() error {
				mux := http.NewServeMux()
				mux.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
					fmt.Fprintf(rw, "%s boot %d", w.Here(), w.Here().Boot())
				})
				return http.ListenAndServe(":8080", mux)
			})
		}
		w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Crash, At: 2 * time.Second, For: time.Second, Nodes: []string{"n1"}}}}, 10*time.Second)
		get := func(name string) string {
			client := &http.Client{Timeout: 500 * time.Millisecond}
			r, err := client.Get("http://" + name + ":8080/")
			if err != nil {
				return "no answer"
			}
			defer r.Body.Close()
			body, _ := io.ReadAll(r.Body)
			return string(body)
		}
		var said []string
		for _, at := range []time.Duration{time.Second, 2100 * time.Millisecond, 4 * time.Second} {
			time.Sleep(at - w.Elapsed())
			said = append(said, get("n0"), get("n1"))
		}
		if got := strings.Join(said, "; "); got != "n0 boot 1; n1 boot 1; n0 boot 1; no answer; n0 boot 1; n1 boot 2" {
			w.Failf("%s", got)
		}
	}, sim.Goroutines)
}

// What befalls links befalls sockets, and counts.
func TestHostSocketFaults(t *testing.T) {
	onHost(t)
	sim.Test(t, func(w *sim.World) {
		n := w.Node("n")
		n.Run(func() error { return http.ListenAndServe(":80", http.NotFoundHandler()) })
		w.Inject(fault.Schedule{Faults: []fault.Fault{{Kind: fault.Cut, At: time.Second, For: 3 * time.Second, From: []string{"main"}, To: []string{"n"}}}}, 10*time.Second)
		client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
		ask := func() bool {
			r, err := client.Get("http://n/")
			if err == nil {
				r.Body.Close()
			}
			return err == nil
		}
		time.Sleep(500 * time.Millisecond)
		before := ask()
		time.Sleep(time.Second)
		while := ask()
		time.Sleep(5 * time.Second)
		after := ask()
		w.Link(w.Main(), n).Cut()
		byHand := ask()
		if !before || while || !after || byHand || w.Outcomes()[0].Fired == 0 {
			w.Failf("before %v, while %v, after %v, by hand %v; %+v", before, while, after, byHand, w.Outcomes())
		}
	}, sim.Goroutines)
}

// What cannot be, each in a sentence: TestOnTheHost looks for it.
func TestHostEnds(t *testing.T) {
	onHost(t)
	boom := errors.New("no disk")
	name := os.Getenv("ENGINES_END")
	fn := map[string]func(w *sim.World){
		"crash of main": func(w *sim.World) { w.Main().Crash() },
		"error":         func(w *sim.World) { w.Node("n").Run(func() error { return boom }); time.Sleep(time.Second) },
		"panic":         func(w *sim.World) { w.Node("n").Start(func() { panic(boom) }); time.Sleep(time.Second) },
		"panic in go":   func(w *sim.World) { w.Node("n").Start(func() { go func() { panic(boom) }() }); time.Sleep(time.Second) },
		"two worlds": func(w *sim.World) {
			sim.Test(t, func(*sim.World) { t.Error("there were two") }, sim.Goroutines)
		},
		"unknown node": func(w *sim.World) {
			_, err := http.Get("http://n7/")
			w.Fail(err)
		},
		"exit": func(w *sim.World) {
			n := w.Node("n")
			n.Start(func() { defer t.Error("a deferred call"); log.Fatal(boom) })
			time.Sleep(time.Second)
			up := n.Up()
			n.Restart()
			w.Failf("up %v, boot %d", up, n.Boot())
		},
		"exit in go": func(w *sim.World) {
			n := w.Node("n")
			n.Start(func() { go os.Exit(3) })
			time.Sleep(time.Second)
			w.Failf("up %v", n.Up())
		},
		"fatal": func(w *sim.World) { w.Node("n").Start(func() { t.Fatal("the node says so") }); time.Sleep(time.Second) },
		"check": func(w *sim.World) {
			var mu sync.Mutex
			n := w.Node("n")
			n.Start(func() { mu.Lock(); time.Sleep(time.Hour) })
			time.Sleep(time.Second)
			w.Always("one at a time", func() error { mu.Lock(); defer mu.Unlock(); return nil })
			n.Crash()
			time.Sleep(time.Second)
		},
		"for ever": func(w *sim.World) { select {} },
	}[name]
	if fn == nil {
		t.Skip("TestOnTheHost says which")
	}
	sim.Test(t, fn, sim.Goroutines)
}

// The programs of both engines, whose words TestOnTheHost compares.
func TestHostPrograms(t *testing.T) {
	onHost(t)
	for _, p := range programs {
		if p.name != os.Getenv("ENGINES_PROGRAM") {
			continue
		}
		o, x := &observed{plain: true}, &quietly{T: t}
		sim.Test(x, p.fn(o), sim.Goroutines)
		fmt.Printf("BEGIN\n%s\nEND\n", o.words(endOf(x.said)))
	}
}

// quietly is a test that fails by what is said of it.
type quietly struct {
	*testing.T
	said string
}

func (t *quietly) Errorf(format string, args ...any) { t.said = fmt.Sprintf(format, args...) }
func (t *quietly) FailNow()                          {}

// As many crashes of a node as ENGINES_CRASHES says, each of which ends ten goroutines that wait in
// one of five ways and hold a kilobyte each; what a crash leaves in memory is told.
func TestHostCrashes(t *testing.T) {
	onHost(t)
	crashes := 0
	fmt.Sscan(os.Getenv("ENGINES_CRASHES"), &crashes)
	memory := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	sim.Test(t, func(w *sim.World) {
		n := w.Node("n")
		n.Start(func() {
			var mu sync.Mutex
			mu.Lock()
			for i := range 10 {
				go func() {
					own := make([]byte, 1000)
					switch i % 5 {
					case 0:
						time.Sleep(time.Hour)
					case 1:
						<-make(chan bool)
					case 2:
						select {
						case <-time.After(time.Hour):
						case <-make(chan bool):
						}
					case 3:
						mu.Lock()
					case 4:
						net.ListenPacket("udp", "127.0.0.1:0")
						select {}
					}
					own[0]++
				}()
			}
		})
		begin := uint64(0)
		for i := range crashes {
			if i == crashes/10 {
				begin = memory()
			}
			time.Sleep(10 * time.Millisecond)
			n.Crash()
			n.Restart()
		}
		if crashes > 0 {
			fmt.Printf("LEFT %d\n", (memory()-begin)/uint64(crashes-crashes/10))
		}
	}, sim.Goroutines)
}

// Worlds of five nodes, as many as ENGINES_WORLDS says, one after the other.
func TestHostStarts(t *testing.T) {
	onHost(t)
	n := 0
	fmt.Sscan(os.Getenv("ENGINES_WORLDS"), &n)
	for range n {
		sim.Test(t, func(w *sim.World) {
			for i := range 5 {
				w.Node(fmt.Sprintf("n%d", i)).Start(func() {})
			}
			time.Sleep(time.Millisecond)
		}, sim.Goroutines)
	}
}
