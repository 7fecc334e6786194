//go:build race

package hosttest

// raced says that the race detector is on. This module is built without it for a real host
// (see sched/race.go): its goroutines take turns, which the detector does not know of.
const raced = true
