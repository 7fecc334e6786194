package raft

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"labs/labrpc"
)

// cluster is a number of servers on one network, and the services that listen to
// them.
type cluster struct {
	t       *testing.T
	n       int
	net     *labrpc.Network
	started time.Time

	mu        sync.Mutex
	rafts     []*Raft      // nil: it is down
	disks     []*Persister // of the present or the next life
	ends      [][]string   // ends[i][j] leads from i to j
	connected []bool
	services  []*service
	maxIndex  int    // that any service has reached
	problem   string // the first that a service found
}

// newCluster starts n servers, all of them connected.
func newCluster(t *testing.T, n int, unreliable, snapshots bool) *cluster {
	runtime.GOMAXPROCS(4)
	c := &cluster{
		t:         t,
		n:         n,
		net:       labrpc.MakeNetwork(),
		started:   time.Now(),
		rafts:     make([]*Raft, n),
		disks:     make([]*Persister, n),
		ends:      make([][]string, n),
		connected: make([]bool, n),
		services:  make([]*service, n),
	}
	c.net.LongDelays(true)
	c.net.Reliable(!unreliable)
	for i := range n {
		c.disks[i] = MakePersister()
		c.services[i] = &service{c: c, me: i, snapshots: snapshots, log: make(map[int]any)}
		c.boot(i)
		c.connect(i)
	}
	t.Cleanup(c.end)
	return c
}

// end stops everything, and sums the test up.
func (c *cluster) end() {
	for i := range c.n {
		c.crash(i)
	}
	c.net.Cleanup()
	c.check()
	took := time.Since(c.started)
	calls, bytes := c.net.GetTotalCount(), c.net.GetTotalBytes()
	c.mu.Lock()
	commands := c.maxIndex
	c.mu.Unlock()
	c.t.Logf("%.1f s, %d servers, %d RPCs, %d bytes, %d commands", took.Seconds(), c.n, calls, bytes, commands)
	total.add(took, calls)
}

// boot starts a server with what is on its disk. Its links are disabled.
func (c *cluster) boot(i int) {
	ends := make([]*labrpc.ClientEnd, c.n)
	names := make([]string, c.n)
	for j := range ends {
		names[j] = rand.Text()
		ends[j] = c.net.MakeEnd(names[j])
		c.net.Connect(names[j], j)
	}
	c.mu.Lock()
	disk := c.disks[i].Copy()
	c.disks[i], c.ends[i] = disk, names
	s := c.services[i]
	c.mu.Unlock()
	life := s.restart(disk.ReadSnapshot())
	applyCh := make(chan ApplyMsg)
	rf := Make(ends, i, disk, applyCh)
	go s.listen(rf, life, applyCh)
	c.mu.Lock()
	c.rafts[i] = rf
	c.mu.Unlock()
	server := labrpc.MakeServer()
	server.AddService(labrpc.MakeService(rf))
	c.net.AddServer(i, server)
}

// crash takes a server down. What it still saves does not reach its next life.
func (c *cluster) crash(i int) {
	c.disconnect(i)
	c.net.DeleteServer(i)
	c.mu.Lock()
	rf := c.rafts[i]
	c.rafts[i] = nil
	c.disks[i] = c.disks[i].Copy()
	c.mu.Unlock()
	c.services[i].crash()
	if rf != nil {
		rf.Kill()
	}
}

// restart crashes a server and starts it again, connected.
func (c *cluster) restart(i int) {
	c.crash(i)
	c.boot(i)
	c.connect(i)
}

func (c *cluster) connect(servers ...int)    { c.link(servers, true) }
func (c *cluster) disconnect(servers ...int) { c.link(servers, false) }

// link connects servers to all that are connected, or to nobody.
func (c *cluster) link(servers []int, on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range servers {
		c.connected[i] = on
		for j := range c.n {
			// A link to oneself is not used.
			if !on || c.connected[j] {
				if c.ends[i] != nil {
					c.net.Enable(c.ends[i][j], on)
				}
				if c.ends[j] != nil {
					c.net.Enable(c.ends[j][i], on)
				}
			}
		}
	}
}

// raft returns a server, or nil if it is down, and whether it is connected.
func (c *cluster) raft(i int) (*Raft, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rafts[i], c.connected[i]
}

// check ends the test if a service has found something wrong.
func (c *cluster) check() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.problem != "" {
		c.t.Fatal(c.problem)
	}
}

// leader waits for one leader among the connected servers, and returns it.
func (c *cluster) leader() int {
	c.t.Helper()
	for range 10 {
		time.Sleep(500 * time.Millisecond)
		last, leaders := -1, map[int][]int{}
		for i := range c.n {
			if rf, on := c.raft(i); rf != nil && on {
				if term, leads := rf.GetState(); leads {
					leaders[term] = append(leaders[term], i)
					last = max(last, term)
				}
			}
		}
		for term, who := range leaders {
			if len(who) > 1 {
				c.t.Fatalf("servers %v lead term %d", who, term)
			}
		}
		if last >= 0 {
			return leaders[last][0]
		}
	}
	c.t.Fatal("there is no leader")
	return -1
}

// noLeader says that none of the connected servers may lead.
func (c *cluster) noLeader() {
	c.t.Helper()
	for i := range c.n {
		if rf, on := c.raft(i); rf != nil && on {
			if _, leads := rf.GetState(); leads {
				c.t.Fatalf("server %d leads without a majority", i)
			}
		}
	}
}

// term returns the term that all connected servers are in.
func (c *cluster) term() int {
	c.t.Helper()
	var terms []int
	for i := range c.n {
		if rf, on := c.raft(i); rf != nil && on {
			term, _ := rf.GetState()
			terms = append(terms, term)
		}
	}
	if slices.Min(terms) != slices.Max(terms) {
		c.t.Fatalf("the servers are in the terms %v", terms)
	}
	return terms[0]
}

// committed returns what the services have at an index, and how many have it.
// That all of them have the same is seen to when they get it.
func (c *cluster) committed(index int) (command any, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.services {
		if v, ok := s.log[index]; ok {
			command = v
			n++
		}
	}
	return command, n
}

// start offers a command to the servers in turn until one takes it.
func (c *cluster) start(command any) (index, term int, ok bool) {
	for i := range c.n {
		if rf, on := c.raft(i); rf != nil && on {
			if index, term, ok = rf.Start(command); ok {
				return index, term, true
			}
		}
	}
	return 0, 0, false
}

// agree has a command committed by at least n servers, and returns its index. If
// a leader loses it, the next one gets it, but only if retry is set.
func (c *cluster) agree(command any, n int, retry bool) int {
	c.t.Helper()
	index, err := c.try(command, n, retry)
	c.check()
	if err != nil {
		c.t.Fatal(err)
	}
	return index
}

// try is agree for any goroutine.
func (c *cluster) try(command any, n int, retry bool) (index int, err error) {
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		index, _, ok := c.start(command)
		if !ok {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		for tried := time.Now(); time.Since(tried) < 2*time.Second; time.Sleep(20 * time.Millisecond) {
			if v, have := c.committed(index); have >= n && v == command {
				return index, nil
			}
		}
		if !retry {
			return 0, fmt.Errorf("%v is not committed by %d servers", command, n)
		}
	}
	return 0, fmt.Errorf("no agreement of %d servers on %v", n, command)
}

// wait waits for n services to have an index. It gives up, and says so, when a
// server is in a later term than this; 0 stands for any term.
func (c *cluster) wait(index, n, term int) (command any, ok bool) {
	c.t.Helper()
	have := 0
	for pause := 10 * time.Millisecond; pause < 3*time.Second; pause *= 2 {
		c.check()
		if command, have = c.committed(index); have >= n {
			return command, true
		}
		time.Sleep(pause)
		for i := range c.n {
			if rf, _ := c.raft(i); rf != nil && term > 0 {
				if now, _ := rf.GetState(); now > term {
					return nil, false
				}
			}
		}
	}
	c.t.Fatalf("only %d servers commit %d, want %d", have, index, n)
	return nil, false
}

// others returns the servers that come after one, in a circle, without it.
func (c *cluster) others(i int) []int {
	var list []int
	for k := 1; k < c.n; k++ {
		list = append(list, (i+k)%c.n)
	}
	return list
}
