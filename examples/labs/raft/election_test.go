package raft

import (
	"math/rand"
	"testing"
	"time"
)

// pause is longer than it takes to elect a leader.
const pause = time.Second

func TestInitialElection3A(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.leader()
	time.Sleep(50 * time.Millisecond)
	before := c.term()
	time.Sleep(2 * pause)
	if after := c.term(); after != before {
		t.Errorf("term %d became %d although nothing failed", before, after)
	}
	c.leader()
}

func TestReElection3A(t *testing.T) {
	c := newCluster(t, 3, false, false)
	old := c.leader()

	// The others elect one of them, and the old leader must accept that.
	c.disconnect(old)
	c.leader()
	c.connect(old)
	second := c.leader()

	// No majority, no leader.
	c.disconnect(second, (second+1)%3)
	time.Sleep(2 * pause)
	c.noLeader()

	c.connect((second + 1) % 3)
	c.leader()
	c.connect(second)
	c.leader()
}

func TestManyElections3A(t *testing.T) {
	c := newCluster(t, 7, false, false)
	c.leader()
	for range 15 {
		gone := rand.Perm(7)[:3]
		c.disconnect(gone...)
		c.leader()
		c.connect(gone...)
	}
	c.leader()
}
