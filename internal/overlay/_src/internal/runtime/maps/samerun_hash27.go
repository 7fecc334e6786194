//go:build go1.27

package maps

import (
	"internal/abi"
	"unsafe"
)

// Maps with small keys call the hash functions without their type.

func samerunHash64(t *abi.Type, key uint64, seed uintptr) uintptr {
	if SamerunPointers && t.PtrBytes != 0 {
		return samerunMapHash(t, unsafe.Pointer(&key), seed)
	}
	return memHash64Fallback(key, seed)
}

func samerunHash32(t *abi.Type, key uint32, seed uintptr) uintptr {
	if SamerunPointers && t.PtrBytes != 0 {
		return samerunMapHash(t, unsafe.Pointer(&key), seed)
	}
	return memHash32Fallback(key, seed)
}
