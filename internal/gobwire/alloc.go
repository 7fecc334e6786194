package gobwire

import "unsafe"

// reflect allocates through these two. Going through reflect.New and reflect.MakeSlice costs as much again, for the
// type of the pointer and a slice header that nobody wants. The standard library keeps both linkable, with these signatures,
// because many codecs rely on them.

// newValue returns a new zero variable of the type with the given type word.
//
//go:linkname newValue reflect.unsafe_New
func newValue(typ unsafe.Pointer) unsafe.Pointer

// newArray returns count new zero variables in a row.
//
//go:linkname newArray reflect.unsafe_NewArray
func newArray(typ unsafe.Pointer, count int) unsafe.Pointer
