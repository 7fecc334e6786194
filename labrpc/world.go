package labrpc

import (
	"fmt"

	"samerun/sched"
	"samerun/sim"
)

// worldNet carries calls over the links of a world: as messages of package sim, in
// virtual time, with all of its faults. Nothing is locked, because one task runs at a
// time and none waits inside of an operation.
//
// Invariant: serving links the calls whose handler runs, the youngest first.
type worldNet struct {
	*Network
	w       *sim.World
	watched map[*sim.Node]int // the incarnation whose crash we shall hear of
	serving *call
	spare   *call // free list
	live    int   // records that are not in it
}

// NewNetwork returns an empty network in w. As in the original it is reliable
// until Reliable(false). Its base latency is that of the links of w.
func NewNetwork(w *sim.World) *Network {
	if w == nil {
		panic("labrpc.NewNetwork was given no world; it needs the one that sim.Test or sim.Run hands to the scenario")
	}
	rn := newNetwork()
	rn.by = &worldNet{Network: rn, w: w, watched: map[*sim.Node]int{}}
	return rn
}

// enter and lock tell a search that leaves out equivalent orders that a change of the network,
// or a look at it, has to do with all that others do.
func (rn *worldNet) enter(op string) {
	rn.w.Scheduler().Caller(op)
	rn.lock()
}
func (rn *worldNet) lock()  { rn.w.Scheduler().Touch(nil, sched.ToWrite) }
func (rn *worldNet) leave() {}

// begin takes a record for a task. Checks, timers' functions and other events cannot
// wait.
func (rn *worldNet) begin(op string, e *ClientEnd, svcMeth string) carriage {
	s := rn.w.Scheduler()
	t := s.Caller(op)
	if s.Current() == nil {
		rn.fail(fmt.Errorf("labrpc: %s waits for its reply, and was called from an event (a timer's function, a check); start a task there that makes the call", op))
		return nil
	}
	c := rn.newCall(e, svcMeth)
	c.req.replyCh.caller = t
	return c
}

// carry accepts a call whose arguments are encoded, and waits until it is done.
func (c *call) carry() bool {
	rn := c.net
	if rn.done {
		return false
	}
	rn.count++
	rn.bytes += int64(len(c.req.args))
	rn.process(c)
	for !c.req.replyCh.full {
		rn.w.Scheduler().Block(c.req.replyCh.caller, "ClientEnd.Call", c)
	}
	return c.rep.ok
}

func (c *call) letters() (*reqMsg, *replyMsg) { return &c.req, &c.rep }

func (rn *worldNet) here() (node string, boot int) {
	n := rn.w.Here()
	return n.Name(), n.Boot()
}

// settle puts the server on the node of the caller.
func (rn *worldNet) settle(_ *binding, srv *Server) {
	node := rn.w.Here()
	srv.place = place{node, node.Boot()}
	if node != rn.w.Main() && rn.watched[node] != node.Boot() {
		rn.watched[node] = node.Boot()
		node.OnDown(rn.changed)
	}
}

// fail ends the run. The world adds seed and virtual time. Called from a task it
// does not return.
func (rn *worldNet) fail(err error)  { rn.w.Fail(err) }
func (rn *worldNet) raise(err error) { rn.w.Fail(err) }

// place is one incarnation of a node. The zero place is that of servers in ordinary
// Go, which is always alive.
type place struct {
	node *sim.Node
	boot int
}

// String says in an error where a server is.
func (p place) String() string {
	if p.node == nil {
		return ""
	}
	return " on " + p.node.Name()
}

// alive says whether that incarnation still runs.
func (p place) alive() bool { return p.node == nil || p.node.Boot() == p.boot && p.node.Up() }
