package gobwire

import (
	"errors"
	"unsafe"
)

// errSlow is the panic of the decoder on bytes that it does not take: written from another type, by another gob, or bad.
// encoding/gob has the last word on them.
var errSlow = errors.New("gobwire: left to encoding/gob")

// hostileError is an error about bytes that encoding/gob must not see, because it would believe their lengths.
type hostileError struct{ error }

func errHostile(what string) error {
	return hostileError{errors.New("gob: corrupted data: " + what + " exceeds the size of the input")}
}

func hostile(what string) {
	panic(wireError{errHostile(what)})
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
