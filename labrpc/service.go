package labrpc

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"samerun/labrpc/labgob"
)

// Service is an object whose methods can be called by name. Make one with
// MakeService.
type Service struct {
	name     string
	rcvr     reflect.Value
	handlers map[string]*handler // of its type
}

// MakeService makes a service of an object, under the bare name of its type. Its
// handlers are the exported methods with two parameters, the second a pointer,
// and no results; others are left alone.
func MakeService(rcvr any) *Service {
	v := reflect.ValueOf(rcvr)
	if !v.IsValid() {
		panic("labrpc.MakeService was given nil; it needs the object whose methods are the handlers")
	}
	bare := v.Type()
	if bare.Kind() == reflect.Pointer {
		bare = bare.Elem()
	}
	return &Service{name: bare.Name(), rcvr: v, handlers: handlersOf(v.Type())}
}

// handlers remembers the handlers of each type: finding them by reflection takes
// longer than a call, and each world makes its services anew.
//
//samerun:allow global: a memo of what the types say
var handlers sync.Map // from reflect.Type to map[string]*handler

func handlersOf(t reflect.Type) map[string]*handler {
	if found, ok := handlers.Load(t); ok {
		return found.(map[string]*handler)
	}
	found := map[string]*handler{}
	for i := range t.NumMethod() {
		m := t.Method(i)
		if f := m.Type; f.NumIn() == 3 && f.In(2).Kind() == reflect.Pointer && f.NumOut() == 0 && !f.IsVariadic() {
			found[m.Name] = newHandler(m)
		}
	}
	handlers.Store(t, found)
	return found
}

// method is one handler of one service.
type method struct {
	*handler
	rcvr reflect.Value
}

// handler is what the type says of one handler.
type handler struct {
	fn    reflect.Value
	args  reflect.Type // of the first parameter
	reply reflect.Type // what the second points to
	// direct is fn for the usual case, a pointer receiver and a pointer as first
	// parameter; nil otherwise. See pointerFunc.
	direct func(rcvr, args, reply unsafe.Pointer)
}

func newHandler(m reflect.Method) *handler {
	x := &handler{fn: m.Func, args: m.Type.In(1), reply: m.Type.In(2).Elem()}
	if m.Type.In(0).Kind() == reflect.Pointer && x.args.Kind() == reflect.Pointer {
		x.direct = pointerFunc(m.Func)
	}
	return x
}

// pointerFunc returns a function of three pointers as just that. All pointers are
// passed alike, whatever they point to, so that the call is the same; and it
// takes 2 ns where reflect.Value.Call takes 200 and three allocations.
func pointerFunc(fn reflect.Value) func(rcvr, args, reply unsafe.Pointer) {
	code := fn.UnsafePointer()
	closure := &code // what a func value points to begins with its code
	return *(*func(rcvr, args, reply unsafe.Pointer))(unsafe.Pointer(&closure))
}

// call decodes the arguments afresh, runs the handler with a fresh zero reply,
// and appends that, encoded, to out.
func (m *method) call(req *reqMsg, out []byte) ([]byte, error) {
	// Forward passes arguments on without knowing their type.
	if req.argsType != m.args && req.argsType != nil {
		return out, fmt.Errorf("labrpc: Call(%q) was given %v; the handler takes %v", req.svcMeth, req.argsType, m.args)
	}
	reply := reflect.New(m.reply)
	var err error
	if m.direct != nil {
		args := reflect.New(m.args.Elem())
		if err = labgob.Unmarshal(req.args, args.Interface()); err == nil {
			m.direct(m.rcvr.UnsafePointer(), args.UnsafePointer(), reply.UnsafePointer())
		}
	} else {
		args := reflect.New(m.args)
		if err = labgob.Unmarshal(req.args, args.Interface()); err == nil {
			m.fn.Call([]reflect.Value{m.rcvr, args.Elem(), reply})
		}
	}
	if err != nil {
		return out, fmt.Errorf("labrpc: the arguments of %s cannot be decoded into %v: %w", req.svcMeth, m.args, err)
	}
	if out, err = labgob.Marshal(out, reply.Interface()); err != nil {
		return out, fmt.Errorf("labrpc: the reply of %s (%v) cannot be encoded: %w", req.svcMeth, m.reply, err)
	}
	return out, nil
}
