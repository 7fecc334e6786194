// Package runner says what the tool knows of a test without knowing which world it is of.
//
// There are two: simulation tests, which call sim.Test and run on tasks (package tasks),
// and ordinary tests, which run goroutines on the overlay (package ordinary). Each is a
// [Runner]. A sweep asks a Runner for what there is to run, has it run seeds, and has it
// do with a failure what can be done with one; queue, report and JSON lines see a
// [Target], an [Outcome] and a [Failure], and never the world.
//
// The life of a failure, in both:
//
//	Run        a seed of a target fails: Outcome.Failure says how, and which command repeats it
//	Save       the replay file is copied into the package's testdata/replay at once, so that
//	           it is there even if the tool is killed
//	Minimise   the smallest input that fails alike takes its place, with a replay file of its
//	           own, which is saved, too; then the one before is removed
//	Again      the command that a person types: from the file, if there is one
//
// A saved failure that is run again comes to a [Verdict], in the words of docs/replay.md,
// and one that is made smaller to a [Shrunk]; that is the [Replayer].
//
// Failures look alike if they are of one test and property and their reasons differ in
// numbers alone: that is Failure.Key.
package runner
