package counter

import (
	"testing"
	"time"

	"samerun/proptest"
	"samerun/sim"
	"samerun/sim/fault"
)

// All fail: that is what they are for. The folder testdata keeps them out of
// go test ./...
//
//	go test ./proptest/testdata/counter
//	samerun test -seeds 1-1000 ./proptest/testdata/counter
//	go test -run none -fuzz FuzzCounter ./proptest/testdata/counter
//	go test -run none -fuzz FuzzStairs ./proptest/testdata/counter

func TestCounter(t *testing.T) { proptest.Check(t, Property) }

func FuzzCounter(f *testing.F) { fuzz(f, Property) }

// FuzzStairs finds in a few thousand tries what chance alone finds once in 100,000:
// each step is code that nothing reaches before, so that its input is kept.
func FuzzStairs(f *testing.F) { fuzz(f, stairs) }

func fuzz(f *testing.F, property func(*proptest.P)) {
	for _, input := range proptest.Inputs(4, 800) {
		f.Add(input)
	}
	f.Fuzz(proptest.MakeFuzz(property))
}

func stairs(p *proptest.P) {
	faults := p.Faults(proptest.Nodes(4), proptest.Horizon(time.Second))
	p.Run(faults, func(w *sim.World) {
		switch n := climb(faults.Faults); n {
		case 1:
			w.Logf("one")
		case 2:
			w.Logf("two")
		case 3:
			w.Failf("three steps up")
		}
	})
}

func climb(faults []fault.Fault) int {
	if len(faults) > 0 && faults[0].Kind == fault.Crash {
		if len(faults) > 1 && faults[1].Kind == fault.Clog {
			if len(faults) > 2 && faults[2].Kind == fault.Isolate {
				return 3
			}
			return 2
		}
		return 1
	}
	return 0
}
