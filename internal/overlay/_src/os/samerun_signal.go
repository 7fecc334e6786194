//go:build unix

package os

import _ "unsafe" // for go:linkname

// These are in package runtime.

//go:linkname samerunSignalSends
func samerunSignalSends(pid int, s uint32) uint64

//go:linkname samerunSignalSent
func samerunSignalSent(before uint64, s uint32, sent bool)
