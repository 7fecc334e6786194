// Package rerun lets a test of goroutines (sim.Goroutines) that plain go test has started run
// as it must: by the tool, which builds it with the changed standard library, makes a process
// for each seed, repeats and minimises what fails, and saves it.
//
//	go run samerun/cmd/samerun test -seeds 0-9 -run '^TestX$' .
//
// It is another command, and not the library that makes the overlay, so that nobody who
// imports package sim is linked with a megabyte of edits and sources of the standard library.
// The command stands on the standard library and on this module alone: whoever can build
// the test can build it, and the go command keeps it built. It is the only package below
// package sim that starts a process, and does so for these tests alone.
package rerun
