package gobwire

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// plan is all that is known about a type as it stands in an interface value: as an argument of Append or
// Decode, or within an interface that is sent.
type plan struct {
	ut     userType
	node   *node // of the base type
	indir  int   // pointers from the type to node
	direct bool  // an interface value holds values of the type itself, not their address
	word   unsafe.Pointer
	first  *edge // from the empty stream
	basic  bool  // needs no descriptor
	slow   bool  // only encoding/gob should decode it
	fails  bool  // encoding can fail, depending on the value
	err    error // why the type cannot be encoded

	interfaces bool
	name       atomic.Pointer[string] // the registered name, once found
}

//samerun:allow global: a pure memo
var plans Memo[plan]

// planOf returns the plan for the dynamic type of v, which is not nil.
func planOf(v any) *plan {
	if p := plans.Of(v); p != nil {
		return p
	}
	return newPlan(reflect.TypeOf(v))
}

func planOfType(t reflect.Type) *plan {
	if p := plans.OfType(t); p != nil {
		return p
	}
	return newPlan(t)
}

func newPlan(t reflect.Type) *plan {
	p := &plan{word: typeWord(t)}
	// Which types an interface holds directly has changed between releases of Go, so look: the zero value of a type
	// held by address has an address.
	zero := reflect.Zero(t)
	if t.Kind() != reflect.Interface {
		z := zero.Interface()
		p.direct = (*eface)(unsafe.Pointer(&z)).data == nil
	}
	p.build(t)
	return plans.Store(t, p)
}

func (p *plan) build(t reflect.Type) {
	if p.ut, p.err = userTypeOf(t); p.err != nil {
		return
	}
	// The error of the description comes first, as it does in gob.
	p.first = emptyStream.newEdge(p)
	if p.err = p.first.err; p.err != nil {
		return
	}
	p.basic = len(p.first.payloads) == 0
	p.indir = p.ut.indir
	target := t
	for range p.indir {
		target = target.Elem()
	}
	c := compiler{done: map[nodeKey]*node{}, open: map[nodeKey]bool{}}
	p.node, p.err = c.compile(target, p.indir > 0)
	p.slow, p.fails, p.interfaces = c.slow, c.fails, c.interfaces
}

// address returns where the value of p.node is that v, of the plan's type, holds or points to. It is nil behind a nil pointer.
func (p *plan) address(v *any) unsafe.Pointer {
	data := (*eface)(unsafe.Pointer(v)).data
	if p.indir == 0 {
		if p.direct {
			held := new(unsafe.Pointer)
			*held = data
			return unsafe.Pointer(held)
		}
		return data
	}
	for range p.indir - 1 {
		if data == nil {
			return nil
		}
		data = *(*unsafe.Pointer)(data)
	}
	return data
}
