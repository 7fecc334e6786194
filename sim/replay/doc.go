// Package replay is failures that were saved: the input of the run that failed, what
// broke in it, and the digest of its trace, as one file of JSON; and what a run of
// such a file comes to.
//
//	file, err := replay.Read("testdata/replay/TestX-5c1e37d2.json")
//	…
//	run := sim.Run(sim.ConfigOf(file), scenario)
//
// There is one format for both worlds: tests of tasks, which package sim runs, and
// ordinary tests of goroutines, which the tool runs (samerun test). The File of the latter
// has deviations that may be draws, and settings, and a schedule if the tool gave it faults.
//
// A file keeps decisions by stable keys (the third AppendEntries from n0 to n1), so
// that it outlives edits of the code. Whether it still says something is what Judge
// finds out: Fixed is only a run that met all keys that the recorded run met.
//
//	outcome     the run failed      and
//	Same        like the record     its digest is the recorded one
//	Different   like the record     its digest is another: the code has changed
//	Other       in another way
//	Unmet       not at all          keys were not met, so that nothing was tested
//	Fixed       not at all          every key was met
//
// Parse, Read and Marshal, Save are the only reader and writer. The reader takes
// versions 1 to 3 of the format and is strict; what Parse accepts Marshal writes,
// and Parse reads again as it was. docs/replay-file.md describes the file field by field.
//
// # Reading order
//
// file.go: the data; deviation.go: turns and draws; settings.go: the two worlds. failure.go: what broke, and what is the same failure.
// outcome.go: what a run comes to. write.go, read.go, check.go: the format. save.go:
// files in a folder.
package replay
