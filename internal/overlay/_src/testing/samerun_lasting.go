package testing

import _ "unsafe" // for go:linkname

// samerunTakeLasting is in package runtime.
//
//go:linkname samerunTakeLasting
func samerunTakeLasting() (seeded, measured bool)

// samerunLastingJSON is the part of the line of results that is about what a test did
// that other tests of its process feel.
func samerunLastingJSON() (more string) {
	seeded, measured := samerunTakeLasting()
	if seeded {
		more += `,"seeded":true`
	}
	if measured {
		more += `,"measured":true`
	}
	return more
}
