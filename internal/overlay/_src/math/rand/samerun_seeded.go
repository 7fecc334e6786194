package rand

import _ "unsafe" // for go:linkname

// samerunRandSeeded notes that the shared source has a seed from now on, for all tests of
// the process. It is in package runtime.
//
//go:linkname samerunRandSeeded
func samerunRandSeeded()
