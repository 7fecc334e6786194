package gobwire

import (
	"reflect"
	"unsafe"
)

// maxName is the longest name of a type that gob accepts.
const maxName = 1024

// iface reads an interface value: the registered name of the type, descriptors, id, length, value.
func (d *decoder) iface(b []byte, n *node, at unsafe.Pointer) []byte {
	size, b := readUint(b)
	if size > uint64(len(b)) || size > maxName {
		panic(errSlow)
	}
	name, b := b[:size], b[size:]
	if size == 0 {
		reflect.NewAt(n.typ, at).Elem().SetZero()
		return b
	}
	t := names.typeOf(name)
	if t == nil {
		panic(errSlow)
	}
	p := planOfType(t)
	if p.err != nil || p.slow {
		panic(errSlow)
	}
	d.down()
	id := p.first.id
	if !p.basic {
		g := d.state.edge(p)
		if g.err != nil {
			panic(errSlow)
		}
		b = d.describe(b, g, true)
		id = g.id
	}
	b = d.expect(b, id)
	_, b = readUint(b) // the length of the value serves those who skip it
	variable := newValue(p.word)
	q := variable
	for target := t; target.Kind() == reflect.Pointer; {
		target = target.Elem()
		*(*unsafe.Pointer)(q) = newValue(typeWord(target))
		q = *(*unsafe.Pointer)(q)
	}
	b = d.top(b, p.node, q)
	d.depth--
	if n.code == opInterface {
		if !t.Implements(n.typ) {
			panic(errSlow)
		}
		reflect.NewAt(n.typ, at).Elem().Set(reflect.NewAt(t, variable).Elem())
		return b
	}
	data := variable
	if p.direct {
		data = *(*unsafe.Pointer)(data)
	}
	// The variable is new and nobody else's, so the interface value can point to it without a copy.
	*(*eface)(at) = eface{p.word, data}
	return b
}
