//go:debug randseednop=0

package kvsrv

import (
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"testing"
	"time"

	"samerun/labrpc"
)

// config is a server, its network, and who is connected to it.
type config struct {
	t     *testing.T
	net   *labrpc.Network
	start time.Time
	what  string

	mu    sync.Mutex
	ends  map[*Clerk]string
	clerk int // how many there were
	ops   int
}

var seedOnce sync.Once

func makeConfig(t *testing.T, unreliable bool) *config {
	//lint:ignore SA1019 the harness of the course does so, once a process
	seedOnce.Do(func() { rand.Seed(nrand()) })
	runtime.GOMAXPROCS(4)
	cfg := &config{t: t, net: labrpc.MakeNetwork(), start: time.Now(), ends: make(map[*Clerk]string)}
	server := labrpc.MakeServer()
	server.AddService(labrpc.MakeService(StartKVServer()))
	cfg.net.AddServer(0, server)
	cfg.net.Reliable(!unreliable)
	t.Cleanup(cfg.net.Cleanup)
	return cfg
}

// begin says what the test is about, end how it went.
func (cfg *config) begin(what string) {
	cfg.what = what
	fmt.Printf("%s ...\n", what)
}

func (cfg *config) end() {
	if cfg.t.Failed() {
		return
	}
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	fmt.Printf("  ... Passed --  %4.1f  %d clerks  %6d RPCs  %5d operations\n", time.Since(cfg.start).Seconds(), cfg.clerk, cfg.net.GetTotalCount(), cfg.ops)
}

func (cfg *config) op() {
	cfg.mu.Lock()
	cfg.ops++
	cfg.mu.Unlock()
}

// makeClient returns a clerk that is connected.
func (cfg *config) makeClient() *Clerk {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	cfg.clerk++
	name := fmt.Sprintf("clerk %d", cfg.clerk)
	end := cfg.net.MakeEnd(name)
	cfg.net.Connect(name, 0)
	cfg.net.Enable(name, true)
	ck := MakeClerk(end)
	cfg.ends[ck] = name
	return ck
}

// connect puts a clerk on the network, or takes it off.
func (cfg *config) connect(ck *Clerk, yes bool) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	cfg.net.Enable(cfg.ends[ck], yes)
}

// spawn runs a function with a clerk of its own in so many goroutines, and waits.
func (cfg *config) spawn(n int, fn func(me int, ck *Clerk)) {
	var wg sync.WaitGroup
	for i := range n {
		ck := cfg.makeClient()
		wg.Add(1)
		go func() {
			defer wg.Done()
			fn(i, ck)
		}()
	}
	wg.Wait()
}
