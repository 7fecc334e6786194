package sync

import "unsafe"

// These are in package runtime.

//go:linkname samerunActive
func samerunActive() bool

//go:linkname samerunPoint
//go:noescape
func samerunPoint(pc uintptr, lock unsafe.Pointer)

// samerunTracks says that the run notes who holds each lock (samerun_things.go).
var samerunTracks = samerunTracking()

//go:linkname samerunTracking
func samerunTracking() bool

//go:linkname samerunTook
//go:noescape
func samerunTook(lock unsafe.Pointer, reads bool)

//go:linkname samerunLeft
//go:noescape
func samerunLeft(lock unsafe.Pointer, reads bool)

//go:linkname samerunAdded
//go:noescape
func samerunAdded(group unsafe.Pointer, delta, count int)

// samerunPool is that of package runtime.
type samerunPool struct {
	bubble uint64
	items  []any
}

//go:linkname samerunPoolPut
func samerunPoolPut(p *samerunPool, x any)

//go:linkname samerunPoolGet
func samerunPoolGet(p *samerunPool) any
