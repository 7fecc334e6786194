package raft

import (
	"math/rand"
	"testing"
	"time"
)

// maxLog is the most that a server may keep on disk beside its snapshot, in bytes.
const maxLog = 2000

// snapshots has commands agreed upon while one server after the other misses some
// of them, and so many that it needs a snapshot.
func snapshots(t *testing.T, rounds int, disconnects, reliable, crashes bool) {
	c := newCluster(t, 3, !reliable, true)
	c.agree(rand.Int(), 3, true)
	leader := c.leader()
	for i := range rounds {
		away, n, sender := (leader+1)%3, 3, leader
		if i%3 == 1 {
			sender, away = (leader+1)%3, leader
		}
		if disconnects {
			c.disconnect(away)
			c.agree(rand.Int(), 2, true)
			n = 2
		}
		if crashes {
			c.crash(away)
			c.agree(rand.Int(), 2, true)
			n = 2
		}
		for range snapshotEvery/2 + rand.Intn(snapshotEvery) {
			if rf, _ := c.raft(sender); rf != nil {
				rf.Start(rand.Int())
			}
		}
		// Those that are connected get to the same point, or the log may be long.
		c.agree(rand.Int(), n, true)
		c.checkLogSize()
		if disconnects {
			c.connect(away)
		}
		if crashes {
			c.boot(away)
			c.connect(away)
		}
		if n < 3 {
			c.agree(rand.Int(), 3, true)
			leader = c.leader()
		}
	}
}

// checkLogSize says that the logs are short, as they are if they are cut off.
func (c *cluster) checkLogSize() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, disk := range c.disks {
		if size := disk.RaftStateSize(); size > maxLog {
			c.t.Fatalf("the state of server %d has %d bytes", i, size)
		}
	}
}

func TestSnapshotBasic3D(t *testing.T)           { snapshots(t, 30, false, true, false) }
func TestSnapshotInstall3D(t *testing.T)         { snapshots(t, 24, true, true, false) }
func TestSnapshotUnreliable3D(t *testing.T)      { snapshots(t, 24, true, false, false) }
func TestSnapshotCrash3D(t *testing.T)           { snapshots(t, 24, false, true, true) }
func TestSnapshotUnreliableCrash3D(t *testing.T) { snapshots(t, 24, false, false, true) }

// All servers crash at once, again and again.
func TestSnapshotAllCrash3D(t *testing.T) {
	c := newCluster(t, 3, false, true)
	c.agree(rand.Int(), 3, true)
	for range 5 {
		last := 0
		for range snapshotEvery/2 + rand.Intn(snapshotEvery) {
			last = c.agree(rand.Int(), 3, true)
		}
		for i := range 3 {
			c.crash(i)
		}
		for i := range 3 {
			c.boot(i)
			c.connect(i)
		}
		if now := c.agree(rand.Int(), 3, true); now <= last {
			t.Fatalf("index %d comes after %d", now, last)
		}
	}
}

// A server that starts from a snapshot keeps it when it saves other things.
func TestSnapshotInit3D(t *testing.T) {
	c := newCluster(t, 3, false, true)
	for range snapshotEvery + 1 {
		c.agree(rand.Int(), 3, true)
	}
	for range 2 {
		for i := range 3 {
			c.crash(i)
		}
		for i := range 3 {
			c.boot(i)
			c.connect(i)
		}
		// A new term is saved, with the snapshot of the life before.
		c.leader()
		time.Sleep(pause)
	}
	for i, s := range c.services {
		c.mu.Lock()
		index := s.index
		c.mu.Unlock()
		if index < snapshotEvery {
			t.Errorf("server %d has lost its snapshot: it is at %d", i, index)
		}
	}
	c.agree(rand.Int(), 3, true)
}
