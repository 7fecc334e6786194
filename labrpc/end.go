package labrpc

import (
	"fmt"
	"reflect"
	"sync/atomic"

	"samerun/internal/keyed"
	"samerun/labrpc/labgob"
	"samerun/sim"
)

// ClientEnd is one client's end of a connection to one server. Network.MakeEnd
// makes it. Any number of tasks or goroutines may call at the same time; there is no
// order among them.
//
// Invariant: net and fcall may be read at any time, the rest is the network's: it is
// read and written between its enter and its leave.
type ClientEnd struct {
	net     *Network
	fcall   atomic.Pointer[Fcall] // see SetCall
	endname any
	bound   *binding // of the server's name; nil until Connect
	enabled bool
	deleted bool
	id      keyed.Key
	stubs   *stub // a list of few, since an end has few methods, and labs have thousands of ends
	last    *stub // of the call before: mostly the one wanted next

	// The links between the caller's node and the server's, as last used in a world.
	out, back *sim.Link
}

// stub is one method as one end calls it: what would otherwise be looked up and
// hashed again in each call.
type stub struct {
	svcMeth string
	kind    sim.Kind  // in a world
	id      keyed.Key // of the end and the method
	calls   uint64    // so far
	next    *stub
}

func (e *ClientEnd) stub(svcMeth string) *stub {
	if s := e.last; s != nil && s.svcMeth == svcMeth {
		return s
	}
	s := e.stubs
	for s != nil && s.svcMeth != svcMeth {
		s = s.next
	}
	if s == nil {
		s = &stub{svcMeth: svcMeth, id: e.id.Str(svcMeth), next: e.stubs}
		e.stubs = s
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
func endID(endname any, made, again uint64, node string, boot int) keyed.Key {
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
	return id.Str(node).With(uint64(boot)).With(again)
}

// Call sends a request and waits for the reply. svcMeth is "Service.Method".
// args is encoded before anything else; reply must be a pointer, and is
// untouched unless Call returns true. false means that request or reply was
// lost, that the server could not be reached or is gone: the handler may have
// run nevertheless. There is no time-out: a call waits for as long as its
// handler runs on a live server.
//
// In a world it is called from tasks, in ordinary Go from any goroutine.
func (e *ClientEnd) Call(svcMeth string, args any, reply any) bool {
	rn := e.network("ClientEnd.Call")
	if f := e.fcall.Load(); f != nil {
		return (*f)(svcMeth, args, reply)
	}
	c := rn.by.begin("ClientEnd.Call", e, svcMeth)
	if c == nil {
		return false
	}
	if v := reflect.ValueOf(reply); v.Kind() != reflect.Pointer || v.IsNil() {
		rn.fail(fmt.Errorf("labrpc: Call(%q) was given %s for the reply; it needs a pointer to a variable of the type that the handler replies with", svcMeth, describe(v)))
	}
	req, rep := c.letters()
	var err error
	if req.args, err = labgob.Marshal(req.args[:0], args); err != nil {
		rn.raise(fmt.Errorf("labrpc: Call(%q): its arguments (%T) cannot be encoded: %w", svcMeth, args, err))
	}
	req.argsType, rep.replyType = reflect.TypeOf(args), reflect.TypeOf(reply)
	ok := c.carry()
	if ok {
		if err := labgob.Unmarshal(rep.reply, reply); err != nil {
			rn.fail(fmt.Errorf("labrpc: Call(%q): its reply cannot be decoded into %T: %w", svcMeth, reply, err))
		}
	}
	c.drop()
	return ok
}

// network returns the network of the end on which op was called.
func (e *ClientEnd) network(op string) *Network {
	if e == nil || e.net == nil {
		panic("labrpc: " + op + " was called on an end that nobody made; Network.MakeEnd makes one")
	}
	return e.net
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
