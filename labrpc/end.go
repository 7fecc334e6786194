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
	net        *Network
	endname    any
	servername any
	enabled    bool
	id         keyed.Key
	calls      []uint64 // so far, by kind of message
	fcall      Fcall    // see SetCall

	// The links between the caller's node and the server's, as last used.
	out, back *sim.Link
}

// endID is what chance is keyed by for the calls of an end. An end that is made
// again under its old name by a later incarnation of a node draws anew.
func endID(endname any, made uint64, node *sim.Node) keyed.Key {
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
	return id.Str(node.Name()).With(uint64(node.Boot()))
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
	t := rn.w.Scheduler().Caller("ClientEnd.Call")
	c := rn.newCall(e, svcMeth)
	var err error
	if c.req.args, err = labgob.Marshal(c.req.args[:0], args); err != nil {
		rn.fail(fmt.Errorf("%s: its arguments (%T) cannot be encoded: %w", svcMeth, args, err))
	}
	c.req.argsType = reflect.TypeOf(args)
	if !rn.carry(c, t) {
		c.drop()
		return false
	}
	if err := labgob.Unmarshal(c.rep.reply, reply); err != nil {
		rn.fail(fmt.Errorf("%s: its reply cannot be decoded into %T: %w", svcMeth, reply, err))
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
