package node

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// crashing is what can be done to nodes beside.
type crashing interface {
	host
	Crash(node int)
	OnExit(fn func(node, boot int, how string))
}

func crashers(t *testing.T, n int) crashing { return world(t, n).(crashing) }

// A node that has crashed does nothing any more, whatever its goroutines waited for, and no
// deferred call runs.
func TestCrash(t *testing.T) {
	h := crashers(t, 2)
	var mu sync.Mutex
	alive := make(map[string]int) // what each has last done, in seconds
	touch := func(what string) {
		node, boot := h.Node()
		mu.Lock()
		alive[fmt.Sprint(node, ".", boot, " ", what)] = int(h.Now() / 1e9)
		mu.Unlock()
	}
	work := func() {
		defer t.Errorf("a deferred call runs")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			for range time.Tick(time.Second) {
				touch("ticker")
			}
		}()
		go func() {
			for {
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
					touch("select")
				}
			}
		}()
		c := make(chan int)
		go func() {
			for range c {
				touch("receiver")
			}
		}()
		go func() {
			for {
				time.Sleep(time.Second)
				c <- 1
			}
		}()
		var again func()
		again = func() {
			touch("AfterFunc")
			time.AfterFunc(time.Second, again)
		}
		again()
		go func() {
			for {
				runtime.Gosched()
				time.Sleep(time.Millisecond)
			}
		}()
		h.Park("the end")
	}
	h.Go(1, 11, "one", work)
	h.Go(2, 12, "two", work)
	time.Sleep(3*time.Second + time.Second/2)
	h.Crash(1)
	h.Crash(1) // which is off already
	time.Sleep(3 * time.Second)
	h.Boot(1)
	h.Go(1, 13, "one", work)
	time.Sleep(3 * time.Second)
	h.Crash(1)
	h.Crash(2)
	time.Sleep(3 * time.Second)
	for _, what := range []string{"ticker", "select", "receiver", "AfterFunc"} {
		for _, c := range []struct {
			life string
			want int
		}{{"1.1", 3}, {"2.1", 9}, {"1.2", 8}} {
			if got := alive[c.life+" "+what]; got != c.want {
				t.Errorf("%s of %s is last seen at second %d, want %d", what, c.life, got, c.want)
			}
		}
	}
}

// The dead take nothing that is meant for the living: neither a lock nor a value.
func TestCrashTakesNothing(t *testing.T) {
	h := crashers(t, 2)
	var (
		mu   sync.Mutex
		rw   sync.RWMutex
		cond = sync.NewCond(new(sync.Mutex))
		c    = make(chan int)
		wg   sync.WaitGroup
	)
	wg.Add(1)
	names := []string{"mutex", "read", "write", "cond", "receive", "group"}
	var got [3][6]atomic.Int32 // how often each kind went on, by the node
	note := func(what string) {
		node, _ := h.Node()
		got[node][slices.Index(names, what)].Add(1)
	}
	waits := map[string]func(){
		"mutex": func() { mu.Lock(); note("mutex"); time.Sleep(time.Millisecond); mu.Unlock() },
		"read":  func() { rw.RLock(); note("read"); time.Sleep(time.Millisecond); rw.RUnlock() },
		"write": func() { rw.Lock(); note("write"); time.Sleep(time.Millisecond); rw.Unlock() },
		"cond":  func() { cond.L.Lock(); cond.Wait(); note("cond"); cond.L.Unlock() },
		"receive": func() {
			if v := <-c; v != 7 {
				t.Errorf("received %d", v)
			}
			note("receive")
		},
		"group": func() { wg.Wait(); note("group") },
	}
	mu.Lock()
	rw.Lock()
	id := uint64(100)
	for round := range 3 { // the dead wait before, among and behind the living
		for node := 1; node <= 2; node++ {
			for _, name := range names {
				id++
				f := waits[name]
				h.Go(node, id, name, f)
			}
			time.Sleep(time.Duration(round) * time.Millisecond)
		}
	}
	time.Sleep(time.Second)
	h.Crash(1)
	mu.Unlock()
	rw.Unlock()
	wg.Done()
	for range 3 {
		cond.L.Lock()
		cond.Signal()
		cond.L.Unlock()
		c <- 7
	}
	time.Sleep(time.Second)
	for i, name := range names {
		if one, two := got[1][i].Load(), got[2][i].Load(); one != 0 || two != 3 {
			t.Errorf("%s: %d of the dead and %d of the living went on, want 0 and 3", name, one, two)
		}
	}
	mu.Lock()
	rw.Lock()
	rw.Unlock()
	rw.RLock()
	rw.RUnlock()
	mu.Unlock()
	select {
	case c <- 1:
		t.Error("one who is dead receives")
	default:
	}
}

// A node crashes at each of many moments while its goroutines and those of another one use the
// same locks and channels: the living always go on.
func TestCrashAnywhere(t *testing.T) {
	h := crashers(t, 2)
	var (
		mu   sync.Mutex
		rw   sync.RWMutex
		once [20]sync.Once
		over atomic.Bool
	)
	// Who dies never holds a lock over a wait, but waits for one that this goroutine holds.
	go func() {
		for i := 0; !over.Load(); i++ {
			hold := time.Duration(1+i%5*i%5) * 100 * time.Microsecond // long enough for a mutex to starve
			mu.Lock()
			time.Sleep(hold)
			mu.Unlock()
			rw.Lock()
			time.Sleep(hold)
			rw.Unlock()
			rw.RLock()
			time.Sleep(hold)
			rw.RUnlock()
		}
	}()
	defer over.Store(true)
	for round := range len(once) {
		var done atomic.Int32
		var dead atomic.Bool
		use := func() {
			for i := range 6 {
				mu.Lock()
				mu.Unlock()
				if i%2 == 0 {
					rw.RLock()
					rw.RUnlock()
				} else {
					rw.Lock()
					rw.Unlock()
				}
				once[round].Do(func() { time.Sleep(100 * time.Microsecond) })
				time.Sleep(time.Duration(i) * 10 * time.Microsecond)
			}
			if node, _ := h.Node(); node == 2 {
				done.Add(1)
			} else if dead.Load() {
				t.Error("a dead goroutine goes on")
			}
		}
		for i := range 4 {
			h.Go(1, uint64(1000+round*10+i), "dies", use)
			h.Go(2, uint64(2000+round*10+i), "lives", use)
		}
		time.Sleep(time.Duration(round) * 97 * time.Microsecond)
		h.Crash(1)
		dead.Store(true)
		time.Sleep(50 * time.Millisecond)
		if done := done.Load(); done != 4 {
			t.Fatalf("round %d: %d of the living are done, want 4", round, done)
		}
		h.Boot(1)
	}
}

// slow is a writer that takes its time.
type slow struct{ out io.Writer }

func (w slow) Write(p []byte) (int, error) {
	time.Sleep(time.Second)
	return w.out.Write(p)
}

// What the standard library has locked when it calls the program is free when that dies: the
// log, and a sync.Once, whose function runs again.
func TestCrashInLibrary(t *testing.T) {
	h := crashers(t, 1)
	var out bytes.Buffer
	logger := log.New(slow{&out}, "", 0)
	var once sync.Once
	ran := 0
	h.Go(1, 1, "logs", func() { logger.Print("lost") })
	h.Go(1, 2, "once", func() { once.Do(func() { ran++; time.Sleep(time.Second); ran += 10 }) })
	time.Sleep(time.Second / 2)
	h.Crash(1)
	logger.Print("kept")
	once.Do(func() { ran += 100 })
	if out.String() != "kept\n" || ran != 101 {
		t.Errorf("the log has %q, and the function ran %d", out.String(), ran)
	}
}

// Who crashes its own node never comes back from that.
func TestCrashOneself(t *testing.T) {
	h := crashers(t, 1)
	h.Go(1, 1, "one", func() {
		defer t.Error("a deferred call runs")
		var dead atomic.Bool
		go func() {
			if dead.Load() {
				t.Error("a goroutine that was just started runs")
			}
		}()
		dead.Store(true)
		h.Crash(1)
		t.Error("it goes on")
	})
	time.Sleep(time.Second)
	if boot := h.Boot(1); boot != 2 {
		t.Errorf("boot %d, want 2", boot)
	}
}

// What ends a process ends a node there.
func TestExits(t *testing.T) {
	h := crashers(t, 6)
	var mu sync.Mutex
	var hows [7]string
	h.OnExit(func(node, boot int, how string) {
		if on, _ := h.Node(); on != 0 || boot != 1 {
			t.Errorf("told on node %d about boot %d", on, boot)
		}
		line, _, _ := strings.Cut(how, "\n")
		say(h, "node %d: %s", node, line)
		mu.Lock()
		hows[node] = how
		mu.Unlock()
	})
	log.SetOutput(io.Discard)
	for node, f := range []func(){
		1: func() { os.Exit(0) },
		2: func() { os.Exit(3) },
		3: func() { log.Fatal("so it ends") },
		4: func() { panic("nobody helps") },
		5: func() { var p *int; *p = 1 },
		6: func() { runtime.Goexit() },
	} {
		if node == 0 {
			continue
		}
		h.Go(node, uint64(node), "ends", func() {
			go func() {
				time.Sleep(time.Second)
				if node != 6 {
					t.Errorf("a goroutine of node %d goes on", node)
				}
			}()
			time.Sleep(time.Second / 2)
			func() { f() }()
			t.Errorf("node %d goes on", node)
		})
	}
	time.Sleep(2 * time.Second)
	log.SetOutput(os.Stderr)
	mu.Lock()
	defer mu.Unlock()
	for node, want := range []string{1: "os.Exit(0)", 2: "os.Exit(3)", 3: "os.Exit(1)", 4: "panic: nobody helps\n\ngoroutine ", 5: "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine ", 6: ""} {
		if !strings.HasPrefix(hows[node], want) || want == "" && hows[node] != "" {
			t.Errorf("node %d has ended by %q, want %q", node, hows[node], want)
		}
	}
	if !strings.Contains(hows[4], "node.TestExits.func") {
		t.Errorf("where is not told: %s", hows[4])
	}
}

// What a goroutine of a node leaves to the runtime when it ends is used again by the runtime
// itself: the workers of the collector are of no node, and go on when that has crashed.
func TestCollectorOutlivesNodes(t *testing.T) {
	h := crashers(t, 0)
	for round := range 30 {
		n := h.NewNode(fmt.Sprint("n", round))
		h.Boot(n)
		done := make(chan bool)
		for i := range 20 {
			h.Go(n, uint64(round*100+i+1), "short", func() { done <- true })
		}
		for range 20 {
			<-done
		}
		h.Crash(n)
	}
	// Many help the collector, and wait for each other at the end of each of its cycles.
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var keep [][]byte
			for i := range 4000 {
				keep = append(keep, make([]byte, 4096))
				if i%500 == 499 {
					keep = nil
					time.Sleep(time.Microsecond)
				}
			}
		})
	}
	wg.Wait()
}
