//go:debug randseednop=0

package kvraft

import (
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"testing"
	"time"

	"labs/labrpc"
	"labs/raft"
)

// config is a number of servers, their disks, the clerks, and the network.
type config struct {
	t        *testing.T
	n        int
	net      *labrpc.Network
	maxState int
	start    time.Time

	mu      sync.Mutex
	servers []*KVServer // nil: it is down
	disks   []*raft.Persister
	ends    [][]string // ends[i][j] leads from server i to j
	clerks  map[*Clerk][]string
	made    int // names of ends
	ops     int
}

var seedOnce sync.Once

// makeConfig starts n servers, all of them connected to each other.
func makeConfig(t *testing.T, n int, unreliable bool, maxState int) *config {
	seedOnce.Do(func() {
		if runtime.NumCPU() < 2 {
			fmt.Printf("warning: only one CPU, which may conceal locking bugs\n")
		}
		//lint:ignore SA1019 the harness of the course does so, once a process
		rand.Seed(nrand())
	})
	runtime.GOMAXPROCS(4)
	cfg := &config{
		t: t, n: n, net: labrpc.MakeNetwork(), maxState: maxState, start: time.Now(),
		servers: make([]*KVServer, n), disks: make([]*raft.Persister, n), ends: make([][]string, n),
		clerks: make(map[*Clerk][]string),
	}
	for i := range n {
		cfg.disks[i] = raft.MakePersister()
		cfg.boot(i)
	}
	cfg.partition(cfg.all(), nil)
	cfg.net.Reliable(!unreliable)
	t.Cleanup(cfg.cleanup)
	return cfg
}

// cleanup stops the servers. Whoever still asks is left.
func (cfg *config) cleanup() {
	for i := range cfg.n {
		cfg.shutdown(i)
	}
	cfg.net.Cleanup()
}

func (cfg *config) begin(what string) { fmt.Printf("%s ...\n", what) }

func (cfg *config) end() {
	if cfg.t.Failed() {
		return
	}
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	fmt.Printf("  ... Passed --  %4.1f  %d servers  %6d RPCs  %5d operations\n", time.Since(cfg.start).Seconds(), cfg.n, cfg.net.GetTotalCount(), cfg.ops)
}

func (cfg *config) op() {
	cfg.mu.Lock()
	cfg.ops++
	cfg.mu.Unlock()
}

// all returns the numbers of the servers.
func (cfg *config) all() []int {
	var list []int
	for i := range cfg.n {
		list = append(list, i)
	}
	return list
}

// newEnds returns ends to all servers, disabled, and their names. The caller holds mu,
// or nobody else is there.
func (cfg *config) newEnds() ([]*labrpc.ClientEnd, []string) {
	ends, names := make([]*labrpc.ClientEnd, cfg.n), make([]string, cfg.n)
	for j := range ends {
		cfg.made++
		names[j] = fmt.Sprintf("end %d", cfg.made)
		ends[j] = cfg.net.MakeEnd(names[j])
		cfg.net.Connect(names[j], j)
	}
	return ends, names
}

// boot starts a server with what is on its disk. It is connected to nobody.
func (cfg *config) boot(i int) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	ends, names := cfg.newEnds()
	cfg.ends[i] = names
	cfg.disks[i] = cfg.disks[i].Copy()
	kv := StartKVServer(ends, i, cfg.disks[i], cfg.maxState)
	cfg.servers[i] = kv
	srv := labrpc.MakeServer()
	srv.AddService(labrpc.MakeService(kv))
	srv.AddService(labrpc.MakeService(kv.Raft()))
	cfg.net.AddServer(i, srv)
}

// shutdown takes a server down. What it still saves does not reach its next life.
func (cfg *config) shutdown(i int) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	for j := range cfg.n {
		cfg.net.Enable(cfg.ends[i][j], false)
		cfg.net.Enable(cfg.ends[j][i], false)
	}
	cfg.net.DeleteServer(i)
	cfg.disks[i] = cfg.disks[i].Copy()
	if kv := cfg.servers[i]; kv != nil {
		cfg.servers[i] = nil
		kv.Kill()
	}
}

// partition connects the servers of each side to each other, and to nobody else.
func (cfg *config) partition(one, two []int) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	side := make([]int, cfg.n)
	for _, i := range one {
		side[i] = 1
	}
	for _, i := range two {
		side[i] = 2
	}
	for i := range cfg.n {
		for j := range cfg.n {
			cfg.net.Enable(cfg.ends[i][j], side[i] == side[j])
		}
	}
}

// makeClient returns a clerk that reaches these servers.
func (cfg *config) makeClient(to []int) *Clerk {
	cfg.mu.Lock()
	ends, names := cfg.newEnds()
	ck := MakeClerk(ends)
	cfg.clerks[ck] = names
	cfg.mu.Unlock()
	cfg.connectClient(ck, to)
	return ck
}

// connectClient makes a clerk reach these servers, and no others.
func (cfg *config) connectClient(ck *Clerk, to []int) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	for _, name := range cfg.clerks[ck] {
		cfg.net.Enable(name, false)
	}
	for _, i := range to {
		cfg.net.Enable(cfg.clerks[ck][i], true)
	}
}

// leader returns a server that believes it leads.
func (cfg *config) leader() (int, bool) {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	for i, kv := range cfg.servers {
		if kv != nil {
			if _, leads := kv.Raft().GetState(); leads {
				return i, true
			}
		}
	}
	return 0, false
}

// stateSize returns the largest state of a Raft, in bytes.
func (cfg *config) stateSize() int {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	size := 0
	for _, disk := range cfg.disks {
		size = max(size, disk.RaftStateSize())
	}
	return size
}

// snapshotSize returns that of a snapshot.
func (cfg *config) snapshotSize() int {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	size := 0
	for _, disk := range cfg.disks {
		size = max(size, disk.SnapshotSize())
	}
	return size
}
