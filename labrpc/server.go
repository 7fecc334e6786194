package labrpc

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"samerun/sim"
)

// Server is a collection of services that share one name on the network. Make
// one with MakeServer. Network.AddServer places it on a node.
//
// Invariant: methods holds what lookup has found in services so far.
type Server struct {
	services map[string]*Service
	methods  map[string]*method
	count    int
	place    place     // where AddServer was called
	fdisp    Fdispatch // see SetDispatch
}

// place is one incarnation of a node.
type place struct {
	node *sim.Node
	boot int
}

// String returns the node's name for errors.
func (p place) String() string {
	if p.node == nil {
		return "no node"
	}
	return p.node.Name()
}

// alive says whether that incarnation still runs.
func (p place) alive() bool { return p.node.Boot() == p.boot && p.node.Up() }

// MakeServer returns a server without services.
func MakeServer() *Server {
	return &Server{services: map[string]*Service{}, methods: map[string]*method{}}
}

// AddService adds a service, in place of any other of its name.
func (rs *Server) AddService(svc *Service) {
	if svc == nil {
		panic("labrpc: Server.AddService was given no service; MakeService makes one of an object")
	}
	rs.services[svc.name] = svc
	clear(rs.methods)
}

// GetCount returns how many requests this server has been given. One that is
// made anew after a crash begins at 0.
func (rs *Server) GetCount() int { return rs.count }

// dispatch runs the handler of a request and encodes its reply into rep; a nil
// rep throws the reply away. It answers whether there is one. It runs as a task
// on the server's node.
func (rs *Server) dispatch(rn *Network, req *reqMsg, rep *replyMsg) bool {
	var spare replyMsg
	if rep == nil {
		rep = &spare
	}
	if rs.fdisp != nil {
		// A copy, because the buffer is used again and f may keep what it gets.
		out, ok := rs.fdisp(req.svcMeth, bytes.Clone(req.args))
		rep.reply = append(rep.reply[:0], out...)
		return ok
	}
	m, err := rs.lookup(req.svcMeth)
	if err == nil {
		rep.reply, err = m.call(req, rep.reply[:0])
	}
	if err != nil {
		rn.fail(err)
	}
	return true
}

// lookup finds the method "Service.Method"; it splits at the last dot.
func (rs *Server) lookup(svcMeth string) (*method, error) {
	if m := rs.methods[svcMeth]; m != nil {
		return m, nil
	}
	dot := strings.LastIndexByte(svcMeth, '.')
	if dot < 0 {
		return nil, fmt.Errorf("labrpc: Call(%q): a method is written \"Service.Method\"", svcMeth)
	}
	svc := rs.services[svcMeth[:dot]]
	if svc == nil {
		return nil, fmt.Errorf("labrpc: Call(%q): the server on %v has no service %q; it has %s",
			svcMeth, rs.place, svcMeth[:dot], choices(rs.services))
	}
	h := svc.handlers[svcMeth[dot+1:]]
	if h == nil {
		return nil, fmt.Errorf("labrpc: Call(%q): service %s has no handler %q; it has %s. A handler is exported, takes two arguments, the second a pointer, and returns nothing",
			svcMeth, svc.name, svcMeth[dot+1:], choices(svc.handlers))
	}
	m := &method{handler: h, rcvr: svc.rcvr}
	rs.methods[svcMeth] = m
	return m, nil
}

// choices lists the names of a map, sorted.
func choices[V any](m map[string]V) string {
	if len(m) == 0 {
		return "none"
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
