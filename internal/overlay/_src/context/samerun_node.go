package context

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunLife
func samerunLife() uint32

//go:linkname samerunGoLife
func samerunGoLife(life uint32)
