package commit

import (
	"fmt"
	"time"

	"samerun/labrpc"
	"samerun/sim"
	"samerun/sim/fault"
)

// cluster is a coordinator, on node c, and participants, on nodes p0, p1 and so on.
type cluster struct {
	w            *sim.World
	net          *labrpc.Network
	node         *sim.Node
	coordinator  *Coordinator // nil while its node is down
	nodes        []*sim.Node
	participants []*Participant // nil while theirs is down
	watch        *watch
	bug          Bug
}

// newCluster makes the nodes, and boots them.
func newCluster(w *sim.World, n int, bug Bug) *cluster {
	c := makeCluster(w, n, bug)
	c.node.Start(c.bootCoordinator)
	for i, node := range c.nodes {
		node.Start(func() { c.bootParticipant(i) })
	}
	return c
}

// makeCluster makes the nodes.
func makeCluster(w *sim.World, n int, bug Bug) *cluster {
	if err := bug.check(); err != nil {
		w.Fail(err)
	}
	c := &cluster{w: w, net: labrpc.NewNetwork(w), node: w.Node("c"), participants: make([]*Participant, n), watch: newWatch(n), bug: bug}
	for i := range n {
		c.nodes = append(c.nodes, w.Node(fmt.Sprint("p", i)))
	}
	return c
}

func (c *cluster) bootCoordinator() {
	x := &Coordinator{w: c.w, journal: open(c.w, c.node), counting: map[int]bool{}, watch: c.watch, bug: c.bug}
	c.watch.booted(len(c.nodes), x.journal)
	for _, node := range c.nodes {
		x.participants = append(x.participants, c.end(c.node, node))
	}
	c.serve("c", x)
	c.coordinator = x
	c.node.OnDown(func() { c.coordinator = nil })
}

func (c *cluster) bootParticipant(i int) {
	node := c.nodes[i]
	p := &Participant{
		w: c.w, index: i, journal: open(c.w, node), coordinator: c.end(node, c.node), watch: c.watch, bug: c.bug, since: map[int]time.Duration{},
	}
	for _, r := range p.journal.known {
		if state(r.State) == prepared {
			p.since[r.ID] = c.w.Elapsed()
		}
	}
	c.watch.booted(i, p.journal)
	c.serve(node.Name(), p)
	c.participants[i] = p
	node.OnDown(func() { c.participants[i] = nil })
	c.w.Go("ask", p.ask)
}

// serve puts a handler on the network, on the node whose task calls.
func (c *cluster) serve(name string, handler any) {
	srv := labrpc.MakeServer()
	srv.AddService(labrpc.MakeService(handler))
	c.net.AddServer(name, srv)
}

// end returns a new client end for a boot of a node.
func (c *cluster) end(from, to *sim.Node) *labrpc.ClientEnd {
	name := fmt.Sprintf("%v boot %d to %v", from, from.Boot(), to)
	end := c.net.MakeEnd(name)
	c.net.Connect(name, to.Name())
	c.net.Enable(name, true)
	return end
}

// settled says whether everybody is up and nobody is in doubt.
func (c *cluster) settled() bool {
	if c.coordinator == nil || len(c.coordinator.counting) > 0 {
		return false
	}
	for _, p := range c.participants {
		if p == nil {
			return false
		}
		for _, r := range p.journal.known {
			if state(r.State) == prepared {
				return false
			}
		}
	}
	return true
}

// UnderChaos is Under with the preset fault.Chaos.
func UnderChaos(w *sim.World, bug Bug) { Under(w, fault.Chaos(), bug) }

// Under is the scenario in which the bugs of this package are found, and a correct
// two-phase commit is not: transactions all the time, while the nodes suffer what the
// plan has, and peace in the end. bug may be "" for none. The plan must fall quiet
// after four fifths of its time, as all presets do.
func Under(w *sim.World, plan fault.Plan, bug Bug) {
	c := newCluster(w, w.Size("participants", 2, 4), bug)
	c.watch.state(w)
	horizon := w.Horizon(10 * time.Second)
	w.Inject(plan, horizon)
	w.Go("transactions", func() {
		for step := range w.Steps("transactions", 30, sim.Durations{Min: 20 * time.Millisecond, Max: 500 * time.Millisecond}) {
			tx := Tx{ID: step.N}
			r := step.Rand()
			for i := range c.nodes {
				if r.IntN(8) == 0 {
					tx.Refused |= 1 << i
				}
			}
			if x := c.coordinator; x != nil {
				c.node.Go("begin", func() { x.begin(tx) })
			}
		}
	})
	w.Sleep(horizon - horizon/5) // the plan has no faults from here on
	w.Eventually("nobody is in doubt after the faults", 5*time.Second, c.settled)
	w.Sleep(horizon / 5)
}
