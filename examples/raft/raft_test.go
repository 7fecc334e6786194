package raft

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// The scenarios from calm to hopeless. Each states all safety properties for the
// whole of the run, and progress for its end.

func TestElection(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 5)
		c.AlwaysSafe()
		w.Eventually("a leader", 3*time.Second, c.HasLeader)
		w.Sleep(3 * time.Second)
		term, _ := c.leader().rf.State()
		w.Sleep(3 * time.Second)
		if later, _ := c.leader().rf.State(); later != term {
			w.Failf("the term went from %d to %d while nothing was wrong", term, later)
		}
		c.EventuallyCommits([]byte("after"), time.Second)
	})
}

// electPartitionHeal is the scenario of BenchmarkSeeds too.
func electPartitionHeal(w *sim.World) {
	c := NewCluster(w, 5)
	c.AlwaysSafe()
	w.Sleep(2 * time.Second)
	c.Propose([]byte("before"))
	w.Sleep(time.Second)
	cutOff, rest := apart(c.victim(w.Rand()), c.Nodes())
	w.Cut(cutOff, rest)
	w.Sleep(500 * time.Millisecond)
	c.Propose([]byte("during"))
	w.Sleep(1500 * time.Millisecond)
	w.HealAll()
	w.Eventually("a leader after healing", 3*time.Second, c.HasLeader)
	c.EventuallyCommits([]byte("after"), 3*time.Second)
	w.Sleep(3 * time.Second)
}

func TestPartition(t *testing.T) { sim.Test(t, electPartitionHeal) }

func TestCrashes(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(n, " servers"), func(t *testing.T) {
			sim.Test(t, func(w *sim.World) {
				c := NewCluster(w, n)
				c.AlwaysSafe()
				c.propose(40*time.Millisecond, 5*time.Second)
				r := w.Rand()
				for range 6 {
					w.Sleep(between(r, 100, 1200))
					down, _ := split(r, c.Nodes())
					for _, n := range down {
						n.Crash()
					}
					w.Sleep(between(r, 0, 500))
					restart(down...)
				}
				c.EventuallyCommits([]byte("after"), 5*time.Second)
			})
		})
	}
}

func TestUnreliable(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 5)
		c.AlwaysSafe()
		c.Net().Reliable(false)
		c.Net().LongReordering(w.Rand().IntN(2) == 0)
		c.Net().LongDelays(true)
		c.propose(30*time.Millisecond, 5*time.Second)
		w.Sleep(5 * time.Second)
		c.Mend()
		c.EventuallyCommits([]byte("after"), 5*time.Second)
	})
}

// A server that was away for long gets a snapshot.
func TestCatchUp(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 3)
		c.AlwaysSafe()
		w.Sleep(time.Second)
		away := w.Rand().IntN(3)
		one, others := apart(c.Nodes()[away], c.Nodes())
		if w.Seed()%2 == 0 {
			w.Cut(one, others)
		} else {
			one[0].Crash()
		}
		c.propose(20*time.Millisecond, 2*time.Second)
		w.Sleep(2 * time.Second)
		w.HealAll()
		restart(one...)
		w.Sleep(time.Second)
		w.Sometimes("the server came back by a snapshot", c.servers[away].rf.log.base > 0)
		c.EventuallyCommits([]byte("after"), 2*time.Second)
	})
}

// Leaders that are lost soon after they have taken a command, when only some of the
// others have it, and that come back: the way to the situation of Figure 8, in which
// an entry of an old term is on a majority and yet may be overwritten.
func TestFigure8(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 5)
		c.AlwaysSafe()
		r := w.Rand()
		c.Net().LongReordering(r.IntN(2) == 0)
		var lost []func() // what brings each lost server back
		for i := 0; w.Elapsed() < 15*time.Second; i++ {
			l := c.Leader()
			if l == nil || r.IntN(20) == 0 {
				w.Sleep(between(r, 0, 100))
			} else {
				one, others := apart(l, c.Nodes())
				deaf, _ := split(r, others)
				c.oneWay(one, deaf, (*sim.Link).Cut)
				if r.IntN(3) > 0 {
					c.Propose(fmt.Appendf(nil, "command %d", i))
				}
				w.Sleep(between(r, 0, 150))
				if r.IntN(2) == 0 {
					l.Crash()
					lost = append(lost, func() { restart(l); w.Heal(one, others) })
				} else {
					w.Cut(one, others)
					lost = append(lost, func() { w.Heal(one, others) })
				}
			}
			if len(lost) > 2 || len(lost) > 0 && r.IntN(8) == 0 {
				k := r.IntN(len(lost))
				lost[k]()
				lost = slices.Delete(lost, k, k+1)
			}
		}
		c.Mend()
		c.EventuallyCommits([]byte("after"), 5*time.Second)
	})
}

func TestChaos(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 3+2*w.Rand().IntN(2))
		c.AlwaysSafe()
		c.propose(25*time.Millisecond, 10*time.Second)
		c.Chaos(10 * time.Second)
		w.Eventually("a leader after healing", 5*time.Second, c.HasLeader)
		c.EventuallyCommits([]byte("after"), 5*time.Second)
		w.Sleep(time.Second)
	})
}

// The scenario of the zoo, with a Raft that has no bug.
func TestUnderChaos(t *testing.T) {
	sim.Test(t, func(w *sim.World) { UnderChaos(w, "") })
}

// Disks that fail all the time, and servers that crash often: what was promised is
// kept. States have more than one sector here, so that a write can be torn.
func TestFailingDisks(t *testing.T) {
	rare, often := fault.Durations{Min: 200 * time.Millisecond, Max: time.Second}, fault.Durations{Min: time.Second, Max: 5 * time.Second}
	plan := fault.Mix{Name: "failing disks", Rules: []fault.Rule{
		{Kind: fault.Crash, Rate: 400, For: rare},
		{Kind: fault.SlowDisk, Rate: 200, Delay: fault.Durations{Min: time.Millisecond, Max: 50 * time.Millisecond}, For: often},
		{Kind: fault.Torn, Rate: 200, For: often},
		{Kind: fault.Unsynced, Rate: 100, PPM: fault.Range{Min: 100_000, Max: 900_000}, For: often},
		{Kind: fault.SyncFail, Rate: 50, PPM: fault.Range{Min: 10_000, Max: 300_000}, For: often},
		{Kind: fault.NoSpace, Rate: 20, Bytes: fault.Range{Min: 0, Max: 2000}, For: rare},
		{Kind: fault.Corrupt, Rate: 100, PPM: fault.Range{Min: 100_000, Max: 900_000}, For: often},
	}}
	sim.Test(t, func(w *sim.World) {
		c := NewCluster(w, 3)
		c.AlwaysSafe()
		const horizon = 10 * time.Second
		w.Inject(plan, horizon)
		think := sim.Durations{Min: 20 * time.Millisecond, Max: 300 * time.Millisecond}
		w.Go("commands", func() {
			for step := range w.Steps("commands", 40, think) {
				c.Propose(fmt.Appendf(nil, "command %d of %0300d bytes", step.N, 0))
			}
		})
		w.Sleep(horizon - horizon/5)
		c.EventuallyCommits([]byte("after"), 5*time.Second)
		w.Sleep(horizon / 5)
	})
}

// propose starts a task that proposes new commands for a while.
func (c *Cluster) propose(every, during time.Duration) {
	end := c.w.Elapsed() + during
	c.w.Go("proposals", func() {
		for i := 0; c.w.Elapsed() < end; i++ {
			c.Propose(fmt.Appendf(nil, "command %d", i))
			c.w.Sleep(every)
		}
	})
}
