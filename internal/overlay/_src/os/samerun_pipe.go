package os

import _ "unsafe" // for go:linkname

// samerunPipeMakes says that the caller makes the two ends of a pipe. It is in package
// runtime.
//
//go:linkname samerunPipeMakes
func samerunPipeMakes(on bool)
