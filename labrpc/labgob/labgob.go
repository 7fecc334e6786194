package labgob

import (
	"io"
	"reflect"

	"samerun/internal/gobwire"
)

// LabEncoder writes values to a stream. Each type is described once. Make one with [NewEncoder]; the zero value is
// of no use. It is for one goroutine at a time.
type LabEncoder struct {
	gob *gobwire.Encoder
}

// NewEncoder returns a LabEncoder that writes to w.
func NewEncoder(w io.Writer) *LabEncoder {
	return &LabEncoder{gobwire.NewEncoder(w)}
}

// Encode writes the value e, or what it points to. The error says what gob cannot encode, for instance a nil pointer, or is that of the
// writer. Nothing is written for a value with an error.
func (enc *LabEncoder) Encode(e any) error {
	if e != nil {
		check(e)
	}
	return enc.gob.Encode(e)
}

// EncodeValue is [LabEncoder.Encode] for a reflect.Value. A value read from an unexported field is an error.
func (enc *LabEncoder) EncodeValue(value reflect.Value) error {
	if value.IsValid() {
		checkOf(value.Type())
	}
	return enc.gob.EncodeValue(value)
}

// LabDecoder reads values from a stream. Make one with [NewDecoder]; the zero value is of no use. It is for one
// goroutine at a time.
type LabDecoder struct {
	gob *gobwire.Decoder
}

// NewDecoder returns a LabDecoder that reads from r.
func NewDecoder(r io.Reader) *LabDecoder {
	return &LabDecoder{gobwire.NewDecoder(r)}
}

// Decode reads the next value into what the pointer e points to, which should be zero. It returns io.EOF at the end of the stream, and
// gob's error for bytes that do not hold such a value. If e is nil the value is dropped. No bytes make it panic; a panic of a
// method GobDecode or UnmarshalBinary of the caller's types is passed on.
func (dec *LabDecoder) Decode(e any) error {
	if e != nil {
		check(e).destination(e)
	}
	return dec.gob.Decode(e)
}

// Register makes the type of value known under gob's name for it, here and to encoding/gob, so that interface
// values can hold it. It panics if value is nil, or the type or the name is registered otherwise.
func Register(value any) {
	if value != nil {
		check(value)
	}
	gobwire.Register(value)
}

// RegisterName is [Register] under a name of the caller's choice, which must not be empty.
func RegisterName(name string, value any) {
	if value != nil {
		check(value)
	}
	gobwire.RegisterName(name, value)
}

// Marshal appends v to dst as a stream of its own, as a fresh encoder would write it, and returns the extended slice.
// The bytes depend on nothing but v. On error it returns dst as it was.
func Marshal(dst []byte, v any) ([]byte, error) {
	if v != nil {
		check(v)
	}
	return gobwire.Append(dst, v)
}

// Unmarshal reads the first value of the stream data into what into points to, as a fresh decoder would. It keeps no part of data.
// Errors and panics are those of [LabDecoder.Decode].
func Unmarshal(data []byte, into any) error {
	if into != nil {
		check(into).destination(into)
	}
	return gobwire.Decode(data, into)
}
