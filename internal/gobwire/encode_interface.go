package gobwire

import (
	"reflect"
	"unsafe"
)

// iface appends what an interface holds: the registered name of its type, descriptors that the stream lacks, the id of the type,
// and a message of its own with the value.
//
// Descriptors end the message in the middle of the value: gob sends what it has, and goes on in a new message.
func (e *encoder) iface(b []byte, v any) []byte {
	if v == nil {
		return append(b, 0)
	}
	p := planOf(v)
	if p.ut.user.Kind() == reflect.Pointer && (*eface)(unsafe.Pointer(&v)).data == nil {
		fail("cannot encode nil pointer of type %s inside interface", p.ut.user)
	}
	name := p.name.Load()
	if name == nil {
		if name = names.nameOf(p.ut.base); name == nil {
			name = names.adopt(p.ut, v)
		}
		if name == nil {
			fail("type not registered for interface: %s; call labgob.Register(%s) before it is sent", p.ut.base, exampleOf(p.ut.user))
		}
		p.name.Store(name)
	}
	if p.err != nil {
		panic(wireError{p.err})
	}
	e.down()
	b = appendUint(b, uint64(len(*name)))
	b = append(b, *name...)
	id := p.first.id
	if !p.basic {
		g := e.state.edge(p)
		if g.err != nil {
			panic(wireError{g.err})
		}
		if len(g.payloads) > 0 {
			b = e.end(append(b, g.payloads[0]...))
			b = append(b, g.rest...)
			b = e.begin(b)
			e.state = g.next
		}
		id = g.id
	}
	b = append(b, id...)
	outer := e.start
	b = e.begin(b)
	b = e.top(b, p.node, p.address(&v))
	b = e.end(b)
	e.start = outer
	e.depth--
	return b
}

// exampleOf writes an expression of type t for an error message.
func exampleOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return "&" + exampleOf(t.Elem())
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Map, reflect.Array:
		return t.String() + "{}"
	}
	return t.String() + "(…)"
}
