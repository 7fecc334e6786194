// Package host is what ordinary Go, under a seed, does for a world of package sim: the
// interface to the changed standard library that samerun builds such tests with.
//
// The overlay (internal/overlay) adds a method Samerun to testing.T, whose value has the
// methods of Host; they have builtin types only, so that this module and the standard
// library need not share a package. Of finds it:
//
//	if h := host.Of(t); h != nil { … }   // a seed decides in which order goroutines run
//
// # Nodes
//
// Each goroutine belongs to a node, that of the goroutine that started it. Number 0 is the
// test itself. A node is switched on by Boot, and a crash ends the goroutines of that
// incarnation where they stand: no deferred call of theirs runs.
//
// # Turns
//
// One goroutine runs at a time, until it waits. The host chooses who is next by the seed.
// No method here but Park gives up the turn; Unpark makes another goroutine ready, and
// the caller goes on.
//
// Package hosttest has a small host over plain goroutines, for tests of what uses one.
package host
