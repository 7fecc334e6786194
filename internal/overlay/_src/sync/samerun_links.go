package sync

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunActive
func samerunActive() bool

//go:linkname samerunPoint
func samerunPoint(pc uintptr)

// samerunPool is that of package runtime.
type samerunPool struct {
	bubble uint64
	items  []any
}

//go:linkname samerunPoolPut
func samerunPoolPut(p *samerunPool, x any)

//go:linkname samerunPoolGet
func samerunPoolGet(p *samerunPool) any
