//samerun:allow float: a codec carries the numbers of others, and decides nothing by them
package gobwire

import (
	"reflect"
	"unsafe"
)

// omit follows the pointers of a field. It returns nil if the field is left out, else the node and the address of what to
// send, and whether it went the way back into a recursive type.
func (e *encoder) omit(n *node, p unsafe.Pointer) (_ *node, _ unsafe.Pointer, back bool) {
	for {
		switch n.code {
		case opPointer:
			if p = *(*unsafe.Pointer)(p); p == nil {
				return nil, nil, false
			}
		case opCycle:
			back = true
		default:
			if n.isZero(p) {
				return nil, nil, false
			}
			return n, p, back
		}
		n = n.elem
	}
}

// isZero tells whether gob leaves out a field with this value.
func (n *node) isZero(p unsafe.Pointer) bool {
	switch n.code {
	case opBool, opInt8, opUint8:
		return *(*uint8)(p) == 0
	case opInt16, opUint16:
		return *(*uint16)(p) == 0
	case opInt32, opUint32:
		return *(*uint32)(p) == 0
	case opInt64, opUint64:
		return *(*uint64)(p) == 0
	case opInt, opUint, opUintptr:
		return *(*uint)(p) == 0
	case opFloat32:
		return *(*uint32)(p)<<1 == 0 // -0 too
	case opFloat64:
		return zeroFloat(*(*float64)(p))
	case opComplex64:
		c := (*[2]uint32)(p)
		return (c[0]|c[1])<<1 == 0
	case opComplex128:
		c := (*[2]float64)(p)
		return zeroFloat(c[0]) && zeroFloat(c[1])
	case opString:
		return len(*(*string)(p)) == 0
	case opBytes, opSlice:
		return (*sliceHeader)(p).len == 0
	case opMap:
		return *(*unsafe.Pointer)(p) == nil
	case opAny, opInterface:
		return (*eface)(p).typ == nil
	case opExternal:
		n.mayCall()
		return reflect.NewAt(n.typ, p).Elem().IsZero()
	}
	return false // arrays and structs are always sent
}

// value appends a value, zero or not.
func (e *encoder) value(b []byte, n *node, p unsafe.Pointer) []byte {
	switch n.code {
	case opBool:
		return append(b, *(*uint8)(p))
	case opInt:
		return appendInt(b, int64(*(*int)(p)))
	case opInt8:
		return appendInt(b, int64(*(*int8)(p)))
	case opInt16:
		return appendInt(b, int64(*(*int16)(p)))
	case opInt32:
		return appendInt(b, int64(*(*int32)(p)))
	case opInt64:
		return appendInt(b, *(*int64)(p))
	case opUint, opUintptr:
		return appendUint(b, uint64(*(*uint)(p)))
	case opUint8:
		return appendUint(b, uint64(*(*uint8)(p)))
	case opUint16:
		return appendUint(b, uint64(*(*uint16)(p)))
	case opUint32:
		return appendUint(b, uint64(*(*uint32)(p)))
	case opUint64:
		return appendUint(b, *(*uint64)(p))
	case opFloat32:
		return appendFloat(b, float64(*(*float32)(p)))
	case opFloat64:
		return appendFloat(b, *(*float64)(p))
	case opComplex64:
		c := (*[2]float32)(p)
		return appendFloat(appendFloat(b, float64(c[0])), float64(c[1]))
	case opComplex128:
		c := (*[2]float64)(p)
		return appendFloat(appendFloat(b, c[0]), c[1])
	case opString:
		s := *(*string)(p)
		return append(appendUint(b, uint64(len(s))), s...)
	case opBytes:
		s := *(*[]byte)(p)
		return append(appendUint(b, uint64(len(s))), s...)
	case opSlice:
		h := (*sliceHeader)(p)
		return e.elements(appendUint(b, uint64(h.len)), n.elem, h.data, h.len)
	case opArray:
		count := n.typ.Len()
		return e.elements(appendUint(b, uint64(count)), n.elem, p, count)
	case opStruct:
		return e.structure(b, n, p)
	case opMap:
		return e.mapping(b, n, p)
	case opAny:
		return e.iface(b, *(*any)(p))
	case opInterface:
		if (*eface)(p).typ == nil {
			return append(b, 0)
		}
		return e.iface(b, reflect.NewAt(n.typ, p).Elem().Elem().Interface())
	case opPointer:
		if p = *(*unsafe.Pointer)(p); p == nil {
			fail("cannot encode a nil %s as an element: gob has no nil elements; use a struct with a pointer field, or leave the element out", n.typ)
		}
		return e.value(b, n.elem, p)
	case opExternal:
		return e.external(b, n, p)
	case opCycle:
		e.down()
		b = e.value(b, n.elem, p)
		e.depth--
		return b
	}
	panic("gobwire: unknown opcode")
}

func (e *encoder) down() {
	if e.depth++; e.depth > maxDepth {
		fail("value is nested more than %d deep; a value that contains itself cannot be encoded", maxDepth)
	}
}

// elements appends the elements of a slice or an array.
func (e *encoder) elements(b []byte, n *node, p unsafe.Pointer, count int) []byte {
	if count == 0 {
		return b // p need not point to an element: an empty array may stand at the end of its struct
	}
	switch n.code {
	case opInt:
		for _, x := range unsafe.Slice((*int)(p), count) {
			b = appendInt(b, int64(x))
		}
	case opString:
		for _, s := range unsafe.Slice((*string)(p), count) {
			b = append(appendUint(b, uint64(len(s))), s...)
		}
	case opStruct:
		for i := range count {
			b = e.structure(b, n, unsafe.Add(p, uintptr(i)*n.size))
		}
	default:
		for i := range count {
			b = e.value(b, n, unsafe.Add(p, uintptr(i)*n.size))
		}
	}
	return b
}

// sliceHeader is the layout of a slice.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}
