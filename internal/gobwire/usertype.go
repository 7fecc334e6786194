package gobwire

import (
	"encoding"
	"encoding/gob"
	"errors"
	"reflect"
	"unicode"
	"unicode/utf8"
)

// external says by which methods a type encodes itself.
type external uint8

const (
	notExternal external = iota
	byGob                // gob.GobEncoder, gob.GobDecoder
	byBinary             // encoding.BinaryMarshaler, encoding.BinaryUnmarshaler
)

// userType is a type as a program gave it, and what gob makes of it.
type userType struct {
	user, base reflect.Type // base is user without its pointers
	indir      int          // how many pointers lead from user to base
	enc, dec   external
	encIndir   int // pointers from user to the type with the encoding methods; -1: only a pointer to user has them
}

var (
	gobEncoderType        = reflect.TypeFor[gob.GobEncoder]()
	gobDecoderType        = reflect.TypeFor[gob.GobDecoder]()
	binaryMarshalerType   = reflect.TypeFor[encoding.BinaryMarshaler]()
	binaryUnmarshalerType = reflect.TypeFor[encoding.BinaryUnmarshaler]()
)

func userTypeOf(rt reflect.Type) (userType, error) {
	ut := userType{user: rt, base: rt}
	for slow := rt; ut.base.Kind() == reflect.Pointer; ut.indir++ {
		ut.base = ut.base.Elem()
		if ut.base == slow {
			return ut, errors.New("gob: can't represent recursive pointer type " + rt.String())
		}
		if ut.indir%2 == 1 {
			slow = slow.Elem()
		}
	}
	if ok, n := implements(rt, gobEncoderType); ok {
		ut.enc, ut.encIndir = byGob, n
	} else if ok, n := implements(rt, binaryMarshalerType); ok {
		ut.enc, ut.encIndir = byBinary, n
	}
	if ok, _ := implements(rt, gobDecoderType); ok {
		ut.dec = byGob
	} else if ok, _ := implements(rt, binaryUnmarshalerType); ok {
		ut.dec = byBinary
	}
	return ut, nil
}

// implements looks for the methods on rt and on what it points to, and last on a pointer to rt.
func implements(rt, methods reflect.Type) (bool, int) {
	n := 0
	for t := rt; ; t = t.Elem() {
		if t.Implements(methods) {
			return true, n
		}
		if t.Kind() != reflect.Pointer {
			break
		}
		n++
	}
	if rt.Kind() != reflect.Pointer && reflect.PointerTo(rt).Implements(methods) {
		return true, -1
	}
	return false, 0
}

func isExported(name string) bool {
	r, _ := utf8.DecodeRuneInString(name)
	return unicode.IsUpper(r)
}

// maxPointers ends a walk along a type of pointers in a circle, which is reported when the type is described.
const maxPointers = 100

// isSent tells whether gob sends the field: exported, and neither a channel nor a function nor a pointer to one.
func isSent(f *reflect.StructField) bool {
	if !isExported(f.Name) {
		return false
	}
	t := f.Type
	for range maxPointers {
		if t.Kind() != reflect.Pointer {
			break
		}
		t = t.Elem()
	}
	return t.Kind() != reflect.Chan && t.Kind() != reflect.Func
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}
