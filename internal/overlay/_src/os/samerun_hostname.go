package os

import _ "unsafe" // for go:linkname

// samerunHostname is in package runtime: the name of the node of the calling goroutine, empty
// if it is on none.
//
//go:linkname samerunHostname
func samerunHostname() string
