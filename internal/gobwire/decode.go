package gobwire

import (
	"errors"
	"math"
	"unsafe"
)

// errSlow is the panic of the decoder on bytes that it does not take: written from another type, by another gob, or bad.
// encoding/gob has the last word on them.
//
//samerun:allow global: a constant
var errSlow = errors.New("gobwire: left to encoding/gob")

// hostileError is an error about bytes that encoding/gob must not see, because it would believe their lengths.
type hostileError struct{ error }

func hostile(what string) {
	panic(wireError{hostileError{errors.New("gob: corrupted data: " + what + " exceeds the size of the input")}})
}

// decoder is the state of one call.
type decoder struct {
	state  *state
	source source
	depth  int

	interfaces bool // the value may go on in further messages
}

// source gives the messages that follow the one being decoded.
type source struct {
	rest []byte      // of a complete stream
	in   *wireReader // or, if not nil, where to read from
}

// next returns the content of the next message.
func (s *source) next() []byte {
	if s.in != nil {
		return s.in.next()
	}
	n, b := readUint(s.rest)
	if n > uint64(len(b)) {
		panic(errSlow)
	}
	s.rest = b[n:]
	return b[:n:n]
}

// decode reads one value into what at, the pointer given by the user, leads to. ok is false if encoding/gob should try, which may start from the
// beginning: what was stored so far is what it will store first.
func (d *decoder) decode(p *plan, g *edge, at unsafe.Pointer) (ok bool, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case wireError:
			ok, err = true, r.err
		default:
			if r != any(errSlow) {
				panic(r)
			}
			ok, err = false, nil
		}
	}()
	d.interfaces = p.interfaces
	var b []byte
	if d.source.in == nil {
		// All descriptors at once.
		d.source.rest = d.expect(d.source.rest, g.messages)
		d.state = g.next
		b = d.source.next()
	} else {
		b = d.describe(d.source.next(), g, false)
	}
	b = d.expect(b, g.id)
	t := p.ut.user.Elem()
	for range p.indir - 1 {
		t = t.Elem()
		at = target(typeWord(t), at)
	}
	d.top(b, p.node, at)
	return true, nil
}

// describe takes the descriptors of an edge off the stream, and returns the message with the value.
func (d *decoder) describe(b []byte, g *edge, inValue bool) []byte {
	for _, payload := range g.payloads {
		b = d.expect(b, payload)
		if len(b) == 0 {
			b = d.source.next()
		} else if inValue {
			_, b = readUint(b) // a message within a message
		} else {
			panic(errSlow)
		}
	}
	d.state = g.next
	return b
}

func (d *decoder) expect(b, prefix []byte) []byte {
	if len(b) < len(prefix) || string(b[:len(prefix)]) != string(prefix) {
		panic(errSlow)
	}
	return b[len(prefix):]
}

// top reads a value that stands on its own.
func (d *decoder) top(b []byte, n *node, at unsafe.Pointer) []byte {
	if n.code == opStruct {
		return d.structure(b, n, at)
	}
	delta, b := readUint(b)
	if delta != 0 {
		panic(errSlow)
	}
	return d.value(b, n, at)
}

// structure reads the fields that were sent; the others keep what they hold. A struct may end with its message.
func (d *decoder) structure(b []byte, n *node, at unsafe.Pointer) []byte {
	num := -1
	for len(b) > 0 {
		// The commonest kinds and the shortest numbers are handled here, all else costs a call more.
		delta := uint64(b[0])
		if delta == 0 {
			return b[1:]
		}
		if delta <= 0x7f {
			b = b[1:]
		} else {
			delta, b = readLongUint(b)
		}
		if delta == 0 || delta >= uint64(len(n.fields)-num) {
			panic(errSlow)
		}
		num += int(delta)
		f := &n.fields[num]
		p := unsafe.Add(at, f.off)
		switch f.code {
		case opInt:
			var u uint64
			if len(b) > 0 && b[0] <= 0x7f {
				u, b = uint64(b[0]), b[1:]
			} else {
				u, b = readLongUint(b)
			}
			x := unzigzag(u)
			if int64(int(x)) != x {
				panic(errSlow)
			}
			*(*int)(p) = int(x)
		case opString:
			b = d.string(b, (*string)(p))
		case opSlice:
			b = d.slice(b, f.node, p)
		case opStruct:
			b = d.structure(b, f.node, p)
		default:
			b = d.value(b, f.node, p)
		}
	}
	return b
}

func (d *decoder) string(b []byte, p *string) []byte {
	var n uint64
	if len(b) > 0 && b[0] <= 0x7f {
		n, b = uint64(b[0]), b[1:]
	} else {
		n, b = readLongUint(b)
	}
	if n > uint64(len(b)) {
		panic(errSlow)
	}
	*p = string(b[:n])
	return b[n:]
}

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
