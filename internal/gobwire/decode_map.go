package gobwire

import (
	"reflect"
	"unsafe"
)

// mapping reads the entries of a map and adds them to those that are there.
func (d *decoder) mapping(b []byte, n *node, p unsafe.Pointer) []byte {
	u, b := readUint(b)
	if u > d.available(b) {
		hostile("the length of a map")
	}
	m := reflect.NewAt(n.typ, p).Elem()
	if m.IsNil() {
		room := chunk / max(uint64(n.key.size+n.elem.size), 1)
		m.Set(reflect.MakeMapWithSize(n.typ, int(min(u, room))))
	}
	key, elem := reflect.New(n.typ.Key()), reflect.New(n.typ.Elem())
	for range u {
		if len(b) == 0 {
			hostile("the length of a map")
		}
		b = d.value(b, n.key, key.UnsafePointer())
		b = d.value(b, n.elem, elem.UnsafePointer())
		m.SetMapIndex(key.Elem(), elem.Elem())
		key.Elem().SetZero()
		elem.Elem().SetZero()
	}
	return b
}
