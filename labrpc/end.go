package labrpc

import (
	"fmt"
	"reflect"

	"samerun/internal/keyed"
	"samerun/labrpc/labgob"
	"samerun/sched"
	"samerun/sim"
)

// ClientEnd is one client's end of a connection to one server. Network.MakeEnd
// makes it. Any number of tasks may call at the same time; there is no order
// among them.
type ClientEnd struct {
	net     *Network
	endname any
	bound   *binding // of the server's name; nil until Connect
	enabled bool
	deleted bool
	id      keyed.Key
	stubs   map[string]*stub
	last    *stub // of the call before: mostly the one wanted next
	fcall   Fcall // see SetCall

	// The links between the caller's node and the server's, as last used.
	out, back *sim.Link
}

// stub is one method as one end calls it: what would otherwise be looked up and
// hashed again in each call.
type stub struct {
	svcMeth string
	kind    sim.Kind
	id      keyed.Key // of the end and the method
	calls   uint64    // so far
}

func (e *ClientEnd) stub(svcMeth string) *stub {
	if s := e.last; s != nil && s.svcMeth == svcMeth {
		return s
	}
	s := e.stubs[svcMeth]
	if s == nil {
		s = &stub{svcMeth: svcMeth, kind: e.net.w.Kind(svcMeth), id: e.id.Str(svcMeth)}
		if e.stubs == nil {
			e.stubs = map[string]*stub{}
		}
		e.stubs[svcMeth] = s
	}
	e.last = s
	return s
}

// reachable says whether the end leads to a server that lives (4).
func (e *ClientEnd) reachable() bool {
	if e.deleted || !e.enabled || e.bound == nil {
		return false
	}
	srv := e.bound.server
	return srv != nil && srv.place.alive()
}

// endID is what chance is keyed by for the calls of an end. made numbers the ends
// of the network, again those of this name. An end that is made again under its
// old name draws anew, be it after DeleteEnd or by a later incarnation of a node.
func endID(endname any, made, again uint64, node *sim.Node) keyed.Key {
	id := keyed.Ident("end")
	switch v := reflect.ValueOf(endname); {
	case !v.IsValid():
		id = id.With(made)
	case v.Kind() == reflect.String:
		id = id.Str(v.String())
	case v.CanInt():
		id = id.With(uint64(v.Int()))
	case v.CanUint():
		id = id.With(v.Uint())
	default:
		id = id.With(made)
	}
	return id.Str(node.Name()).With(uint64(node.Boot())).With(again)
}

// Call sends a request and waits for the reply. svcMeth is "Service.Method".
// args is encoded before anything else; reply must be a pointer, and is
// untouched unless Call returns true. false means that request or reply was
// lost, that the server could not be reached or is gone: the handler may have
// run nevertheless. There is no time-out: a call waits for as long as its
// handler runs on a live server.
//
// It is called from tasks.
func (e *ClientEnd) Call(svcMeth string, args any, reply any) bool {
	if e.fcall != nil {
		return e.fcall(svcMeth, args, reply)
	}
	rn := e.net
	t := rn.caller("ClientEnd.Call")
	if t == nil {
		return false
	}
	if v := reflect.ValueOf(reply); v.Kind() != reflect.Pointer || v.IsNil() {
		rn.fail(fmt.Errorf("labrpc: Call(%q) was given %s for the reply; it needs a pointer to a variable of the type that the handler replies with", svcMeth, describe(v)))
	}
	c := rn.newCall(e, svcMeth)
	var err error
	if c.req.args, err = labgob.Marshal(c.req.args[:0], args); err != nil {
		rn.fail(fmt.Errorf("labrpc: Call(%q): its arguments (%T) cannot be encoded: %w", svcMeth, args, err))
	}
	c.req.argsType = reflect.TypeOf(args)
	if !rn.carry(c, t) {
		c.drop()
		return false
	}
	if err := labgob.Unmarshal(c.rep.reply, reply); err != nil {
		rn.fail(fmt.Errorf("labrpc: Call(%q): its reply cannot be decoded into %T: %w", svcMeth, reply, err))
	}
	c.drop()
	return true
}

// carry accepts a call whose arguments are encoded, and waits until it is done.
func (rn *Network) carry(c *call, t *sched.Task) bool {
	if rn.done {
		return false
	}
	rn.count++
	rn.bytes += int64(len(c.req.args))
	c.req.replyCh.caller = t
	rn.process(c)
	for !c.req.replyCh.full {
		rn.w.Scheduler().Block(t, "ClientEnd.Call", c)
	}
	return c.rep.ok
}

// caller returns the task that calls an operation which waits. Checks, timers'
// functions and other events cannot wait: for them it is nil, and the run fails.
func (rn *Network) caller(op string) *sched.Task {
	s := rn.w.Scheduler()
	t := s.Caller(op)
	if s.Current() == nil {
		rn.fail(fmt.Errorf("labrpc: %s waits for its reply, and was called from an event (a timer's function, a check); start a task there that makes the call", op))
		return nil
	}
	return t
}

// describe says in an error what was given in place of a pointer.
func describe(v reflect.Value) string {
	switch {
	case !v.IsValid():
		return "nil"
	case v.Kind() == reflect.Pointer:
		return "a nil " + v.Type().String()
	}
	return "a value of type " + v.Type().String()
}
