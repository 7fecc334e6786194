package gobwire

import (
	"bufio"
	"errors"
	"io"
	"reflect"
	"unsafe"
)

// Encoder writes a stream of values and describes each type once, like gob.Encoder. Make one with [NewEncoder].
type Encoder struct {
	w     io.Writer
	buf   []byte
	state *state
}

// NewEncoder returns an Encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder {
	return &Encoder{w: w, state: emptyStream}
}

// Encode writes v, with the descriptors that the stream still lacks, in one call of Write. Where [Append] would
// return an error, or the writer does, Encode returns it. After an error of the value nothing was written, and the stream goes on.
func (e *Encoder) Encode(v any) error {
	if v == nil {
		return errNilValue
	}
	return e.flush(func(c *encoder) ([]byte, error) { return c.encode(e.buf[:0], planOf(v), v) })
}

// EncodeValue is Encode for a reflect.Value, which must not be one that was read from an unexported field.
func (e *Encoder) EncodeValue(v reflect.Value) error {
	switch {
	case !v.IsValid():
		return errNilValue
	case !v.CanInterface():
		return errors.New("gob: cannot encode a value of type " + v.Type().String() + " that was read from an unexported field")
	case v.CanAddr() && v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface && !encodesByValue(v.Type()):
		// Through its address, so that methods that need a pointer can be called. The stream is the same.
		return e.Encode(v.Addr().Interface())
	}
	return e.Encode(v.Interface())
}

// encodesByValue tells of a type that encodes itself and needs no pointer for it. Gob describes it otherwise than a pointer to it.
func encodesByValue(t reflect.Type) bool {
	ut, err := userTypeOf(t)
	return err == nil && ut.enc != notExternal && ut.encIndir >= 0
}

func (e *Encoder) flush(encode func(*encoder) ([]byte, error)) error {
	c := encoder{state: e.state}
	b, err := encode(&c)
	if err != nil {
		return err
	}
	e.state = c.state
	e.buf = b[:0]
	if cap(e.buf) > chunk {
		e.buf = nil
	}
	_, err = e.w.Write(b)
	return err
}

// Decoder reads a stream of values, like gob.Decoder. Make one with [NewDecoder].
type Decoder struct {
	in    wireReader
	state *state
	gob   *screened // not nil once the stream was not what our own types would have written
	err   error     // after hostile bytes nothing more can be read
}

// NewDecoder returns a Decoder that reads from r. If r is not an io.ByteReader it is buffered, and may be read
// further than the values decoded.
func NewDecoder(r io.Reader) *Decoder {
	if _, ok := r.(io.ByteReader); !ok {
		r = bufio.NewReader(r)
	}
	return &Decoder{in: wireReader{r: r}, state: emptyStream}
}

// Decode reads the next value into what into points to. At the end of the stream it returns io.EOF. If into is nil the value is
// read and dropped. Errors and panics are those of [Decode]. After an error about a length, every further call returns it.
func (d *Decoder) Decode(into any) error {
	p, at, err := destination(into)
	switch {
	case err != nil:
		return err
	case d.err != nil:
		return d.err
	case d.gob != nil:
		return d.byGob(into)
	}
	d.in.raw, d.in.err = d.in.raw[:0], nil
	if p == nil {
		return d.fallBack(into)
	}
	g := p.first
	if d.state != emptyStream {
		g = d.state.edge(p)
	}
	c := decoder{state: d.state, source: source{in: &d.in}}
	ok, err := c.decode(p, g, at)
	if !ok {
		return d.fallBack(into)
	}
	d.state = c.state
	return d.keep(err)
}

// keep keeps an error after which nothing more can be read.
func (d *Decoder) keep(err error) error {
	if _, bad := err.(hostileError); bad {
		d.err = err
	}
	return err
}

// fallBack hands the stream to encoding/gob for good: first what it described so far, with a value to
// go with it, then what was read in vain, then the rest.
func (d *Decoder) fallBack(into any) error {
	known := append(append([]byte(nil), d.state.descs...), boolMessage...)
	d.gob = newScreened(append(known, d.in.raw...), d.in.err, d.in.r)
	d.in = wireReader{}
	if err := d.byGob(nil); err != nil {
		return err
	}
	return d.byGob(into)
}

func (d *Decoder) byGob(into any) error {
	return d.keep(d.gob.decode(into))
}

// boolMessage is the value true.
const boolMessage = "\x03\x02\x00\x01"

// destination returns the plan for the pointer into, and the pointer itself. The plan is nil if encoding/gob should decode.
func destination(into any) (*plan, unsafe.Pointer, error) {
	if into == nil {
		return nil, nil, nil
	}
	p := planOf(into)
	if p.ut.user.Kind() != reflect.Pointer {
		return nil, nil, errors.New("gob: attempt to decode into a non-pointer of type " + p.ut.user.String())
	}
	at := (*eface)(unsafe.Pointer(&into)).data
	if at == nil {
		return nil, nil, errors.New("gob: attempt to decode into a nil " + p.ut.user.String())
	}
	if p.err != nil || p.slow {
		p = nil
	}
	return p, at, nil
}
