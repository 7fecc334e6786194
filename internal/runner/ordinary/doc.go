// Package ordinary runs tests that know nothing of samerun: goroutines, channels, time
// and sockets under a seed, on the changed standard library of internal/overlay
// (docs/unmodified.md).
//
// All tests of a package are one target, and each seed is a process of its own, or several
// (run.go):
// what a package keeps in its variables must not reach the next seed. What a process is
// told, it is told by its environment: the seed, the strategy, the virtual time of a turn,
// the network, the date ([Runner.Settings]). It writes a line for each test that ended
// (internal/wire); if it dies, its last words name the test and the turn.
//
// Before any seed, the calm run of a package (calm.go) tells how long its tests are, for the
// strategies that want to know, and whether some change what later ones meet: then each
// test gets a process of its own, if it passes so (apart.go).
//
// A seed that fails is run once more, with the failing test alone if that fails too, for
// the shortest command that is known to show it. minimise.go then records the run, takes
// out of the record what the calm run does too, and of the rest (records.Deviations) as
// many as it can; the file that is left replays the failure.
//
// What runs may be a program in the place of tests ([Options], field Program): program.go
// has what differs, and live.go prints what a program prints.
//
// The doctor uses a Runner as well: it runs the same processes under conditions of its
// own.
package ordinary
