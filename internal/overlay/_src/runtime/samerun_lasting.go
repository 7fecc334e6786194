package runtime

import _ "unsafe" // for go:linkname

// samerunLasting is what was done that later tests of the process feel, or that feels
// what earlier ones did, since the result of a test was written last. The tool decides by
// it whether each test gets a process of its own.
var samerunLasting struct {
	seeded   bool // math/rand.Seed was called, and did something
	measured bool // ReadMemStats was called
}

//go:linkname samerunRandSeeded math/rand.samerunRandSeeded
func samerunRandSeeded() { samerunLasting.seeded = true }

func samerunMeasured() { samerunLasting.measured = true }

// samerunTakeLasting returns it, and begins anew.
//
//go:linkname samerunTakeLasting testing.samerunTakeLasting
func samerunTakeLasting() (seeded, measured bool) {
	l := &samerunLasting
	seeded, measured = l.seeded, l.measured
	l.seeded, l.measured = false, false
	return seeded, measured
}
