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
	interfaces := hasInterface(n.typ.Key())
	for range u {
		if len(b) == 0 {
			hostile("the length of a map")
		}
		b = d.value(b, n.key, key.UnsafePointer())
		b = d.value(b, n.elem, elem.UnsafePointer())
		if interfaces && !key.Elem().Comparable() {
			panic(errSlow) // gob makes an error of it: a key without a hash
		}
		m.SetMapIndex(key.Elem(), elem.Elem())
		key.Elem().SetZero()
		elem.Elem().SetZero()
	}
	return b
}

// hasInterface tells whether a key of a map may hold an interface value, and so one that has no hash.
func hasInterface(key reflect.Type) bool {
	switch key.Kind() {
	case reflect.Interface, reflect.Struct: // gob knows few structs as keys, so those need no closer look
		return true
	case reflect.Array:
		return hasInterface(key.Elem())
	}
	return false
}
