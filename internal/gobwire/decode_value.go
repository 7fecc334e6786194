//samerun:allow float: a codec carries the numbers of others, and decides nothing by them
package gobwire

import (
	"math"
	"unsafe"
)

// value reads one value.
func (d *decoder) value(b []byte, n *node, p unsafe.Pointer) []byte {
	switch n.code {
	case opBool:
		u, b := readUint(b)
		*(*bool)(p) = u != 0
		return b
	case opInt:
		x, b := readSigned(b, math.MinInt, math.MaxInt)
		*(*int)(p) = int(x)
		return b
	case opInt8:
		x, b := readSigned(b, math.MinInt8, math.MaxInt8)
		*(*int8)(p) = int8(x)
		return b
	case opInt16:
		x, b := readSigned(b, math.MinInt16, math.MaxInt16)
		*(*int16)(p) = int16(x)
		return b
	case opInt32:
		x, b := readSigned(b, math.MinInt32, math.MaxInt32)
		*(*int32)(p) = int32(x)
		return b
	case opInt64:
		x, b := readInt(b)
		*(*int64)(p) = x
		return b
	case opUint, opUintptr:
		u, b := readUnsigned(b, math.MaxUint)
		*(*uint)(p) = uint(u)
		return b
	case opUint8:
		u, b := readUnsigned(b, math.MaxUint8)
		*(*uint8)(p) = uint8(u)
		return b
	case opUint16:
		u, b := readUnsigned(b, math.MaxUint16)
		*(*uint16)(p) = uint16(u)
		return b
	case opUint32:
		u, b := readUnsigned(b, math.MaxUint32)
		*(*uint32)(p) = uint32(u)
		return b
	case opUint64:
		u, b := readUint(b)
		*(*uint64)(p) = u
		return b
	case opFloat32:
		f, b := readFloat32(b)
		*(*float32)(p) = f
		return b
	case opFloat64:
		f, b := readFloat(b)
		*(*float64)(p) = f
		return b
	case opComplex64:
		re, b := readFloat32(b)
		im, b := readFloat32(b)
		*(*[2]float32)(p) = [2]float32{re, im}
		return b
	case opComplex128:
		re, b := readFloat(b)
		im, b := readFloat(b)
		*(*[2]float64)(p) = [2]float64{re, im}
		return b
	case opString:
		return d.string(b, (*string)(p))
	case opBytes:
		return d.bytes(b, n, (*[]byte)(p))
	case opSlice:
		return d.slice(b, n, p)
	case opArray:
		u, b := readUint(b)
		if u != uint64(n.typ.Len()) {
			panic(errSlow)
		}
		return d.elements(b, n.elem, p, 0, int(u))
	case opStruct:
		return d.structure(b, n, p)
	case opMap:
		return d.mapping(b, n, p)
	case opAny, opInterface:
		return d.iface(b, n, p)
	case opPointer:
		return d.value(b, n.elem, target(n.elem.word, p))
	case opExternal:
		return d.external(b, n, p)
	case opCycle:
		d.down()
		b = d.value(b, n.elem, p)
		d.depth--
		return b
	}
	panic("gobwire: unknown opcode")
}

// target returns what the pointer at p points to, a new variable of the type if it is nil.
func target(typ, p unsafe.Pointer) unsafe.Pointer {
	q := *(*unsafe.Pointer)(p)
	if q == nil {
		q = newValue(typ)
		*(*unsafe.Pointer)(p) = q
	}
	return q
}

func (d *decoder) down() {
	if d.depth++; d.depth > maxDepth {
		hostile("nesting")
	}
}

func readSigned(b []byte, low, high int64) (int64, []byte) {
	x, b := readInt(b)
	if x < low || x > high {
		panic(errSlow)
	}
	return x, b
}

func readUnsigned(b []byte, high uint64) (uint64, []byte) {
	u, b := readUint(b)
	if u > high {
		panic(errSlow)
	}
	return u, b
}

func readFloat32(b []byte) (float32, []byte) {
	f, b := readFloat(b)
	if float32Overflows(f) {
		panic(errSlow)
	}
	return float32(f), b
}
