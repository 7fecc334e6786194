package raft

import (
	"fmt"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// UnderChaos is Under with the preset fault.Chaos.
func UnderChaos(w *sim.World, bug Bug) { Under(w, fault.Chaos(), bug) }

// Under is the scenario in which the bugs of the zoo are found, and a correct Raft
// is not: a cluster that suffers what the plan has, clients that propose commands
// all the time, all safety properties, and progress when it is quiet again. Nothing
// in it is made for one of the bugs. bug may be "" for none. The plan must fall quiet
// after four fifths of its time, as all presets do.
func Under(w *sim.World, plan fault.Plan, bug Bug) {
	c := NewBuggyCluster(w, w.Size("nodes", 3, 5), bug)
	c.AlwaysSafe()
	w.Role("leader", c.leaders)
	horizon := w.Horizon(10 * time.Second)
	w.Inject(plan, horizon)
	w.Go("commands", c.commands)
	w.Sleep(horizon - horizon/5) // the plan has no faults from here on
	w.Eventually("a leader after the faults", 3*time.Second, c.HasLeader)
	c.EventuallyCommits([]byte("after the faults"), 5*time.Second)
	w.Sleep(horizon / 5)
}

// commands proposes one command after the other.
func (c *Cluster) commands() {
	for step := range c.w.Steps("commands", 30, sim.Durations{Min: 20 * time.Millisecond, Max: 600 * time.Millisecond}) {
		for i := range 1 + step.Rand().IntN(4) {
			c.Propose(fmt.Appendf(nil, "command %d.%d", step.N, i))
		}
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
