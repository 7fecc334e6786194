package labrpc

import (
	"fmt"
	"slices"
	"strings"

	"samerun/sim"
)

// Server is a collection of services that share one name on the network. Make
// one with MakeServer. Network.AddServer places it on a node.
type Server struct {
	services map[string]*Service
	count    int
	node     *sim.Node
	boot     int       // incarnation of node in which it was added
	fdisp    Fdispatch // see SetDispatch
}

// MakeServer returns a server without services.
func MakeServer() *Server { return &Server{services: map[string]*Service{}} }

// AddService adds a service, in place of any other of its name.
func (rs *Server) AddService(svc *Service) { rs.services[svc.name] = svc }

// GetCount returns how many requests this server has been given. One that is
// made anew after a crash begins at 0.
func (rs *Server) GetCount() int { return rs.count }

// alive says whether the incarnation of the node to which the server belongs runs.
func (rs *Server) alive() bool { return rs.node.Up() && rs.node.Boot() == rs.boot }

// dispatch runs the handler of a request and encodes its reply into rep; a nil
// rep throws the reply away. It answers whether there is one. It runs as a task
// on the server's node.
func (rs *Server) dispatch(rn *Network, req *reqMsg, rep *replyMsg) bool {
	var spare replyMsg
	if rep == nil {
		rep = &spare
	}
	if rs.fdisp != nil {
		out, ok := rs.fdisp(req.svcMeth, req.args)
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
	dot := strings.LastIndexByte(svcMeth, '.')
	if dot < 0 {
		return nil, fmt.Errorf("labrpc: Call(%q): a method is written \"Service.Method\"", svcMeth)
	}
	svc := rs.services[svcMeth[:dot]]
	if svc == nil {
		return nil, fmt.Errorf("labrpc: Call(%q): the server on %v has no service %q; it has %s",
			svcMeth, rs.node, svcMeth[:dot], choices(rs.services))
	}
	m := svc.methods[svcMeth[dot+1:]]
	if m == nil {
		return nil, fmt.Errorf("labrpc: Call(%q): service %s has no handler %q; it has %s. A handler is exported, takes two arguments, the second a pointer, and returns nothing",
			svcMeth, svc.name, svcMeth[dot+1:], choices(svc.methods))
	}
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
