// Package testproc starts test binaries and says how they ended.
//
// A [Process] is one test binary that runs once:
//
//	p := &testproc.Process{Pkg: pkg, Args: []string{"-test.run=" + text.TestPattern("TestX")}, Environ: env, Timeout: time.Minute}
//	end, err := p.Run(ctx)
//
// The [Ending] says whether it was good, timed out, or was cancelled by the tool, which
// tells nothing of the test; Reason puts a bad end into a line, and [Excerpt] picks the
// lines of its output that tell why. Of an output without end both ends are kept.
// What one test of ordinary Go printed is the Ending's Of, and [ExcerptOf] tells of that:
// the last lines, and the last of each node. [LookAt] sees what tests write in the folder
// of their package.
// A process that hangs is killed some seconds behind its time, together with the
// processes that it started.
//
// What became of the runs in a process stands in a file, one JSON object a line, which
// internal/wire reads. A process may die at any moment, so that the file may be missing
// and its last line torn.
//
// A [Prover] is a process that makes one run after another, each asked for over its
// standard input in the form of internal/wire. Minimisers keep several.
//
// [Files] hands out names for temporary files.
package testproc
