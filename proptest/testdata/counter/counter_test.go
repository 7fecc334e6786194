package counter

import (
	"testing"

	"samerun/proptest"
)

// Both fail: that is what they are for. The folder testdata keeps them out of
// go test ./...
//
//	go test ./proptest/testdata/counter
//	samerun test -seeds 1-1000 ./proptest/testdata/counter
//	go test -run none -fuzz FuzzCounter -fuzzminimizetime=1x ./proptest/testdata/counter

func TestCounter(t *testing.T) { proptest.Check(t, Property) }

func FuzzCounter(f *testing.F) {
	for _, input := range proptest.Inputs(4, 200) {
		f.Add(input)
	}
	f.Fuzz(proptest.MakeFuzz(Property))
}
