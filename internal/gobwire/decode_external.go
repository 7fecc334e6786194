package gobwire

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"reflect"
	"unsafe"
)

// external reads the bytes of a value that encodes itself, and gives its method a copy, which it may keep.
func (d *decoder) external(b []byte, n *node, p unsafe.Pointer) []byte {
	size, b := readUint(b)
	if size > uint64(len(b)) {
		panic(errSlow)
	}
	t := n.typ
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
		p = target(typeWord(t), p)
	}
	data := bytes.Clone(b[:size:size])
	var err error
	if v := reflect.NewAt(t, p).Interface(); n.enc == byGob {
		err = v.(gob.GobDecoder).GobDecode(data)
	} else {
		err = v.(encoding.BinaryUnmarshaler).UnmarshalBinary(data)
	}
	if err != nil {
		panic(wireError{err})
	}
	return b[size:]
}
