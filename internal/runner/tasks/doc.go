// Package tasks runs simulation tests: those that call sim.Test.
//
// A package of such tests is built with the stock toolchain. discover.go runs its test
// binary once to learn which of its tests are simulations (the ordinary ones run on the
// way, once), and each of those is a target. chunk.go runs many seeds of a target in one
// process, SAMERUN_SEEDS=1-50, and says what became of each: from the line that the
// process writes for a run, or from how the process died. If all runs were good and the
// process was not, halves of the seeds are run until the one to blame is found.
//
// A failing run is saved as a replay file by the process itself, in the tool's folder;
// save.go copies it into the package. minimiser.go makes it smaller: package sim/shrink
// decides what is tried, and several processes that serve trials (testproc.Prover) try it.
// replay.go runs a saved file again, and makes one smaller.
//
// The commands that repeat a failure are those of plain go test with SAMERUN_SEED, and
// samerun replay once there is a file.
package tasks
