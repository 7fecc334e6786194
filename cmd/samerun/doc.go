// Samerun runs simulation tests over many seeds, on all cores, and turns what
// fails into one command that fails again.
//
// A simulation test is a Go test that calls sim.Test: a run of it is a function
// of the code and of one number, the seed. The tool asks which runs fail:
//
//	samerun test -seeds 1-1000 ./examples/raft
//
// It builds the test binary of each package once, finds the simulation tests in
// it, and hands out their seeds in chunks of about half a second to as many
// processes as there are CPUs. A process that dies, hangs or fails takes only
// its own chunk with it, and the seed it was in is known. Results go to standard
// output and are the same for any number of processes, but for the times in them;
// progress goes to standard error.
//
// The first seed of each distinct failure is saved as a replay file in its
// package's testdata/replay. The tool runs such files too, and says what became of
// the failure, with an exit status for each outcome ("samerun help replay"):
//
//	samerun replay examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// Before a failure is told it is made as small as it can be, and so can be a file that
// was saved earlier:
//
//	samerun shrink examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// What happened in one run becomes a page to look at, or data:
//
//	samerun trace examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// A program is run like that, too, goroutines and all:
//
//	samerun run -seeds 1-100 ./cmd/prog -its -own flags
//
// Whether unmodified tests run exactly here, and if not, where two runs part and why:
//
//	samerun doctor ./raft
//
// The exit status of test is 0 when all runs were good, 1 when one failed, 2 on misuse
// (which includes a package that does not build), and 130 after Ctrl-C.
//
// Here are the verbs alone, one a file: test.go, run.go, replay.go, shrink.go, trace.go, goflags.go and
// doctor.go read a command line, call packages below internal, and make an exit status of
// what these come to. flags.go registers flags with their words, of which the help is
// made. What the verbs do is in internal/gocmd (packages and binaries), internal/runner
// with its two worlds, tasks and ordinary, internal/testproc (processes), internal/sweep
// (seeds, failures, reports), internal/doctor and internal/screen. The doc.go of each
// tells how it is laid out.
package main
