// Package hashiraft tests github.com/hashicorp/raft as anybody might: there is
// nothing of samerun in it, and under go test it takes what the clock says.
package hashiraft

import (
	"encoding/json"
	"math/rand"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	servers = 5
	clients = 3
	length  = 100 * time.Second
)

// Five servers, any two of which may be cut off at a time, lose no command that
// they have acknowledged, repeat none, and keep the order of each client.
func TestDisconnections(t *testing.T) {
	c := newCluster(t, servers)
	var over atomic.Bool
	var wg sync.WaitGroup
	acknowledged := make([][]command, clients)
	for i := range clients {
		wg.Go(func() { acknowledged[i] = c.client(i, &over) })
	}
	cuts := c.disturb(length)
	over.Store(true)
	wg.Wait()

	all := c.settled(30 * time.Second)
	for i, have := range all[1:] {
		if !slices.Equal(have, all[0]) {
			t.Errorf("server %d has another history than server 0: %d commands and %d", i+1, len(have), len(all[0]))
		}
	}
	seen := make(map[command]int)
	for i, cmd := range all[0] {
		if j, ok := seen[cmd]; ok {
			t.Errorf("command %v is there twice, at %d and %d", cmd, j, i)
		}
		seen[cmd] = i
	}
	sum, snapshots := 0, 0
	for _, list := range acknowledged {
		sum += len(list)
		last := -1
		for _, cmd := range list {
			i, ok := seen[cmd]
			if !ok {
				t.Errorf("command %v was acknowledged and is lost", cmd)
			} else if i <= last {
				t.Errorf("command %v is at %d, and the one that was acknowledged before it at %d", cmd, i, last)
			}
			last = i
		}
	}
	for _, n := range c.nodes {
		if list, err := n.snaps.List(); err == nil && len(list) > 0 {
			snapshots++
		}
	}
	terms, err := strconv.Atoi(c.nodes[0].raft.Stats()["term"])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d commands acknowledged, %d applied, %d disconnections, %d terms, %d servers with a snapshot", sum, len(all[0]), cuts, terms, snapshots)
	if sum < 500 || cuts < 10 || terms < 2 || snapshots == 0 {
		t.Error("the run was too quiet to show anything")
	}
	c.shutdown()
}

// client sends one command after the other to whoever is the leader, and returns
// those that were acknowledged. One whose fate is not known is not sent again.
func (c *cluster) client(id int, over *atomic.Bool) (acknowledged []command) {
	for number := 0; !over.Load(); {
		n := c.leader()
		if n == nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		cmd := command{id, number}
		number++
		data, err := json.Marshal(cmd)
		if err != nil {
			panic(err)
		}
		if n.raft.Apply(data, time.Second).Error() == nil {
			acknowledged = append(acknowledged, cmd)
		}
		time.Sleep(time.Duration(rand.Intn(100)) * time.Millisecond)
	}
	return acknowledged
}

// disturb cuts servers off and brings them back for so long, and returns how many
// times it cut one off. At the end all are connected.
func (c *cluster) disturb(length time.Duration) (cuts int) {
	for end := time.Now().Add(length); time.Now().Before(end); {
		time.Sleep(time.Duration(500+rand.Intn(3000)) * time.Millisecond)
		for _, i := range rand.Perm(servers)[:1+rand.Intn(2)] {
			c.disconnect(i)
			cuts++
		}
		time.Sleep(time.Duration(500+rand.Intn(4000)) * time.Millisecond)
		for i := range servers {
			if c.out[i] {
				c.connect(i)
			}
		}
	}
	return cuts
}
