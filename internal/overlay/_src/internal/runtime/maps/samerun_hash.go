package maps

import (
	"internal/abi"
	"unsafe"
)

// SamerunPointers says that pointers have hashes of their own.
var SamerunPointers bool

// These are in package runtime.

//go:noescape
//go:linkname samerunMapHash
func samerunMapHash(t *abi.Type, p unsafe.Pointer, h uintptr) uintptr

//go:linkname samerunIter
func samerunIter() uint64

// samerunHash is the hash of a key of type t, whose hash function is hasher.
func samerunHash(t *abi.Type, hasher func(unsafe.Pointer, uintptr) uintptr, key unsafe.Pointer, seed uintptr) uintptr {
	if SamerunPointers && t.PtrBytes != 0 && t.Kind() != abi.String {
		return samerunMapHash(t, key, seed)
	}
	return hasher(key, seed)
}
