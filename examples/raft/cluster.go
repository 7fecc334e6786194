package raft

import (
	"bytes"
	"strconv"
	"time"

	"samerun/labrpc"
	"samerun/sim"
)

// Cluster is a cluster of Raft servers, one on each of the nodes n0, n1, … of a
// world, seen from outside: it boots them, proposes commands, and watches what
// must hold. Make one with NewCluster or NewServiceCluster.
type Cluster struct {
	w       *sim.World
	net     *labrpc.Network
	build   Builder
	bug     Bug
	servers []*server
	history history
}

// server is one place in the cluster. Crashes and boots leave it where it is.
type server struct {
	node *sim.Node
	ends []*labrpc.ClientEnd // to the others, by their number
	rf   *Raft               // the present boot's; nil while the node is down
}

// Builder makes what runs on top of one server: its state machine, and whatever
// else it adds to the labrpc server, under which the node is known on the network
// by its number. It is called at each boot, by a task of the node.
type Builder func(rf *Raft, on *labrpc.Server) StateMachine

// NewCluster starts n servers that replicate commands without a meaning.
func NewCluster(w *sim.World, n int) *Cluster { return NewBuggyCluster(w, n, "") }

// NewBuggyCluster is NewCluster with a bug planted in each server.
func NewBuggyCluster(w *sim.World, n int, bug Bug) *Cluster {
	return newCluster(w, n, bug, func(*Raft, *labrpc.Server) StateMachine { return new(chain) })
}

// NewServiceCluster starts n servers that replicate what build makes. The safety
// properties of the paper are watched from the start; AlwaysSafe states them.
func NewServiceCluster(w *sim.World, n int, build Builder) *Cluster {
	return newCluster(w, n, "", build)
}

func newCluster(w *sim.World, n int, bug Bug, build Builder) *Cluster {
	if err := bug.check(); err != nil {
		w.Fail(err)
	}
	c := &Cluster{w: w, net: labrpc.NewNetwork(w), build: build, bug: bug, servers: make([]*server, n)}
	for i := range c.servers {
		c.servers[i] = &server{node: w.Node("n" + strconv.Itoa(i)), ends: make([]*labrpc.ClientEnd, n)}
	}
	for i, s := range c.servers {
		for peer, to := range c.servers {
			if peer != i {
				s.ends[peer] = c.End(s.node.Name()+" to "+to.node.Name(), peer)
			}
		}
	}
	c.history.init(n)
	for i, s := range c.servers {
		s.node.Start(func() { c.boot(i) })
	}
	return c
}

// boot runs on node i whenever it is switched on.
func (c *Cluster) boot(i int) {
	s := c.servers[i]
	rf := newRaft(c.w, s.node, i, s.ends, c.look, c.bug)
	on := labrpc.MakeServer()
	machine := c.build(rf, on)
	on.AddService(labrpc.MakeService(rf))
	rf.start(&witness{c: c, server: i, machine: machine})
	c.net.AddServer(i, on)
	s.rf = rf
	s.node.OnDown(func() { s.rf = nil })
	s.node.Dump(rf.dump)
}

// End returns a new client end, connected to server i. The name must be new.
func (c *Cluster) End(name string, i int) *labrpc.ClientEnd {
	end := c.net.MakeEnd(name)
	c.net.Connect(name, i)
	c.net.Enable(name, true)
	return end
}

// Net returns the network on which the servers call each other.
func (c *Cluster) Net() *labrpc.Network { return c.net }

// Nodes returns the nodes of the servers, in order.
func (c *Cluster) Nodes() []*sim.Node {
	nodes := make([]*sim.Node, len(c.servers))
	for i, s := range c.servers {
		nodes[i] = s.node
	}
	return nodes
}

// Leader returns the node of the leader of the highest term that any running
// server leads, nil if none does.
func (c *Cluster) Leader() *sim.Node {
	if s := c.leader(); s != nil {
		return s.node
	}
	return nil
}

func (c *Cluster) leader() *server {
	var best *server
	for _, s := range c.servers {
		if s.rf != nil && s.rf.role == leader && (best == nil || s.rf.currentTerm > best.rf.currentTerm) {
			best = s
		}
	}
	return best
}

// HasLeader says whether there is a leader that a majority follows: servers,
// itself included, that run and are in its term.
func (c *Cluster) HasLeader() bool {
	l := c.leader()
	if l == nil {
		return false
	}
	n := 0
	for _, s := range c.servers {
		if s.rf != nil && s.rf.currentTerm == l.rf.currentTerm {
			n++
		}
	}
	return n >= l.rf.majority()
}

// Propose hands a command to every server that believes it leads, in tasks of
// their nodes. It may be lost, and it may be committed more than once.
func (c *Cluster) Propose(command []byte) {
	for _, s := range c.servers {
		if rf := s.rf; rf != nil && rf.role == leader {
			s.node.Go("propose", func() { rf.Start(command) })
		}
	}
}

// EventuallyCommits states that a command, proposed from now on, is applied by every
// server within d of virtual time. It must be one that was not proposed before. This is
// for after the faults: all servers must run by then, and a majority must reach each
// other.
func (c *Cluster) EventuallyCommits(command []byte, d time.Duration) {
	from := len(c.history.applied)
	done := func() bool { return c.everybodyApplied(command, from) }
	c.w.Go("probe", func() {
		for !done() {
			c.Propose(command)
			c.w.Sleep(electionTimeoutMin)
		}
	})
	c.w.Eventually("every server applies a new command", d, done)
}

// everybodyApplied says whether all servers run and have applied the command at an
// index above from.
func (c *Cluster) everybodyApplied(command []byte, from int) bool {
	least := len(c.history.applied)
	for _, s := range c.servers {
		if s.rf == nil {
			return false
		}
		least = min(least, s.rf.lastApplied)
	}
	for i := from; i < least; i++ {
		if bytes.Equal(c.history.applied[i], command) {
			return true
		}
	}
	return false
}
