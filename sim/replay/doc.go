// Package replay reads, writes and judges saved failures. A replay file is one file of
// JSON. It contains the input of the run that failed, what failed in it, and the digest of
// its trace.
//
//	file, err := replay.Read("testdata/replay/TestX-5c1e37d2.json")
//	…
//	run := sim.Run(sim.ConfigOf(file), scenario)
//
// Both engines use one format: tests of tasks, which package sim runs, and ordinary tests
// of goroutines, which the tool runs (samerun test). In files of ordinary tests, deviations
// may also be draws. These files have settings, too, and a schedule if the tool gave the test faults.
//
// A file keeps decisions by stable keys, such as the third AppendEntries from n0 to n1, so
// that it stays useful when the code changes. Judge finds out whether it still says something. The outcome
// is Fixed only if the run met all keys that the recorded run met:
//
//	outcome     the run failed      and
//	Same        like the record     its digest is the recorded one
//	Different   like the record     its digest is another: the code has changed
//	Other       in another way
//	Unmet       not at all          keys were not met, so that nothing was tested
//	Fixed       not at all          every key was met
//
// Parse, Read, Marshal and Save are the only reader and writer. The reader accepts versions
// 1 to 3 of the format, and is strict. Marshal writes whatever Parse accepts, and Parse
// reads it again unchanged. docs/replay-file.md describes the file field by field.
//
// # Reading order
//
// file.go: the data. deviation.go: turns and draws. settings.go: the two engines.
// failure.go: what failed, and when two failures are the same. outcome.go: the outcome of a run.
// write.go, read.go, check.go: the format. save.go: files in a folder.
package replay
