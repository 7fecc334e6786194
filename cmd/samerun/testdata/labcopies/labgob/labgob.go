// Package labgob is encoding/gob under the names of the course.
package labgob

import (
	"encoding/gob"
	"io"
	"reflect"
)

type Encoder struct{ gob *gob.Encoder }

func NewEncoder(w io.Writer) *Encoder { return &Encoder{gob.NewEncoder(w)} }

func (e *Encoder) Encode(v interface{}) error { return e.gob.Encode(v) }

func (e *Encoder) EncodeValue(v reflect.Value) error { return e.gob.EncodeValue(v) }

type Decoder struct{ gob *gob.Decoder }

func NewDecoder(r io.Reader) *Decoder { return &Decoder{gob.NewDecoder(r)} }

func (d *Decoder) Decode(v interface{}) error { return d.gob.Decode(v) }

func Register(v interface{}) { gob.Register(v) }
