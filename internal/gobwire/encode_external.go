package gobwire

import (
	"encoding"
	"encoding/gob"
	"reflect"
	"unsafe"
)

// external appends a value that encodes itself, as a string of bytes.
func (e *encoder) external(b []byte, n *node, p unsafe.Pointer) []byte {
	n.mayCall()
	v := reflect.NewAt(n.typ, p)
	switch n.typ.Kind() {
	case reflect.Pointer:
		if *(*unsafe.Pointer)(p) == nil && !n.nilCall {
			fail("cannot encode a nil %s as an element: its method needs a value", n.typ)
		}
		v = v.Elem()
	case reflect.Interface:
		if v = v.Elem(); v.IsNil() {
			fail("cannot encode a nil %s as an element: its method needs a value", n.typ)
		}
	}
	var data []byte
	var err error
	if n.enc == byGob {
		data, err = v.Interface().(gob.GobEncoder).GobEncode()
	} else {
		data, err = v.Interface().(encoding.BinaryMarshaler).MarshalBinary()
	}
	if err != nil {
		panic(wireError{err})
	}
	return append(appendUint(b, uint64(len(data))), data...)
}

// mayCall panics if the encoding method needs an address that the value does not have.
func (n *node) mayCall() {
	if n.noCall {
		fail("unaddressable value of type *%s: its encoding method needs a pointer; pass a pointer to the value", n.typ)
	}
}
