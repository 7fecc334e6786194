package labrpc

import (
	"bytes"
	"log"
	"reflect"
	"strings"
	"sync"

	"course.example/labgob"
)

type Server struct {
	mu       sync.Mutex
	services map[string]*Service
	count    int
}

func MakeServer() *Server { return &Server{services: map[string]*Service{}} }

func (rs *Server) AddService(svc *Service) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.services[svc.name] = svc
}

func (rs *Server) dispatch(req reqMsg) replyMsg {
	rs.mu.Lock()
	rs.count++
	dot := strings.LastIndex(req.svcMeth, ".")
	service := rs.services[req.svcMeth[:dot]]
	rs.mu.Unlock()
	if service == nil {
		log.Fatalf("labrpc: no service for %v", req.svcMeth)
	}
	return service.dispatch(req.svcMeth[dot+1:], req)
}

type Service struct {
	name    string
	rcvr    reflect.Value
	methods map[string]reflect.Method
}

func MakeService(rcvr interface{}) *Service {
	svc := &Service{rcvr: reflect.ValueOf(rcvr), methods: map[string]reflect.Method{}}
	svc.name = reflect.Indirect(svc.rcvr).Type().Name()
	for i, typ := 0, svc.rcvr.Type(); i < typ.NumMethod(); i++ {
		m := typ.Method(i)
		if m.Type.NumIn() == 3 && m.Type.In(2).Kind() == reflect.Ptr && m.Type.NumOut() == 0 {
			svc.methods[m.Name] = m
		}
	}
	return svc
}

func (svc *Service) dispatch(name string, req reqMsg) replyMsg {
	m, is := svc.methods[name]
	if !is {
		log.Fatalf("labrpc: %v has no method %v", svc.name, name)
	}
	args := reflect.New(req.argsType)
	if err := labgob.NewDecoder(bytes.NewBuffer(req.args)).Decode(args.Interface()); err != nil {
		log.Fatalf("labrpc: the arguments of %v: %v", req.svcMeth, err)
	}
	reply := reflect.New(m.Type.In(2).Elem())
	m.Func.Call([]reflect.Value{svc.rcvr, args.Elem(), reply})
	out := new(bytes.Buffer)
	if err := labgob.NewEncoder(out).EncodeValue(reply); err != nil {
		panic(err)
	}
	return replyMsg{true, out.Bytes()}
}
