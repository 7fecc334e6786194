package gobwire

import (
	"math"
	"reflect"
	"unsafe"
)

// chunk is how many bytes a length alone may allocate; beyond it memory grows with what was really decoded. The number
// is gob's, so that capacities, which a program can observe, are the same.
const chunk = 10 << 20

// available returns the most bytes that can still come after b.
func (d *decoder) available(b []byte) uint64 {
	if d.source.in != nil {
		if !d.interfaces {
			return uint64(len(b)) // the value ends with its message
		}
		return math.MaxUint64
	}
	return uint64(len(b)) + uint64(len(d.source.rest))
}

// bytes reads a []byte, into the old array if that is large enough.
func (d *decoder) bytes(b []byte, n *node, p *[]byte) []byte {
	u, b := readUint(b)
	if u > uint64(len(b)) {
		panic(errSlow)
	}
	if uint64(cap(*p)) < u {
		if u > chunk {
			panic(errSlow)
		}
		*p = make([]byte, u)
	} else {
		*p = (*p)[:u]
	}
	copy(*p, b)
	return b[u:]
}

// slice reads a slice into the old array if that is large enough. Its elements then start from what they hold: fields that
// were not sent keep their old values, as in gob.
func (d *decoder) slice(b []byte, n *node, p unsafe.Pointer) []byte {
	u, b := readUint(b)
	size := uint64(n.elem.size)
	if u > math.MaxInt || u > maxMessage/max(size, 1) {
		panic(errSlow)
	}
	if u > d.available(b) {
		hostile("the length of a slice") // every element takes a byte
	}
	count := int(u)
	h := (*sliceHeader)(p)
	if h.cap >= count {
		h.len = count
		return d.elements(b, n.elem, h.data, 0, count)
	}
	if u*size > chunk {
		return d.longSlice(b, n, p, count)
	}
	d.makeSlice(n, p, count)
	return d.elements(b, n.elem, h.data, 0, count)
}

// makeSlice stores a new slice of exactly count elements.
func (d *decoder) makeSlice(n *node, p unsafe.Pointer, count int) {
	switch n.elem.code {
	case opInt:
		*(*[]int)(p) = make([]int, count)
	case opString:
		*(*[]string)(p) = make([]string, count)
	default:
		*(*sliceHeader)(p) = sliceHeader{newArray(n.elem.word, count), count, count}
	}
}

// longSlice believes a large length bit by bit.
func (d *decoder) longSlice(b []byte, n *node, p unsafe.Pointer, count int) []byte {
	v := reflect.NewAt(n.typ, p).Elem()
	have := max(chunk/int(n.elem.size), 1)
	v.Set(reflect.MakeSlice(n.typ, have, have))
	for done := 0; ; {
		b = d.elements(b, n.elem, v.UnsafePointer(), done, have)
		if have == count {
			return b
		}
		done = have
		v.Grow(1)
		have = min(v.Cap(), count)
		v.SetLen(have)
	}
}

// elements reads the elements from index from up to index to of a slice or an array at p.
func (d *decoder) elements(b []byte, n *node, p unsafe.Pointer, from, to int) []byte {
	for i := from; i < to; i++ {
		if len(b) == 0 {
			panic(errSlow)
		}
		at := unsafe.Add(p, uintptr(i)*n.size)
		switch n.code {
		case opInt:
			var x int64
			x, b = readSigned(b, math.MinInt, math.MaxInt)
			*(*int)(at) = int(x)
		case opString:
			b = d.string(b, (*string)(at))
		case opStruct:
			b = d.structure(b, n, at)
		default:
			b = d.value(b, n, at)
		}
	}
	return b
}
