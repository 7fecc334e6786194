package gobwire

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"
)

// maxDepth bounds recursion: a value with a cycle must be an error, not an exhausted stack.
const maxDepth = 100_000

// maxMessage is the size from which on gob refuses a message.
const maxMessage = (1 << 30) << (^uint(0) >> 62)

// wireError carries an error up to the function that was called from outside. User code's own panics pass by.
type wireError struct{ err error }

func fail(format string, args ...any) {
	panic(wireError{fmt.Errorf("gob: "+format, args...)})
}

// recoverError is deferred where errors become results.
func recoverError(err *error) {
	switch r := recover().(type) {
	case nil:
	case wireError:
		*err = r.err
	default:
		panic(r)
	}
}

// encoder is the state of one call.
type encoder struct {
	state *state
	start int // where the content of the message being written begins
	depth int

	tooBig bool // a message has become too long
}

// encode appends one value of a stream, descriptors first.
func (e *encoder) encode(b []byte, p *plan, v any) ([]byte, error) {
	if p.err != nil {
		return b, p.err
	}
	if p.ut.user.Kind() == reflect.Pointer && (*eface)(unsafe.Pointer(&v)).data == nil {
		return b, errors.New("gob: cannot encode nil pointer of type " + p.ut.user.String())
	}
	g := p.first
	if e.state != emptyStream {
		if g = e.state.edge(p); g.err != nil {
			return b, g.err
		}
	}
	at := p.address(&v)
	var out []byte
	var err error
	if p.fails {
		out, err = e.tryMessage(b, p, g, at)
	} else {
		// Nothing can go wrong, and to be ready for a panic would cost a tenth of the time.
		out = e.message(b, p, g, at)
	}
	if e.tooBig {
		return b, errTooBig
	}
	return out, err
}

var errTooBig = errors.New("gob: encoder: message too big")

// tryMessage is message for values that gob may refuse.
func (e *encoder) tryMessage(b []byte, p *plan, g *edge, at unsafe.Pointer) (out []byte, err error) {
	out = b
	defer recoverError(&err)
	return e.message(b, p, g, at), nil
}

// message appends the descriptors of an edge and the value at at.
func (e *encoder) message(b []byte, p *plan, g *edge, at unsafe.Pointer) []byte {
	e.state = g.next
	b = append(b, g.head...)
	e.start = len(b) - len(g.id)
	b = e.top(b, p.node, at)
	return e.end(b)
}

// begin opens a message; one byte is kept for its length, which is most often enough.
func (e *encoder) begin(b []byte) []byte {
	b = append(b, 0)
	e.start = len(b)
	return b
}

// end closes the message that begin opened last.
func (e *encoder) end(b []byte) []byte {
	n := len(b) - e.start
	if n <= 0x7f {
		b[e.start-1] = byte(n)
		return b
	}
	e.tooBig = e.tooBig || n >= maxMessage
	size := uintLen(uint64(n))
	b = append(b, make([]byte, size-1)...)
	copy(b[e.start+size-1:], b[e.start:e.start+n])
	var length [9]byte
	copy(b[e.start-1:], appendUint(length[:0], uint64(n)))
	return b
}

// top appends a value that stands on its own: a struct as it is, anything else behind a zero.
func (e *encoder) top(b []byte, n *node, at unsafe.Pointer) []byte {
	if at == nil {
		return b // behind a nil pointer gob sends nothing at all
	}
	if n.code == opStruct {
		return e.structure(b, n, at)
	}
	return e.value(append(b, 0), n, at)
}

// structure appends the fields of a struct that are not zero, each behind the distance from the one before.
func (e *encoder) structure(b []byte, n *node, at unsafe.Pointer) []byte {
	last := -1
	for i := range n.fields {
		f := &n.fields[i]
		p := unsafe.Add(at, f.off)
		// The commonest kinds and the shortest numbers are handled here, all else costs a call more.
		delta := uint(i - last)
		switch f.code {
		case opInt, opInt64:
			x := int64(*(*int)(p))
			if f.code == opInt64 {
				x = *(*int64)(p)
			}
			if x == 0 {
				continue
			}
			if u := uint64(x<<1) ^ uint64(x>>63); u|uint64(delta) <= 0x7f {
				b = append(b, byte(delta), byte(u))
			} else {
				b = appendUint(appendUint(b, uint64(delta)), u)
			}
		case opBool:
			if !*(*bool)(p) {
				continue
			}
			b = append(appendUint(b, uint64(delta)), 1)
		case opString:
			s := *(*string)(p)
			if s == "" {
				continue
			}
			if uint(len(s))|delta <= 0x7f {
				b = append(b, byte(delta), byte(len(s)))
			} else {
				b = appendUint(appendUint(b, uint64(delta)), uint64(len(s)))
			}
			b = append(b, s...)
		case opSlice:
			h := (*sliceHeader)(p)
			if h.len == 0 {
				continue
			}
			if uint(h.len)|delta <= 0x7f {
				b = append(b, byte(delta), byte(h.len))
			} else {
				b = appendUint(appendUint(b, uint64(delta)), uint64(h.len))
			}
			b = e.elements(b, f.node.elem, h.data, h.len)
		case opStruct:
			b = e.structure(appendUint(b, uint64(delta)), f.node, p)
		default:
			fn, p, back := e.omit(f.node, p)
			if fn == nil {
				continue
			}
			b = appendUint(b, uint64(delta))
			if back {
				e.down()
			}
			b = e.value(b, fn, p)
			if back {
				e.depth--
			}
		}
		last = i
	}
	return append(b, 0)
}
