package sync

import "unsafe"

// These are in package runtime.

//go:linkname samerunReads
//go:noescape
func samerunReads(lock unsafe.Pointer)

//go:linkname samerunReadsNoMore
//go:noescape
func samerunReadsNoMore(lock unsafe.Pointer)
