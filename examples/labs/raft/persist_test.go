package raft

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPersist13C(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(11, 3, true)
	for i := range 3 {
		c.crash(i)
	}
	for i := range 3 {
		c.boot(i)
		c.connect(i)
	}
	c.agree(12, 3, true)

	leader := c.leader()
	c.restart(leader)
	c.agree(13, 3, true)

	leader = c.leader()
	c.crash(leader)
	c.agree(14, 2, true)
	c.boot(leader)
	c.connect(leader)
	// It has nothing but what the others tell it, and they have four commands.
	c.wait(4, 3, 0)
	c.agree(15, 3, true)

	away := (c.leader() + 1) % 3
	c.crash(away)
	c.agree(16, 2, true)
	c.boot(away)
	c.connect(away)
	c.agree(17, 3, true)
}

// Servers come back in pairs that have not seen the same.
func TestPersist23C(t *testing.T) {
	c := newCluster(t, 5, false, false)
	for round := range 5 {
		base := 10 * round
		c.agree(base+1, 5, true)
		o := c.others(c.leader())
		c.crash(o[0])
		c.crash(o[1])
		c.agree(base+2, 3, true)
		leader := c.leader()
		for _, i := range o[2:] {
			c.crash(i)
		}
		c.crash(leader)
		c.boot(o[0])
		c.boot(o[1])
		c.connect(o[0], o[1])
		time.Sleep(pause)
		c.boot(o[2])
		c.connect(o[2])
		c.agree(base+3, 3, true)
		for i := range 5 {
			if rf, _ := c.raft(i); rf == nil {
				c.boot(i)
				c.connect(i)
			}
		}
	}
	c.agree(1000, 5, true)
}

// A leader and a follower crash, and the one that was cut off comes back with the
// leader.
func TestPersist33C(t *testing.T) {
	c := newCluster(t, 3, false, false)
	c.agree(101, 3, true)
	leader := c.leader()
	o := c.others(leader)
	c.disconnect(o[1])
	c.agree(102, 2, true)
	c.crash(leader)
	c.crash(o[0])
	c.connect(o[1])
	c.boot(leader)
	c.connect(leader)
	c.agree(103, 2, true)
	c.boot(o[0])
	c.connect(o[0])
	c.agree(104, 3, true)
}

// Figure 8 of the paper: leaders crash with entries that few others have.
func TestFigure83C(t *testing.T) {
	c := newCluster(t, 5, false, false)
	c.agree(rand.Int(), 1, true)
	up := 5
	for range 1200 {
		leader := -1
		for i := range 5 {
			if rf, _ := c.raft(i); rf != nil {
				if _, _, ok := rf.Start(rand.Int()); ok {
					leader = i
				}
			}
		}
		if rand.Intn(10) == 0 {
			time.Sleep(time.Duration(rand.Intn(400)) * time.Millisecond)
		} else {
			time.Sleep(time.Duration(rand.Intn(13)) * time.Millisecond)
		}
		if leader >= 0 {
			c.crash(leader)
			up--
		}
		if up < 3 {
			i := rand.Intn(5)
			if rf, _ := c.raft(i); rf == nil {
				c.boot(i)
				c.connect(i)
				up++
			}
		}
	}
	for i := range 5 {
		if rf, _ := c.raft(i); rf == nil {
			c.boot(i)
			c.connect(i)
		}
	}
	c.agree(rand.Int(), 5, true)
}

func TestUnreliableAgree3C(t *testing.T) {
	c := newCluster(t, 5, true, false)
	var wg sync.WaitGroup
	for i := range 40 {
		for j := range 4 {
			wg.Go(func() {
				if _, err := c.try(100*i+j, 1, true); err != nil {
					t.Error(err)
				}
			})
		}
		c.agree(-i, 1, true)
	}
	c.net.Reliable(true)
	wg.Wait()
	c.agree(9999, 5, true)
}

// The same as in Figure 8, by way of links that fail, and replies that are late.
func TestFigure8Unreliable3C(t *testing.T) {
	const rounds = 500
	c := newCluster(t, 5, true, false)
	c.agree(rand.Int(), 1, true)
	up := 5
	for round := range rounds {
		if round == rounds/3 {
			c.net.LongReordering(true)
		}
		leader := -1
		for i := range 5 {
			rf, on := c.raft(i)
			if _, _, ok := rf.Start(rand.Int()); ok && on {
				leader = i
			}
		}
		if rand.Intn(10) == 0 {
			time.Sleep(time.Duration(rand.Intn(500)) * time.Millisecond)
		} else {
			time.Sleep(time.Duration(rand.Intn(40)) * time.Millisecond)
		}
		if leader >= 0 && rand.Intn(2) == 0 {
			c.disconnect(leader)
			up--
		}
		if up < 3 {
			i := rand.Intn(5)
			if _, on := c.raft(i); !on {
				c.connect(i)
				up++
			}
		}
	}
	c.connect(0, 1, 2, 3, 4)
	c.agree(rand.Int(), 5, true)
}

// churn has clients start commands while servers crash and links fail. What a
// client saw committed must be there in the end.
func churn(t *testing.T, unreliable bool) {
	c := newCluster(t, 5, unreliable, false)
	var stop atomic.Bool
	var clients sync.WaitGroup
	var mu sync.Mutex
	var seen []int
	for client := range 3 {
		clients.Go(func() {
			for command := client; !stop.Load(); command += 3 {
				index := -1
				for i := range 5 {
					if rf, _ := c.raft(i); rf != nil {
						if at, _, ok := rf.Start(command); ok {
							index = at
						}
					}
				}
				if index < 0 {
					time.Sleep(time.Duration(80+client*20) * time.Millisecond)
					continue
				}
				for _, wait := range []int{100, 200, 400} {
					if v, n := c.committed(index); n > 0 {
						if v == command {
							mu.Lock()
							seen = append(seen, command)
							mu.Unlock()
						}
						break
					}
					time.Sleep(time.Duration(wait) * time.Millisecond)
				}
			}
		})
	}
	for range 28 {
		if rand.Intn(5) == 0 {
			c.disconnect(rand.Intn(5))
		}
		if i := rand.Intn(5); rand.Intn(2) == 0 {
			if rf, _ := c.raft(i); rf == nil {
				c.boot(i)
			}
			c.connect(i)
		}
		if i := rand.Intn(5); rand.Intn(5) == 0 {
			c.crash(i)
		}
		time.Sleep(500 * time.Millisecond)
	}
	time.Sleep(pause)
	c.net.Reliable(true)
	for i := range 5 {
		if rf, _ := c.raft(i); rf == nil {
			c.boot(i)
		}
		c.connect(i)
	}
	stop.Store(true)
	clients.Wait()
	time.Sleep(pause)

	last := c.agree(-1, 5, true)
	have := make(map[any]bool)
	for index := 1; index <= last; index++ {
		command, _ := c.wait(index, 5, 0)
		have[command] = true
	}
	for _, command := range seen {
		if !have[command] {
			t.Errorf("command %d was committed, and is gone", command)
		}
	}
}

func TestReliableChurn3C(t *testing.T)   { churn(t, false) }
func TestUnreliableChurn3C(t *testing.T) { churn(t, true) }
