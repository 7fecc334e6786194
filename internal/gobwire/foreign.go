package gobwire

import (
	"bytes"
	"encoding/gob"
)

// decodeForeign leaves a stream to encoding/gob, after a look at the lengths that gob believes.
func decodeForeign(data []byte, into any) error {
	s := scanner{source: source{rest: data}, types: map[int64]*wireType{}}
	if err := s.scan(); err != nil {
		return err
	}
	return decodeByGob(gob.NewDecoder(bytes.NewReader(data)), into)
}

// scanner walks over a value of any stream without storing it. gob makes room for as many map entries as a stream announces,
// counts to that number when it skips them, and nests as deep as a stream says: that can kill the process, or keep it busy for ever. Everything else that may be wrong gob finds itself, so the
// scanner stops without an error where it understands no more.
type scanner struct {
	source source
	types  map[int64]*wireType
	depth  int
	found  int // descriptors
	claims int // maps around this place that announce more entries than their message has bytes
}

// scan walks over the next value. Its error is a hostileError.
func (s *scanner) scan() (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case wireError:
			err = r.err
		default:
			if r != any(errSlow) {
				panic(r)
			}
			if s.claims > 0 {
				err = errHostile("the length of a map")
			}
		}
	}()
	s.depth, s.claims = 0, 0
	id, b := s.describe(s.source.next(), false)
	s.top(b, id)
	return nil
}

// describe takes descriptors off the stream, up to the id of a value.
func (s *scanner) describe(b []byte, inValue bool) (int64, []byte) {
	for {
		id, rest := readInt(b)
		if id >= 0 {
			return id, rest
		}
		if s.types[-id] != nil {
			panic(errSlow) // gob refuses it, and keeps the first
		}
		w := new(wireType)
		b = w.read(rest)
		s.types[-id] = w
		s.found++
		if len(b) == 0 {
			b = s.source.next()
		} else if inValue {
			_, b = readUint(b)
		} else {
			panic(errSlow)
		}
	}
}

// read reads gob's wireType struct, the reverse of info.appendTo.
func (w *wireType) read(b []byte) []byte {
	return readFields(b, func(kind int, b []byte) []byte {
		w.kind = wireKind(kind) + 1
		return readFields(b, func(num int, b []byte) []byte {
			switch {
			case num == 0:
				return readNamed(b, &w.name, &w.id)
			case num == 1 && w.kind == wireStruct:
				n, b := readUint(b)
				for range n {
					var f wireField
					b = readNamed(b, &f.name, &f.id)
					w.fields = append(w.fields, f)
				}
				return b
			}
			x, b := readInt(b)
			switch {
			case num == 1 && w.kind == wireMap:
				w.key = int(x)
			case num == 1 || w.kind == wireMap:
				w.elem = int(x)
			default:
				w.len = int(x)
			}
			return b
		})
	})
}

// readNamed reads a struct of a name and an id.
func readNamed(b []byte, name *string, id *int) []byte {
	return readFields(b, func(num int, b []byte) []byte {
		if num == 0 {
			n, b := readUint(b)
			if n > uint64(len(b)) {
				panic(errSlow)
			}
			*name = string(b[:n])
			return b[n:]
		}
		x, b := readInt(b)
		*id = int(x)
		return b
	})
}

// readFields calls read for each field of a struct.
func readFields(b []byte, read func(num int, b []byte) []byte) []byte {
	for num := -1; ; {
		delta, rest := readUint(b)
		if delta == 0 {
			return rest
		}
		if delta > 1<<16 {
			panic(errSlow)
		}
		num += int(delta)
		b = read(num, rest)
	}
}

func (s *scanner) top(b []byte, id int64) []byte {
	if w := s.types[id]; w == nil || w.kind != wireStruct {
		_, b = readUint(b)
	}
	return s.value(b, id)
}

// value skips one value.
func (s *scanner) value(b []byte, id int64) []byte {
	if s.depth++; s.depth > maxDepth {
		hostile("nesting")
	}
	defer func() { s.depth-- }()
	switch id {
	case idBool, idInt, idUint, idFloat:
		_, b = readUint(b)
		return b
	case idComplex:
		_, b = readUint(b)
		_, b = readUint(b)
		return b
	case idBytes, idString:
		return skipBytes(b)
	case idInterface:
		return s.iface(b)
	}
	w := s.types[id]
	if w == nil {
		panic(errSlow)
	}
	switch w.kind {
	case wireStruct:
		num := -1
		for len(b) > 0 {
			delta, rest := readUint(b)
			b = rest
			if delta == 0 {
				break
			}
			if delta >= uint64(len(w.fields)-num) {
				panic(errSlow)
			}
			num += int(delta)
			b = s.value(b, int64(w.fields[num].id))
		}
		return b
	case wireMap:
		return s.mapping(b, w)
	case wireArray, wireSlice:
		n, b := readUint(b)
		for range n {
			if len(b) == 0 {
				panic(errSlow)
			}
			b = s.value(b, int64(w.elem))
		}
		return b
	}
	return skipBytes(b) // a type that encodes itself
}

// mapping skips a map. More entries than the message has bytes are possible only with interface values, which go on in further messages. Then nothing
// may be wrong in them, or gob would make room for so many, or count so far.
func (s *scanner) mapping(b []byte, w *wireType) []byte {
	n, b := readUint(b)
	claim := 0
	if n > uint64(len(b)) {
		claim = 1
	}
	s.claims += claim
	for range n {
		if len(b) == 0 {
			panic(errSlow)
		}
		b = s.value(b, int64(w.key))
		b = s.value(b, int64(w.elem))
	}
	s.claims -= claim
	return b
}

func (s *scanner) iface(b []byte) []byte {
	if len(b) > 0 && b[0] == 0 {
		return b[1:]
	}
	id, b := s.describe(skipBytes(b), true)
	n, b := readUint(b)
	found := s.found
	rest := s.top(b, id)
	// A receiver may decode the value, or skip it by its length. Both must end at the same byte, or what follows could be
	// hidden from this scan. The length says nothing if the value was cut by descriptors.
	if found == s.found && uint64(len(b)-len(rest)) != n {
		hostile("the length of an interface value")
	}
	return rest
}

func skipBytes(b []byte) []byte {
	n, b := readUint(b)
	if n > uint64(len(b)) {
		panic(errSlow)
	}
	return b[n:]
}
