// Samerun runs tests under many seeds, on all cores, and turns each failure into one command
// that repeats it.
//
//	samerun test -seeds 1-1000 ./examples/raft
//
// A simulation test is a Go test that calls sim.Test. Its runs depend on the code and on
// one number, the seed. The tool builds the test binary of each package once, finds the
// simulation tests in it, and hands out their seeds in chunks of about half a second, to as
// many processes as there are CPUs. If a process dies, hangs or fails, only its own chunk is
// affected, and its seed is known. Results go to standard output. They are the same for any number
// of processes, except for the times in them. Progress goes to standard error.
//
// The first seed of each distinct failure is saved as a replay file in testdata/replay of
// its package. The tool runs such files, too. It says what became of the failure, with an exit
// status for each outcome ("samerun help replay"):
//
//	samerun replay examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// A failure is minimised before it is reported. You can also minimise a file that was saved
// earlier:
//
//	samerun shrink examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// This shows what happened in one run, as a page or as data:
//
//	samerun trace examples/raft/testdata/replay/TestX-5c1e37d2.json
//
// A program can be run in the same way, with its goroutines:
//
//	samerun run -seeds 1-100 ./cmd/prog -its -own flags
//
// This checks whether unmodified tests run exactly here and, if not, where two runs differ and why:
//
//	samerun doctor ./raft
//
// The exit status of test is 0 when all runs passed, 1 when one failed, 2 on wrong usage
// (which includes a package that does not build), and 130 after Ctrl-C.
//
// This package contains only the verbs, one in a file: test.go, run.go, replay.go, shrink.go,
// trace.go, goflags.go and doctor.go. A verb reads a command line, calls packages below internal, and
// turns their result into an exit status. flags.go registers the flags with their texts, from
// which the help is made. The work is done in these packages, and the doc.go of each explains
// how it is organised:
//
//   - internal/gocmd: packages and binaries
//   - internal/runner with its two engines, tasks and ordinary
//   - internal/testproc: processes
//   - internal/sweep: seeds, failures, reports
//   - internal/doctor and internal/screen
package main
