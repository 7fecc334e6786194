package labrpc

import (
	"log"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Server is a set of services under one name on the network.
type Server struct {
	mu       sync.Mutex
	services map[string]*Service
	count    int // requests that have reached it
}

// MakeServer returns a server without services.
func MakeServer() *Server {
	return &Server{services: make(map[string]*Service)}
}

// AddService makes the methods of a service callable.
func (s *Server) AddService(svc *Service) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.services[svc.name] = svc
}

// GetCount returns how many requests have reached the server.
func (s *Server) GetCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// dispatch runs the handler of one request, and returns the reply.
func (s *Server) dispatch(method string, request []byte) []byte {
	dot := strings.LastIndex(method, ".")
	if dot < 0 {
		log.Fatalf("labrpc: %q does not name a method; it should look like %q", method, "Service.Method")
	}
	s.mu.Lock()
	s.count++
	svc := s.services[method[:dot]]
	s.mu.Unlock()
	if svc == nil {
		log.Fatalf("labrpc: the server has no service for %s", method)
	}
	return svc.dispatch(method[dot+1:], request)
}

// Service is an object whose methods can be called by clients.
type Service struct {
	name     string
	receiver reflect.Value
	methods  map[string]reflect.Method
}

// MakeService makes a service of an object. Its handlers are the exported methods
// with two parameters, the second a pointer, and no results; its name is that of
// the object's type, such as Raft for a *Raft.
func MakeService(receiver any) *Service {
	svc := &Service{receiver: reflect.ValueOf(receiver), methods: make(map[string]reflect.Method)}
	svc.name = reflect.Indirect(svc.receiver).Type().Name()
	for i, typ := 0, svc.receiver.Type(); i < typ.NumMethod(); i++ {
		m := typ.Method(i)
		// The receiver counts as a parameter.
		if m.Type.NumIn() == 3 && m.Type.In(2).Kind() == reflect.Pointer && m.Type.NumOut() == 0 {
			svc.methods[m.Name] = m
		}
	}
	return svc
}

func (svc *Service) dispatch(name string, request []byte) []byte {
	m, ok := svc.methods[name]
	if !ok {
		log.Fatalf("labrpc: %s has no handler %s; it has %v", svc.name, name, slices.Sorted(maps.Keys(svc.methods)))
	}
	argType := m.Type.In(1)
	args := reflect.New(argType)
	if err := decode(request, args.Interface()); err != nil {
		log.Fatalf("labrpc: the request does not fit the %v of %s.%s: %v", argType, svc.name, name, err)
	}
	reply := reflect.New(m.Type.In(2).Elem())
	m.Func.Call([]reflect.Value{svc.receiver, args.Elem(), reply})
	return encode(reply.Interface())
}
