package proptest

import (
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/feature"
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
// Then go test -fuzz=FuzzStore looks for schedules that reach new code. Each byte of
// the input is a word of a draw, and zeros follow when it is used up; the empty input
// is the calm run without faults. States that the property tells by World.State are new code to the
// fuzzer, too. Inputs begins the search with schedules. Fuzzing
// stops at the first failure and makes the input shorter; Check shrinks better.
func MakeFuzz(property func(p *P), settings ...Setting) func(*testing.T, []byte) {
	return func(t *testing.T, input []byte) {
		t.Helper()
		if property == nil {
			t.Fatal("proptest.MakeFuzz was given no property; it needs a func(p *proptest.P)")
		}
		s := newSession(t, property, settings)
		if s.goroutines {
			t.Fatal("proptest.MakeFuzz was given proptest.Goroutines, and a fuzz target makes many runs in one process, which ordinary Go cannot: use Check and samerun test -seeds")
		}
		feature.Mark()
		rapid.MakeFuzz(func(r *rapid.T) { s.try(r, sim.Config{}) })(t, wordsOf(input))
	}
}

// padding is how many words of zeros follow a fuzz input: they end every list of this
// package and of rapid, so that every input is a whole try.
const padding = 1 << 13

// wordsOf stretches an input to the words that rapid reads, of 8 bytes each. A draw
// takes the lowest few bits of a word, or all of them for a fraction. So a word is
// one byte eight times; else most of what the fuzzer changes would change nothing.
func wordsOf(input []byte) []byte {
	words := make([]byte, 8*(len(input)+padding))
	for i := range 8 * len(input) {
		words[i] = input[i/8]
	}
	return words
}

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
