package labrpc

import (
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
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
// message in flight, each running handler, a pending look; looking says that a
// look is pending.
type call struct {
	net  *Network
	end  *ClientEnd
	req  reqMsg
	rep  replyMsg
	key  keyed.Key
	from *sim.Node
	refs int

	// The snapshot of rule 3.
	server         *Server
	servername     any
	unreliable     bool
	longReordering bool

	began      time.Duration // when its handler started
	serving    bool          // linked in Network.serving
	looking    bool
	prev, next *call
}

func (rn *Network) newCall(e *ClientEnd, svcMeth string) *call {
	c := rn.spare
	if c == nil {
		c = new(call)
	} else {
		rn.spare = c.next
		*c = call{req: reqMsg{args: c.req.args[:0]}, rep: replyMsg{reply: c.rep.reply[:0]}}
	}
	c.net, c.end, c.refs = rn, e, 1
	c.req.endname, c.req.svcMeth = e.endname, svcMeth
	c.req.Kind = rn.w.Kind(svcMeth)
	return c
}

// drop gives up one reference.
func (c *call) drop() {
	c.refs--
	if c.refs == 0 {
		c.next, c.net.spare = c.net.spare, c
	}
}

// String says in a deadlock report which call a task waits for.
func (c *call) String() string { return c.req.svcMeth }

// process takes the snapshot, decides the call's luck, and sends it (3 to 6).
func (rn *Network) process(c *call) {
	e := c.end
	c.unreliable, c.longReordering = rn.unreliable, rn.longReordering
	c.from = rn.w.Here()
	kind := int(c.req.Kind)
	for len(e.calls) <= kind {
		e.calls = append(e.calls, 0)
	}
	e.calls[kind]++
	c.key = e.id.Str(c.req.svcMeth).With(e.calls[kind])
	if rn.ends[e.endname] == e && e.enabled {
		c.servername, c.server = e.servername, rn.servers[e.servername]
	}
	if c.server == nil {
		c.unreachable()
		return
	}
	e.route(c)
	m := &c.req.Message
	m.Size, m.Key, m.Reply = len(c.req.args), c.key, false
	m.Hash = hashOf(c.req.args)
	var delay time.Duration
	if c.unreliable {
		delay = c.shortDelay()
		m.Lost = c.chance(drawRequestLost, lossPPM)
	}
	c.refs++
	e.out.Send(m, delay, (*request)(c))
}

// route finds the links between the caller's node and the server's.
func (e *ClientEnd) route(c *call) {
	if e.out == nil || e.out.From() != c.from || e.out.To() != c.server.node {
		w := e.net.w
		e.out, e.back = w.Link(c.from, c.server.node), w.Link(c.server.node, c.from)
	}
}

// unreachable lets the call fail after a while, in which nothing can help it (5).
func (c *call) unreachable() {
	c.refs++
	c.net.w.Scheduler().Clock().After(c.failDelay(), c.tie(drawFailTie), clock.Func(func() {
		c.finish(false)
		c.drop()
	}))
}

// request is a call as the receiver of its own request.
type request call

// Deliver is called when the request has reached the server's node.
func (r *request) Deliver(m *sim.Message) {
	c := (*call)(r)
	again := m.Copies > 0 // another copy is to come: this one is the first
	if !c.server.alive() {
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
	if m.Lost {
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
	rn := c.net
	first := c.began == 0
	c.refs++
	c.server.count++
	id := c.key.With(drawHandler)
	if !first {
		// The link delivered the request twice: it is executed twice. The answer
		// of the second execution is thrown away.
		id = id.With(1)
		c.server.node.Spawn(c.req.svcMeth, id, func() {
			c.server.dispatch(rn, &c.req, nil)
			c.drop()
		})
		return
	}
	c.began = rn.w.Elapsed() + 1 // never 0
	c.link()
	if c.dead() {
		c.lookLater()
	}
	c.server.node.Spawn(c.req.svcMeth, id, func() {
		c.answer(c.server.dispatch(rn, &c.req, &c.rep))
		c.drop()
	})
}

// dead is what a look finds out: the end is disabled, or its server is not the
// one under that name any more. That the end was connected elsewhere is not seen.
func (c *call) dead() bool {
	return c.net.ends[c.end.endname] != c.end || !c.end.enabled || c.net.servers[c.servername] != c.server
}

// answer is called when the handler has returned (10 to 12), whether with a
// reply or, which only a SetDispatch can, without.
func (c *call) answer(replied bool) {
	c.unlink()
	if c.req.replyCh.full {
		return // the caller was told false at a look
	}
	if !replied || c.dead() {
		c.finish(false)
		return
	}
	m := &c.rep.Message
	m.Kind, m.Reply, m.Size, m.Key = c.req.Kind, true, len(c.rep.reply), c.key.With(drawReply)
	m.Hash = hashOf(c.rep.reply)
	var delay time.Duration
	switch {
	case c.unreliable && c.chance(drawReplyLost, lossPPM):
		m.Lost = true
	case c.longReordering:
		delay = c.reorderDelay()
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
	case m.Lost:
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
