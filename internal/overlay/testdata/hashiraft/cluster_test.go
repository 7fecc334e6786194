package hashiraft

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/raft"
)

// command is what a client asks for. No two are alike.
type command struct{ Client, Number int }

// history is a state machine that keeps every command, in order.
type history struct {
	mu   sync.Mutex
	list []command
}

func (h *history) Apply(l *raft.Log) any {
	var c command
	if err := json.Unmarshal(l.Data, &c); err != nil {
		panic(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, c)
	return len(h.list)
}

func (h *history) all() []command {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.list)
}

func (h *history) Snapshot() (raft.FSMSnapshot, error) { return snapshot(h.all()), nil }

func (h *history) Restore(r io.ReadCloser) error {
	defer r.Close()
	var list []command
	if err := json.NewDecoder(r).Decode(&list); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = list
	return nil
}

// snapshot is a history at one time.
type snapshot []command

func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if err := json.NewEncoder(sink).Encode([]command(s)); err != nil {
		sink.Cancel()
		return err
	}
	return sink.Close()
}

func (s snapshot) Release() {}

// node is one server and what it stands on.
type node struct {
	addr  raft.ServerAddress
	trans *raft.InmemTransport
	state *history
	snaps *raft.InmemSnapshotStore
	raft  *raft.Raft
}

// cluster is a group of servers, all of them connected at first.
type cluster struct {
	t     *testing.T
	nodes []*node
	out   []bool // who is disconnected; of the goroutine that disconnects
}

func newCluster(t *testing.T, size int) *cluster {
	c := &cluster{t: t, out: make([]bool, size)}
	var members raft.Configuration
	for i := range size {
		addr, trans := raft.NewInmemTransport(raft.ServerAddress(fmt.Sprintf("node-%d", i)))
		c.nodes = append(c.nodes, &node{addr: addr, trans: trans, state: new(history), snaps: raft.NewInmemSnapshotStore()})
		members.Servers = append(members.Servers, raft.Server{ID: raft.ServerID(addr), Address: addr})
	}
	for i, n := range c.nodes {
		c.connect(i)
		config := raft.DefaultConfig()
		config.LocalID = raft.ServerID(n.addr)
		config.LogOutput = io.Discard
		// Small figures, so that servers that come back are sent snapshots.
		config.SnapshotInterval = 5 * time.Second
		config.SnapshotThreshold = 200
		config.TrailingLogs = 50
		store := raft.NewInmemStore()
		if err := raft.BootstrapCluster(config, store, store, n.snaps, n.trans, members); err != nil {
			t.Fatal(err)
		}
		var err error
		if n.raft, err = raft.NewRaft(config, n.state, store, store, n.snaps, n.trans); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// connect joins a server with all others that are not disconnected.
func (c *cluster) connect(i int) {
	c.out[i] = false
	for j, other := range c.nodes {
		if j != i && !c.out[j] {
			c.nodes[i].trans.Connect(other.addr, other.trans)
			other.trans.Connect(c.nodes[i].addr, c.nodes[i].trans)
		}
	}
}

func (c *cluster) disconnect(i int) {
	c.out[i] = true
	c.nodes[i].trans.DisconnectAll()
	for j, other := range c.nodes {
		if j != i {
			other.trans.Disconnect(c.nodes[i].addr)
		}
	}
}

// leader returns a server that takes itself for the leader, or nil.
func (c *cluster) leader() *node {
	for _, n := range c.nodes {
		if n.raft.State() == raft.Leader {
			return n
		}
	}
	return nil
}

// settled waits until all servers have applied what the leader has, and returns
// their histories.
func (c *cluster) settled(patience time.Duration) [][]command {
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("the servers have not come to an agreement within %v", patience)
		}
		n := c.leader()
		if n == nil || n.raft.Barrier(time.Second).Error() != nil {
			continue
		}
		want := n.state.all()
		var all [][]command
		for _, n := range c.nodes {
			if have := n.state.all(); len(have) >= len(want) {
				all = append(all, have)
			}
		}
		if len(all) == len(c.nodes) {
			return all
		}
	}
}

func (c *cluster) shutdown() {
	for _, n := range c.nodes {
		if err := n.raft.Shutdown().Error(); err != nil {
			c.t.Error(err)
		}
	}
}
