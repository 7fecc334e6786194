package labrpc

import (
	"fmt"

	"samerun/labrpc/labgob"
)

// The 2026 course runs each peer as a process of its own, and gives ends and
// servers hooks by which calls leave and enter a process. In one process they
// serve to stand in for an end or a server: a proxy, a recorder, a fake.

// Fcall is what Call does instead of using the network: see SetCall.
type Fcall func(svcMeth string, args any, reply any) bool

// SetCall lets f take over all later calls of the end; nil gives them back.
func (e *ClientEnd) SetCall(f Fcall) {
	rn := e.network("ClientEnd.SetCall")
	rn.enter("ClientEnd.SetCall")
	defer rn.leave()
	if f == nil {
		e.fcall.Store(nil)
		return
	}
	e.fcall.Store(&f)
}

// Fdispatch handles a request on encoded arguments and returns the encoded reply.
type Fdispatch func(svcMeth string, args []byte) (reply []byte, ok bool)

// SetDispatch lets f handle all later requests of the server; nil gives them
// back to its services. f runs as a handler does, and may block.
func (rs *Server) SetDispatch(f Fdispatch) {
	rs.change("Server.SetDispatch", func(d *directory) { d.fdisp = f })
}

// Forward carries a request whose arguments are encoded already from the end of
// that name, through the network and its faults, and returns the encoded reply.
// It is Call for those who stand between a client and the network.
func (rn *Network) Forward(endname any, svcMeth string, args []byte) (reply []byte, ok bool) {
	e := rn.LookupEnd(endname)
	if e == nil {
		rn.fail(fmt.Errorf("labrpc: Network.Forward: there is no end named %v; MakeEnd makes one", endname))
		return nil, false
	}
	c := rn.by.begin("Network.Forward", e, svcMeth)
	if c == nil {
		return nil, false
	}
	req, rep := c.letters()
	req.args = append(req.args[:0], args...)
	if ok = c.carry(); ok {
		reply = append([]byte(nil), rep.reply...)
	}
	c.drop()
	return reply, ok
}

// Dispatch runs a handler of the server on encoded arguments, in the calling
// task and without any network, and returns the encoded reply. It counts nothing,
// and goes to the services even if SetDispatch put a function in their place. The
// error says which service, method or encoding is wrong.
func (rs *Server) Dispatch(svcMeth string, args []byte) (reply []byte, err error) {
	rs.made("Server.Dispatch")
	m, err := rs.lookup(svcMeth)
	if err != nil {
		return nil, err
	}
	return m.call(&reqMsg{svcMeth: svcMeth, argsType: m.args, args: args}, nil)
}

// Marshall encodes a value as Call encodes arguments and replies.
func Marshall(v any) ([]byte, error) { return labgob.Marshal(nil, v) }

// Unmarshall decodes what Marshall encoded into the value that v points to.
func Unmarshall(data []byte, v any) error { return labgob.Unmarshal(data, v) }
