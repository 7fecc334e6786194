package os

import _ "unsafe" // for go:linkname

// samerunExits is in package runtime. It does not return if the caller is on a node.
//
//go:linkname samerunExits
func samerunExits(code int)
