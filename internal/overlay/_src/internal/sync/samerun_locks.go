package sync

import "unsafe"

// These are in package runtime.

//go:linkname samerunTaken
//go:noescape
func samerunTaken(lock unsafe.Pointer)

//go:linkname samerunGivenBack
//go:noescape
func samerunGivenBack(lock unsafe.Pointer)
