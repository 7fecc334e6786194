package sim

import (
	"samerun/internal/keyed"
	"samerun/sched"
)

// sampleSize is how many turns a guided search is told of, to choose from when it changes one.
const sampleSize = 32

// sample is some of the turns of a run for which there was a choice: which they are depends on
// nothing but the run.
//
// Invariant: turns is a reservoir of the n that there were (Vitter, "Random sampling with a
// reservoir", 1985).
type sample struct {
	n     uint64
	turns []sched.Deviation
}

// turn takes in that a task is ready beside others.
func (x *sample) turn(d sched.Deviation) {
	x.n++
	if len(x.turns) < sampleSize {
		x.turns = append(x.turns, d)
		return
	}
	if i := keyed.Ident("sample").With(x.n).Below(x.n); i < sampleSize {
		x.turns[i] = d
	}
}
