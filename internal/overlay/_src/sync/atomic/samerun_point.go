package atomic

import _ "unsafe" // for go:linkname

// samerunPoints is whether the process has a seed: then goroutines can lose their turns at the
// methods of this package's types.
var samerunPoints = samerunHasPoints()

// These are in package runtime (samerun_atomic.go).

//go:linkname samerunHasPoints
func samerunHasPoints() bool

//go:linkname samerunPoint
func samerunPoint()
