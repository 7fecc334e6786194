package testing

import _ "unsafe" // for go:linkname

// samerunSaid is in package runtime. It notes what is written into the log of a test, in a run of
// which a trace is made.
//
//go:linkname samerunSaid
func samerunSaid(s string)
