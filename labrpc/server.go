package labrpc

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"samerun/sched"
	"samerun/sim"
)

// Server is a collection of services that share one name on the network. Make
// one with MakeServer, and add it by Network.AddServer. Any goroutine may use it.
//
// Invariant: a directory that is in dir changes no more. place belongs to the
// network of a world, see worldNet.
type Server struct {
	mu    sync.Mutex // for those who put another directory in the place of dir
	dir   atomic.Pointer[directory]
	count atomic.Int64
	place place // where AddServer was called
}

// directory is who handles the requests of a server.
//
// Invariant: methods has the handlers of all services by what Call names them,
// "Service.Method".
type directory struct {
	services map[string]*Service
	methods  map[string]method
	fdisp    Fdispatch // see SetDispatch
}

// MakeServer returns a server without services.
func MakeServer() *Server {
	rs := new(Server)
	rs.dir.Store(new(directory))
	return rs
}

// AddService adds a service, in place of any other of its name.
func (rs *Server) AddService(svc *Service) {
	if svc == nil {
		panic("labrpc: Server.AddService was given no service; MakeService makes one of an object")
	}
	if svc.handlers == nil {
		panic("labrpc: Server.AddService was given a service that nobody made; MakeService makes one of an object")
	}
	rs.change("Server.AddService", func(d *directory) {
		d.services = maps.Clone(d.services)
		if d.services == nil {
			d.services = map[string]*Service{}
		}
		d.services[svc.name] = svc
		d.methods = map[string]method{}
		for _, svc := range d.services { //samerun:allow maprange: fills a map, in any order the same
			for name, h := range svc.handlers { //samerun:allow maprange: fills a map, in any order the same
				d.methods[svc.name+"."+name] = method{h, svc.rcvr}
			}
		}
	})
}

// change puts a directory in the place of the present one, which is its copy but for
// what edit does to it.
func (rs *Server) change(op string, edit func(*directory)) {
	rs.made(op)
	if w := sim.Current(); w != nil {
		w.Scheduler().Touch(nil, sched.ToWrite)
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	d := *rs.dir.Load()
	edit(&d)
	rs.dir.Store(&d)
}

// made panics if op is called on a server that nobody made.
func (rs *Server) made(op string) {
	if rs == nil || rs.dir.Load() == nil {
		panic("labrpc: " + op + " was called on a server that nobody made; labrpc.MakeServer makes one")
	}
}

// GetCount returns how many requests this server has been given. One that is
// made anew after a crash begins at 0.
func (rs *Server) GetCount() int {
	rs.made("Server.GetCount")
	return int(rs.count.Load())
}

// dispatch runs the handler of a request and encodes its reply into rep; a nil
// rep throws the reply away. It answers whether there is one. It runs as a task
// on the server's node, or as a goroutine.
func (rs *Server) dispatch(rn *Network, req *reqMsg, rep *replyMsg) bool {
	var spare replyMsg
	if rep == nil {
		rep = &spare
	}
	d := rs.dir.Load()
	if d.fdisp != nil {
		// A copy, because the buffer is used again and f may keep what it gets.
		out, ok := d.fdisp(req.svcMeth, bytes.Clone(req.args))
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

// lookup finds the method "Service.Method". The error splits it at the last dot.
func (rs *Server) lookup(svcMeth string) (method, error) {
	d := rs.dir.Load()
	if m, ok := d.methods[svcMeth]; ok {
		return m, nil
	}
	dot := strings.LastIndexByte(svcMeth, '.')
	if dot < 0 {
		return method{}, fmt.Errorf("labrpc: Call(%q): a method is written \"Service.Method\"", svcMeth)
	}
	svc := d.services[svcMeth[:dot]]
	if svc == nil {
		return method{}, fmt.Errorf("labrpc: Call(%q): the server%s has no service %q; it has %s",
			svcMeth, rs.place, svcMeth[:dot], choices(d.services))
	}
	return method{}, fmt.Errorf("labrpc: Call(%q): service %s has no handler %q; it has %s. A handler is exported, takes two arguments, the second a pointer, and returns nothing",
		svcMeth, svc.name, svcMeth[dot+1:], choices(svc.handlers))
}

// choices lists the names of a map, sorted.
func choices[V any](m map[string]V) string {
	if len(m) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}
