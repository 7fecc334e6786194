package feature

import "sync/atomic"

// The fuzzer of go test knows of a program which of its branches were taken, and nothing else. So
// each state that a test tells takes a branch of its own, of a switch that has nothing else to do: the
// fuzzer takes the input for one that has reached new code, keeps it, and goes on from there.

// marking says whether a fuzz target is at work.
//
//samerun:allow global: whether the process fuzzes; it decides nothing
var marking atomic.Bool

// Mark has states marked from now on, in this process.
func Mark() { marking.Store(true) }

// Marking says whether states are marked.
func Marking() bool { return marking.Load() }
