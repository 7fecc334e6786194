// Package doctor finds out whether ordinary tests run exactly here and, if they do not,
// where two runs of one seed part, and why.
//
// patient.go runs all tests of a package again and again, under conditions that must not
// matter (run.go): processors, pace of the collector, load, the name of a folder. Then it
// runs each test alone. compare.go finds the first difference of two records, outputs or
// results, in the memory of a few lines. If there is one, probe.go looks by experiment
// for what makes it: the same conditions again, one of them changed, half of the tests
// before. survey.go and suspects.go read the source for places that can make runs
// differ by their looks: an address as a number, a file that is opened, a channel made
// before the tests. cause.go weighs all of it, and says how sure it is; report.go tells.
// Where a test has nodes, shared.go lets the runtime watch which package variables two of them
// write; layout.go and shape.go read out of the test binary where those are and what they lead to.
// toolchain.go looks first whether there is a toolchain that the overlay is for.
//
//	is, err := doctor.New(caller, build, opts, screen, tmp).Examine(ctx)
//
// The doctor never decides from times: what it says is the same on a slow machine.
package doctor
