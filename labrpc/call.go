package labrpc

import (
	"time"

	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim"
)

// The life of a call, in events rather than in blocked tasks. Numbers in
// parentheses are the rules of the package documentation.
//
//	Call ─▶ process ──(reachable)──▶ request in flight ─▶ serve ─▶ handler task
//	           │                          │ lost (6)               │ dead at a look (9)
//	      (unreachable, 5)                ▼                        ▼
//	           └──────────────────────▶ finish(false)       answer ─▶ reply in flight ─▶ finish(true)
//	                                                          │ dead (10) or lost (11)
//	                                                          └───────────────▶ finish(false)

// call is one call from Call to its end. Records are used again.
//
// Invariants: refs counts who may still touch the record: the caller, each
// message in flight, each running handler, a pending look or failure; it is in
// Network.serving while handlers > 0; looking says that a look is pending.
type call struct {
	net *worldNet
	end *ClientEnd
	req reqMsg
	rep replyMsg
	key keyed.Key
	luck
	from  *sim.Node
	refs  int
	cause uint64 // of the failure or look to come, for the trace

	// The snapshot of rule 3.
	bound          *binding
	server         *Server
	place          place // of the server
	unreliable     bool
	longReordering bool

	began    time.Duration // when its handler started, plus one; 0 before
	again    uint64        // executions after the first
	handlers int           // that run; more than one if the request came twice
	answered bool          // the first of them has returned
	looking  bool
	run      func() // handle, made once for the record

	prev, next *call
}

func (rn *worldNet) newCall(e *ClientEnd, svcMeth string) *call {
	c := rn.spare
	if c == nil {
		c = new(call)
	} else {
		rn.spare = c.next
		*c = call{run: c.run, req: reqMsg{args: c.req.args[:0]}, rep: replyMsg{reply: c.rep.reply[:0]}}
	}
	c.net, c.end, c.refs = rn, e, 1
	c.req.endname, c.req.svcMeth = e.endname, svcMeth
	rn.live++
	return c
}

// drop gives up one reference.
func (c *call) drop() {
	c.refs--
	if c.refs == 0 {
		c.next, c.net.spare = c.net.spare, c
		c.net.live--
	}
}

// String says in a deadlock report which call a task waits for.
func (c *call) String() string { return c.req.svcMeth }

// process takes the snapshot, decides the call's luck, and sends it (3 to 6).
func (rn *worldNet) process(c *call) {
	e := c.end
	rn.w.Scheduler().Touch(e, sched.ToWrite) // its calls are counted
	c.unreliable, c.longReordering = rn.unreliable, rn.longReordering
	c.from = rn.w.Here()
	stub := e.stub(c.req.svcMeth)
	stub.calls++
	if stub.calls == 1 {
		stub.kind = rn.w.Kind(stub.svcMeth)
	}
	c.req.Kind, c.key = stub.kind, stub.id.With(stub.calls)
	c.luck = luckOf(rn.w.Seed(), c.key, rn.w.Calm())
	if !e.reachable() {
		c.unreachable()
		return
	}
	c.bound, c.server = e.bound, e.bound.server
	c.place = c.server.place
	e.route(c)
	m := &c.req.Message
	m.Size, m.Key, m.Reply = len(c.req.args), c.key.Uint64(), false
	m.Hash = hashOf(c.req.args)
	var delay time.Duration
	if c.unreliable {
		delay = c.shortDelay()
		m.Lost = c.mishap(drawRequestLost, lossPPM)
	}
	c.refs++
	e.out.Send(m, delay, (*request)(c))
}

// route finds the links between the caller's node and the server's.
func (e *ClientEnd) route(c *call) {
	there := c.place.node
	if e.out == nil || e.out.From() != c.from || e.out.To() != there {
		w := c.net.w
		e.out, e.back = w.Link(c.from, there), w.Link(there, c.from)
	}
}

// unreachable lets the call fail after a while, in which nothing can help it (5).
func (c *call) unreachable() {
	c.refs++
	s := c.net.w.Scheduler()
	c.cause = s.Cause()
	s.Clock().After(c.failDelay(c.net.longDelays), c.tie(drawFailTie), (*failure)(c))
}

// failure is a call as the event that ends it in vain.
type failure call

// Fire is called by the clock.
func (f *failure) Fire() {
	c := (*call)(f)
	c.net.w.Scheduler().SetCause(c.cause)
	c.finish(false)
	c.drop()
}

// request is a call as the receiver of its own request.
type request call

// Deliver is called when the request has reached the server's node.
func (r *request) Deliver(m *sim.Message) {
	c := (*call)(r)
	again := m.Copies > 0 // another copy is to come: this one is the first
	if !c.place.alive() {
		// The node was started anew while the request was on its way: nobody
		// there knows the server that it was meant for.
		r.gone(m)
		return
	}
	c.serve()
	if !again {
		c.drop()
	}
}

// Drop is called when a copy of the request will not arrive.
func (r *request) Drop(m *sim.Message, why sim.Fate) {
	c := (*call)(r)
	if m.Lost || c.lostByHand(why) {
		c.finish(false) // (6)
		c.drop()
		return
	}
	r.gone(m)
}

// gone is what the caller makes of silence: unlike the original, a world has
// links that drop messages without a word, and Call has no time-out. So the
// caller learns of it as of a server that it cannot reach.
func (r *request) gone(m *sim.Message) {
	c := (*call)(r)
	if m.Copies == 0 {
		if c.began == 0 && !c.req.replyCh.full {
			c.unreachable()
		}
		c.drop()
	}
}

// serve starts the handler as a task on the server's node (8).
func (c *call) serve() {
	c.refs++
	c.server.count.Add(1)
	c.link()
	if c.began != 0 {
		// The link delivered the request again: it is executed again. The answer
		// of a later execution is thrown away.
		c.again++
		c.place.node.Spawn(c.req.svcMeth, c.key.With(drawHandler).With(c.again).Uint64(), func() {
			c.server.dispatch(c.net.Network, &c.req, nil)
			c.unlink()
			c.drop()
		})
		return
	}
	c.began = c.net.w.Elapsed() + 1 // never 0
	if c.dead() {
		c.lookLater()
	}
	if c.run == nil {
		c.run = c.handle
	}
	c.place.node.Spawn(c.req.svcMeth, c.key.With(drawHandler).Uint64(), c.run)
}

// handle is the task of the handler.
func (c *call) handle() {
	replied := c.server.dispatch(c.net.Network, &c.req, &c.rep)
	c.answered = true
	c.unlink()
	c.answer(replied)
	c.drop()
}

// dead is what a look finds out: the end is disabled, or its server is not the
// one under that name any more. That the end was connected elsewhere is not seen.
func (c *call) dead() bool {
	return !c.end.enabled || c.end.deleted || c.bound.server != c.server || !c.place.alive()
}

// answer sends the reply back (10 to 12), if the handler returned one: only a
// SetDispatch can return none.
func (c *call) answer(replied bool) {
	if c.req.replyCh.full {
		return // the caller was told false at a look
	}
	if !replied || c.dead() {
		c.finish(false)
		return
	}
	m := &c.rep.Message
	m.Kind, m.Reply, m.Size, m.Key = c.req.Kind, true, len(c.rep.reply), c.key.With(drawReply).Uint64()
	m.Hash = hashOf(c.rep.reply)
	var delay time.Duration
	switch {
	case c.unreliable && c.mishap(drawReplyLost, lossPPM):
		m.Lost = true
	case c.longReordering:
		delay = c.reorderDelay()
		m.Late = delay
	}
	c.refs++
	c.end.route(c)
	c.end.back.Send(m, delay, (*response)(c))
}

// response is a call as the receiver of its reply.
type response call

// Deliver is called when the reply has reached the caller's node (13).
func (r *response) Deliver(m *sim.Message) {
	c := (*call)(r)
	if !c.req.replyCh.full {
		c.net.bytes += int64(len(c.rep.reply))
		c.finish(true)
	}
	if m.Copies == 0 {
		c.drop()
	}
}

// Drop is called when a copy of the reply will not arrive.
func (r *response) Drop(m *sim.Message, why sim.Fate) {
	c := (*call)(r)
	if m.Copies > 0 {
		return
	}
	switch {
	case c.req.replyCh.full:
	case m.Lost || c.lostByHand(why):
		c.finish(false) // (11)
	default:
		c.unreachable() // see request.gone
	}
	c.drop()
}

// finish gives the caller its answer, unless it has one.
func (c *call) finish(ok bool) {
	ch := &c.req.replyCh
	if ch.full {
		return
	}
	ch.full, c.rep.ok = true, ok
	c.net.w.Scheduler().Wake(ch.caller)
}

// lostByHand says whether a schedule has lost what chance would lose if the run
// was not calm: the caller learns of it in the same way.
func (c *call) lostByHand(why sim.Fate) bool {
	return why == sim.Lost && c.unreliable && c.calm >= sim.NoMishaps
}

// hashOf is what the digest keeps of a message's contents.
func hashOf(b []byte) uint64 {
	var d keyed.Digest
	d.AddBytes(b)
	return uint64(d)
}
