package proptest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
	"samerun/sim"
)

// MakeFuzz makes a fuzz target of a property, for testing.F.Fuzz:
//
//	func FuzzStore(f *testing.F) {
//		f.Add([]byte{})
//		f.Fuzz(proptest.MakeFuzz(property))
//	}
//
// Then go test -fuzz=FuzzStore looks for schedules that reach new code. Each draw
// takes its words from the input, and zeros when that is used up; the empty input
// is the calm run without faults. Fuzzing stops at the first failure and makes
// the input shorter; Check shrinks better.
func MakeFuzz(property func(p *P), settings ...Setting) func(*testing.T, []byte) {
	return func(t *testing.T, input []byte) {
		t.Helper()
		if property == nil {
			t.Fatal("proptest.MakeFuzz was given no property; it needs a func(p *proptest.P)")
		}
		// Zeros end every list of this package and of rapid, so that with enough of them
		// every input is a whole try.
		padded := append(slices.Clone(input), make([]byte, padding)...)
		rapid.MakeFuzz(func(r *rapid.T) { newSession(t, property, settings).try(r, sim.Config{}) })(t, padded)
	}
}

// padding is how many zeros follow a fuzz input, in bytes. A draw takes 8 to 24.
const padding = 1 << 16

// Inputs returns n inputs of length bytes for testing.F.Add, the same ones always.
// Of the empty input alone, fuzzing takes long to make one that is a schedule.
func Inputs(n, length int) [][]byte {
	all := make([][]byte, max(0, n))
	for i := range all {
		all[i] = make([]byte, max(0, length))
		for at := range all[i] {
			all[i][at] = byte(keyed.Ident("fuzz input").With(uint64(i)).With(uint64(at)).Uint64())
		}
	}
	return all
}
