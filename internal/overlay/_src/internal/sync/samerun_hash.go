package sync

import (
	"internal/abi"
	"unsafe"
)

// These are in package runtime.

//go:linkname samerunMapHash
func samerunMapHash(t *abi.Type, p unsafe.Pointer, h uintptr) uintptr

//go:linkname samerunSeeded
func samerunSeeded() bool

// samerunKeyHasher returns the hash function of keys of type t, which is hasher
// without a seed.
func samerunKeyHasher(t *abi.Type, hasher hashFunc) hashFunc {
	if !samerunSeeded() || t.PtrBytes == 0 || t.Kind() == abi.String {
		return hasher
	}
	return func(p unsafe.Pointer, h uintptr) uintptr { return samerunMapHash(t, p, h) }
}
