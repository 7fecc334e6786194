// Package gobtext writes what a gob stream holds as a text, as package fmt would by %+v, without
// the Go types: each stream of a fresh encoder describes its own. It is for the eyes of people: it
// never fails, and of a stream that is cut or is none it says as much as it can.
package gobtext

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"samerun/internal/text"
)

// Limits of what is written.
const (
	most      = 2000 // bytes
	mostDeep  = 12
	mostItems = 32
	mostText  = 200
	mostBytes = 16
)

// Of returns the first value of a stream; cut says that the end of it is not known. It is empty
// for bytes of no stream.
func Of(data []byte, cut bool) (words string) {
	d := &decoder{types: make(map[int64]*wire), cut: cut, stream: data}
	defer func() {
		switch recover() {
		case nil:
		case stop:
			if words = ""; d.began && cut {
				words = text.Line(d.out.String() + "…")
			}
		default:
			words = ""
		}
	}()
	for {
		message := d.next()
		if id := message.int(); id < 0 {
			d.define(-id, &message)
		} else {
			d.began = true
			d.top(&message, id, 0)
			return text.Line(d.out.String())
		}
	}
}

// next takes the next message off the stream.
func (d *decoder) next() reader {
	b := reader{d.stream}
	n := b.uint()
	if n > uint64(len(b.rest)) && !d.cut {
		panic(stop)
	}
	n = min(n, uint64(len(b.rest)))
	d.stream = b.rest[n:]
	return reader{b.rest[:n]}
}

// stop is what ends the decoding: there is no more, or what there is means nothing.
var stop any = new(int)

// reader takes numbers off bytes.
type reader struct{ rest []byte }

func (r *reader) uint() uint64 {
	if len(r.rest) == 0 {
		panic(stop)
	}
	first := r.rest[0]
	if first < 128 {
		r.rest = r.rest[1:]
		return uint64(first)
	}
	n := -int(int8(first))
	if n > 8 || n >= len(r.rest) {
		panic(stop)
	}
	x := uint64(0)
	for _, c := range r.rest[1 : n+1] {
		x = x<<8 | uint64(c)
	}
	r.rest = r.rest[n+1:]
	return x
}

func (r *reader) int() int64 {
	u := r.uint()
	return int64(u>>1) ^ -int64(u&1)
}

// bytes takes so many bytes as stand before them; whole is false if there are fewer.
func (r *reader) bytes() (b []byte, size uint64, whole bool) {
	size = r.uint()
	n := min(size, uint64(len(r.rest)))
	b, r.rest = r.rest[:n], r.rest[n:]
	return b, size, n == size
}

func (r *reader) string() string {
	b, _, whole := r.bytes()
	if !whole {
		panic(stop)
	}
	return string(b)
}

// kind is what a type of a stream is; the numbers are those of a description.
type kind int

const (
	array kind = iota + 1
	slice
	structure
	mapping
	opaque // of a type that encodes itself
)

// wire is a type that a stream describes.
type wire struct {
	kind      kind
	elem, key int64
	fields    []field
}

type field struct {
	name string
	id   int64
}

// The types that need no description.
const (
	boolID = iota + 1
	intID
	uintID
	floatID
	bytesID
	stringID
	complexID
	interfaceID
)

// fieldsOf calls f for each field of a structure that is there.
func (r *reader) fieldsOf(f func(number int64)) {
	for number := int64(-1); ; {
		delta := r.uint()
		if delta == 0 {
			return
		}
		if delta > 1<<16 {
			panic(stop)
		}
		number += int64(delta)
		f(number)
	}
}

// define reads the description of a type.
func (d *decoder) define(id int64, r *reader) {
	w := new(wire)
	r.fieldsOf(func(number int64) {
		w.kind = min(kind(number+1), opaque)
		r.fieldsOf(func(number int64) {
			switch {
			case number == 0: // its name and number
				r.fieldsOf(func(number int64) {
					if number == 0 {
						r.string()
					} else {
						r.int()
					}
				})
			case w.kind == structure:
				for range min(r.uint(), 1<<12) {
					var f field
					r.fieldsOf(func(number int64) {
						if number == 0 {
							f.name = r.string()
						} else {
							f.id = r.int()
						}
					})
					w.fields = append(w.fields, f)
				}
			case w.kind == mapping && number == 1:
				w.key = r.int()
			case number == 1 || w.kind == mapping:
				w.elem = r.int()
			default:
				r.int() // the length of an array
			}
		})
	})
	d.types[id] = w
}

type decoder struct {
	types  map[int64]*wire
	out    strings.Builder
	stream []byte // behind the message that is read
	began  bool   // the value
	cut    bool
}

func (d *decoder) say(s string) {
	if d.out.Len() > most {
		d.out.WriteString("…")
		panic(stop)
	}
	d.out.WriteString(s)
}

// top writes a value that stands by itself.
func (d *decoder) top(r *reader, id int64, depth int) {
	if w := d.types[id]; (w == nil || w.kind != structure) && r.uint() != 0 {
		panic(stop)
	}
	d.value(r, id, depth)
}

// value writes a value.
func (d *decoder) value(r *reader, id int64, depth int) {
	if depth > mostDeep {
		panic(stop)
	}
	switch id {
	case boolID:
		d.say(strconv.FormatBool(r.uint() != 0))
	case intID:
		d.say(strconv.FormatInt(r.int(), 10))
	case uintID:
		d.say(strconv.FormatUint(r.uint(), 10))
	case floatID:
		d.say(strconv.FormatFloat(r.float(), 'g', -1, 64)) //samerun:allow float: it is written down as it was sent
	case complexID:
		re := r.float()
		d.say(strconv.FormatComplex(complex(re, r.float()), 'g', -1, 128)) //samerun:allow float: likewise
	case bytesID:
		d.bytes(r)
	case stringID:
		d.text(r)
	case interfaceID:
		d.any(r, depth)
	default:
		w := d.types[id]
		if w == nil {
			panic(stop)
		}
		d.described(r, w, depth)
	}
}

func (r *reader) float() float64 { //samerun:allow float: likewise
	return math.Float64frombits(bits.ReverseBytes64(r.uint()))
}

// described writes a value of a type that the stream describes.
func (d *decoder) described(r *reader, w *wire, depth int) {
	switch w.kind {
	case array, slice:
		n := r.uint()
		d.say("[")
		for i := range n {
			if i > 0 && i < mostItems {
				d.say(" ")
			}
			if i == mostItems {
				d.say(" … " + strconv.FormatUint(n, 10) + " in all")
				d.skip(r, w.elem, n-i, depth)
				break
			}
			d.value(r, w.elem, depth+1)
		}
		d.say("]")
	case structure:
		next := 0
		d.say("{")
		name := func(f *field) {
			if f != &w.fields[0] {
				d.say(" ")
			}
			d.say(f.name + ":")
		}
		upTo := func(number int64) {
			if number > int64(len(w.fields)) {
				panic(stop)
			}
			for ; int64(next) < number; next++ { // gob leaves out what is zero
				name(&w.fields[next])
				d.say(d.zero(w.fields[next].id))
			}
		}
		r.fieldsOf(func(number int64) {
			upTo(number)
			if number >= int64(len(w.fields)) {
				panic(stop)
			}
			name(&w.fields[number])
			d.value(r, w.fields[number].id, depth+1)
			next++
		})
		upTo(int64(len(w.fields)))
		d.say("}")
	case mapping:
		n := r.uint()
		d.skipMap(r, w, n, depth)
		d.say("map of " + strconv.FormatUint(n, 10)) // the order means nothing
	default:
		d.bytes(r)
	}
}

// zero is how a value is written that is left out.
func (d *decoder) zero(id int64) string {
	switch id {
	case boolID:
		return "false"
	case stringID:
		return `""`
	case bytesID:
		return "[]"
	case interfaceID:
		return "nil"
	case intID, uintID, floatID, complexID:
		return "0"
	}
	switch w := d.types[id]; {
	case w != nil && w.kind == structure:
		return "{}"
	case w != nil && (w.kind == array || w.kind == slice):
		return "[]"
	}
	return "nil"
}

// any writes what an interface holds.
func (d *decoder) any(r *reader, depth int) {
	if r.string() == "" {
		d.say("nil")
		return
	}
	id := r.int()
	for id < 0 {
		d.define(-id, r)
		if len(r.rest) > 0 {
			r.uint() // how long what follows is
		} else {
			*r = d.next()
		}
		id = r.int()
	}
	r.uint() // likewise
	d.top(r, id, depth+1)
}

// skip reads values that are not written.
func (d *decoder) skip(r *reader, id int64, n uint64, depth int) {
	aside := decoder{types: d.types, stream: d.stream, cut: d.cut}
	for range n {
		aside.out.Reset()
		aside.value(r, id, depth+1)
	}
	d.stream = aside.stream
}

func (d *decoder) skipMap(r *reader, w *wire, n uint64, depth int) {
	for range n {
		d.skip(r, w.key, 1, depth)
		d.skip(r, w.elem, 1, depth)
	}
}

// text writes a string.
func (d *decoder) text(r *reader) {
	b, _, whole := r.bytes()
	s := strconv.Quote(text.Cut(string(b), mostText))
	if !whole {
		d.say(strings.TrimSuffix(s, `"`))
		panic(stop)
	}
	d.say(s)
}

// bytes writes bytes: as a text, if they are one.
func (d *decoder) bytes(r *reader) {
	b, size, whole := r.bytes()
	switch {
	case whole && isText(b):
		d.say(strconv.Quote(text.Cut(string(b), mostText)))
	case size > mostBytes || !whole:
		d.say(text.Count(size, "byte"))
	default:
		d.say("[")
		for i, c := range b {
			if i > 0 {
				d.say(" ")
			}
			d.say(strconv.Itoa(int(c)))
		}
		d.say("]")
	}
	if !whole {
		panic(stop)
	}
}

func isText(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && strings.IndexFunc(string(b), func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
