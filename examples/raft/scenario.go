package raft

import (
	"fmt"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// horizon is how long the scenario of the zoo lasts, faults and quiet together.
const horizon = 8 * time.Second

// UnderChaos is the scenario in which the bugs of the zoo are found, and a correct
// Raft is not: a cluster under the preset fault.Chaos, clients that propose
// commands all the time, all safety properties, and progress when it is quiet
// again. Nothing in it is made for one of the bugs. bug may be "" for none.
func UnderChaos(w *sim.World, bug Bug) {
	c := NewBuggyCluster(w, 3+2*w.Rand().IntN(2), bug)
	c.AlwaysSafe()
	w.Role("leader", c.leaders)
	w.Inject(fault.Chaos(), horizon)
	w.Go("commands", c.commands)
	w.Sleep(horizon - horizon/5) // the preset has no faults from here on
	w.Eventually("a leader after the faults", 3*time.Second, c.HasLeader)
	c.EventuallyCommits([]byte("after the faults"), 5*time.Second)
	w.Sleep(horizon / 5)
}

// commands proposes one command after the other.
func (c *Cluster) commands() {
	r := c.w.Rand()
	for i := range 40 {
		c.Propose(fmt.Appendf(nil, "command %d", i))
		c.w.Sleep(between(r, 20, 300))
	}
}

// leaders returns all servers that believe they lead.
func (c *Cluster) leaders() (all []*sim.Node) {
	for _, s := range c.servers {
		if s.rf != nil && s.rf.role == leader {
			all = append(all, s.node)
		}
	}
	return all
}
