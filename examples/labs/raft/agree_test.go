package raft

import (
	"fmt"
	"math/rand"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestBasicAgree3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	for want := 1; want <= 3; want++ {
		if _, n := c.committed(want); n > 0 {
			t.Fatalf("index %d is committed before anything was started", want)
		}
		if got := c.agree(want*100, 3, false); got != want {
			t.Fatalf("the command has index %d, want %d", got, want)
		}
	}
}

// Each command goes to each server once.
func TestRPCBytes3B(t *testing.T) {
	const size, commands = 5000, 10
	c := newCluster(t, 3, false, false)
	c.agree("first", 3, false)
	before := c.net.GetTotalBytes()
	for i := range commands {
		c.agree(fmt.Sprint(i)+strings.Repeat("x", size), 3, false)
	}
	if sent := c.net.GetTotalBytes() - before; sent > 3*commands*size+50000 {
		t.Errorf("%d bytes for %d commands of %d bytes", sent, commands, size)
	}
}

func TestFollowerFailure3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(1, 3, false)
	leader := c.leader()
	c.disconnect((leader + 1) % 3)
	c.agree(2, 2, false)
	time.Sleep(pause)
	c.agree(3, 2, false)

	// The leader alone commits nothing.
	leader = c.leader()
	c.disconnect(c.others(leader)...)
	rf, _ := c.raft(leader)
	index, _, ok := rf.Start(4)
	if !ok || index != 4 {
		t.Fatalf("Start gives index %d, %t; want 4, true", index, ok)
	}
	time.Sleep(2 * pause)
	if _, n := c.committed(4); n > 0 {
		t.Fatalf("%d servers commit without a majority", n)
	}
}

func TestLeaderFailure3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(1, 3, false)
	first := c.leader()
	c.disconnect(first)
	c.agree(2, 2, false)
	time.Sleep(pause)
	c.agree(3, 2, false)

	second := c.leader()
	c.disconnect(second)
	for i := range 3 {
		if rf, _ := c.raft(i); rf != nil {
			rf.Start(4)
		}
	}
	time.Sleep(2 * pause)
	if _, n := c.committed(4); n > 0 {
		t.Fatalf("%d servers commit without a majority", n)
	}
}

func TestFailAgree3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(1, 3, false)
	away := (c.leader() + 1) % 3
	c.disconnect(away)
	for i := 2; i <= 4; i++ {
		c.agree(i, 2, false)
	}
	time.Sleep(pause)
	c.agree(5, 2, false)
	c.connect(away)
	c.agree(6, 3, true)
	time.Sleep(pause)
	c.agree(7, 3, true)
}

func TestFailNoAgree3B(t *testing.T) {
	c := newCluster(t, 5, false, false)
	c.agree(1, 5, false)
	leader := c.leader()
	away := c.others(leader)[:3]
	c.disconnect(away...)
	rf, _ := c.raft(leader)
	index, _, ok := rf.Start(2)
	if !ok || index != 2 {
		t.Fatalf("Start gives index %d, %t; want 2, true", index, ok)
	}
	time.Sleep(2 * pause)
	if _, n := c.committed(2); n > 0 {
		t.Fatalf("%d servers commit without a majority", n)
	}

	// Whether command 2 survives is up to who leads next.
	c.connect(away...)
	rf, _ = c.raft(c.leader())
	if index, _, ok = rf.Start(3); !ok || index < 2 || index > 3 {
		t.Fatalf("Start gives index %d, %t; want 2 or 3, true", index, ok)
	}
	c.agree(4, 5, true)
}

func TestConcurrentStarts3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	for range 5 {
		rf, _ := c.raft(c.leader())
		term, _ := rf.GetState()
		indexes := make([]int, 6)
		var wg sync.WaitGroup
		for i := range indexes {
			wg.Go(func() {
				if index, now, ok := rf.Start(100 + i); ok && now == term {
					indexes[i] = index
				}
			})
		}
		wg.Wait()
		have := make(map[any]bool)
		for _, index := range indexes {
			if index > 0 {
				if command, ok := c.wait(index, 3, term); ok {
					have[command] = true
				}
			}
		}
		if now, _ := rf.GetState(); now != term {
			continue // an election came in between: try again
		}
		for i := range indexes {
			if !have[100+i] {
				t.Errorf("command %d is missing", 100+i)
			}
		}
		return
	}
	t.Fatal("the terms changed all the time")
}

// A leader that was cut off comes back with entries that nobody else has.
func TestRejoin3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(101, 3, true)
	first := c.leader()
	c.disconnect(first)
	for command := 102; command <= 104; command++ {
		rf, _ := c.raft(first)
		rf.Start(command)
	}
	c.agree(105, 2, true)

	second := c.leader()
	c.disconnect(second)
	c.connect(first)
	c.agree(106, 2, true)
	c.connect(second)
	c.agree(107, 3, true)
}

// Logs that differ in many places come together fast.
func TestBackup3B(t *testing.T) {
	const many = 30
	c := newCluster(t, 5, false, false)
	startMany := func(server int) {
		rf, _ := c.raft(server)
		for range many {
			rf.Start(rand.Int())
		}
	}
	agreeMany := func(n int) {
		for range many {
			c.agree(rand.Int(), n, true)
		}
	}
	c.agree(rand.Int(), 5, true)

	// A leader with one follower takes commands that it cannot commit.
	leader := c.leader()
	o := c.others(leader)
	minority, majority := []int{leader, o[0]}, o[1:]
	c.disconnect(majority...)
	startMany(leader)
	time.Sleep(pause / 2)
	c.disconnect(minority...)

	// The others commit many, and then lose their majority in the same way.
	c.connect(majority...)
	agreeMany(3)
	second := c.leader()
	away := majority[0]
	if away == second {
		away = majority[1]
	}
	c.disconnect(away)
	startMany(second)
	time.Sleep(pause / 2)

	// The first two and the one that missed that go on, then all of them.
	c.disconnect(0, 1, 2, 3, 4)
	c.connect(minority...)
	c.connect(away)
	agreeMany(3)
	c.connect(0, 1, 2, 3, 4)
	c.agree(rand.Int(), 5, true)
}

// There are not too many calls: to elect, to agree, and in idle times.
func TestCount3B(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.leader()
	if n := c.net.GetTotalCount(); n > 30 {
		t.Errorf("%d calls for the first election", n)
	}
	for range 5 {
		rf, _ := c.raft(c.leader())
		before := c.net.GetTotalCount()
		first, term, ok := rf.Start(1)
		if !ok {
			continue
		}
		const more = 11
		for i := range more {
			rf.Start(i + 2)
		}
		done := true
		for i := range more + 1 {
			command, ok := c.wait(first+i, 3, term)
			if done = ok; !done {
				break
			}
			if command != i+1 {
				t.Fatalf("index %d has %v, want %d", first+i, command, i+1)
			}
		}
		if !done {
			continue // an election came in between: try again
		}
		if n := c.net.GetTotalCount() - before; n > 3*(more+3) {
			t.Errorf("%d calls for %d commands", n, more+1)
		}
		before = c.net.GetTotalCount()
		time.Sleep(pause)
		if n := c.net.GetTotalCount() - before; n > 60 {
			t.Errorf("%d calls in an idle second", n)
		}
		return
	}
	t.Fatal("the terms changed all the time")
}
