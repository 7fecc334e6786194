package gobwire

import (
	"errors"
	"reflect"
	"unsafe"
)

// opcode says how a node is written and read.
type opcode uint8

const (
	opBool opcode = iota
	opInt
	opInt8
	opInt16
	opInt32
	opInt64
	opUint
	opUint8
	opUint16
	opUint32
	opUint64
	opUintptr
	opFloat32
	opFloat64
	opComplex64
	opComplex128
	opString
	opBytes
	opSlice
	opArray
	opMap
	opStruct
	opAny       // an interface without methods
	opInterface // an interface with methods
	opPointer
	opExternal // a type that encodes itself
	opCycle    // the way back into a recursive type: elem is the type
)

// basicOps holds the opcodes of the kinds that need nothing but their bits.
var basicOps = [...]opcode{
	reflect.Bool: opBool,
	reflect.Int:  opInt, reflect.Int8: opInt8, reflect.Int16: opInt16, reflect.Int32: opInt32, reflect.Int64: opInt64,
	reflect.Uint: opUint, reflect.Uint8: opUint8, reflect.Uint16: opUint16, reflect.Uint32: opUint32, reflect.Uint64: opUint64,
	reflect.Uintptr: opUintptr, reflect.Float32: opFloat32, reflect.Float64: opFloat64,
	reflect.Complex64: opComplex64, reflect.Complex128: opComplex128,
}

// node is one type in the graph of a plan. Graphs do not change once compiled.
type node struct {
	code opcode
	typ  reflect.Type
	word unsafe.Pointer // of typ
	size uintptr

	key, elem *node
	fields    []field // of a struct, those that are sent; the index is the number on the wire
	entries   *entryPool

	enc     external
	noCall  bool // the encoding method needs a pointer, and the value has no address
	nilCall bool // the method may be called on a nil pointer: it is declared on the pointer
}

// field is one field of a struct.
type field struct {
	code opcode // of node
	off  uintptr
	node *node
}

// compiler builds the graph of one plan.
type compiler struct {
	done map[nodeKey]*node
	open map[nodeKey]bool
	// slow is set when gob would not decode into these types what it encodes from them, so only gob should try.
	slow bool
	// fails is set when a value may turn out to be one that gob refuses.
	fails bool
	// interfaces is set when a value may bring descriptors in its middle.
	interfaces bool
}

// nodeKey: gob can call a method of *T only on values with an address, so a type has up to two nodes.
type nodeKey struct {
	typ         reflect.Type
	addressable bool
}

func (c *compiler) compile(t reflect.Type, addressable bool) (*node, error) {
	key := nodeKey{t, addressable}
	if n := c.done[key]; n != nil {
		if c.open[key] {
			c.fails = true
			return &node{code: opCycle, typ: t, word: typeWord(t), size: t.Size(), elem: n}, nil
		}
		return n, nil
	}
	n := &node{typ: t, word: typeWord(t), size: t.Size()}
	c.done[key] = n
	c.open[key] = true
	err := c.fill(n, addressable)
	delete(c.open, key)
	return n, err
}

func (c *compiler) fill(n *node, addressable bool) (err error) {
	t := n.typ
	ut, err := userTypeOf(t)
	if err != nil {
		return err
	}
	if ut.enc != ut.dec {
		c.slow = true
	}
	if ut.enc != notExternal && ut.encIndir <= 0 {
		c.fails = true
		n.code, n.enc = opExternal, ut.enc
		n.noCall = ut.encIndir < 0 && !addressable
		if t.Kind() == reflect.Pointer {
			methods := gobEncoderType
			if ut.enc == byBinary {
				methods = binaryMarshalerType
			}
			n.nilCall = !t.Elem().Implements(methods)
		}
		if ut.base.Kind() == reflect.Interface || ut.indir > 1 {
			c.slow = true
		}
		return nil
	}
	switch k := t.Kind(); k {
	case reflect.String:
		n.code = opString
	case reflect.Interface:
		c.interfaces, c.fails = true, true
		n.code = opInterface
		if t.NumMethod() == 0 {
			n.code = opAny
		}
	case reflect.Pointer:
		c.fails = true
		n.code = opPointer
		n.elem, err = c.compile(t.Elem(), true)
	case reflect.Slice:
		if isBytes(t) {
			n.code = opBytes
			return nil
		}
		n.code = opSlice
		n.elem, err = c.compile(t.Elem(), true)
	case reflect.Array:
		n.code = opArray
		n.elem, err = c.compile(t.Elem(), addressable)
	case reflect.Map:
		n.code = opMap
		n.entries = newEntryPool(t)
		if n.key, err = c.compile(t.Key(), false); err == nil {
			n.elem, err = c.compile(t.Elem(), false)
		}
	case reflect.Struct:
		n.code = opStruct
		return c.fillStruct(n, addressable)
	default:
		if int(k) >= len(basicOps) {
			return errors.New("gob: can't handle type " + t.String())
		}
		n.code = basicOps[k]
	}
	return err
}

func (c *compiler) fillStruct(n *node, addressable bool) error {
	for i := range n.typ.NumField() {
		f := n.typ.Field(i)
		if !isSent(&f) {
			continue
		}
		fn, err := c.compile(f.Type, addressable)
		if err != nil {
			return err
		}
		n.fields = append(n.fields, field{node: fn, off: f.Offset})
	}
	if n.typ.NumField() > 0 && len(n.fields) == 0 {
		return errors.New("gob: type " + n.typ.String() + " has no exported fields")
	}
	for i := range n.fields {
		n.fields[i].code = n.fields[i].node.code
	}
	return nil
}
