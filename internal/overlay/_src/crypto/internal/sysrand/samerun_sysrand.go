package sysrand

import _ "unsafe" // for go:linkname

// samerunSysrand is in package runtime: it fills b in the place of the operating
// system, and reports whether it did.
//
//go:linkname samerunSysrand
func samerunSysrand(b []byte) bool
