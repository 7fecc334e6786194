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
// Whether unmodified tests run exactly here, and if not, where two runs part and why:
//
//	samerun doctor ./raft
//
// The exit status of test is 0 when all runs were good, 1 when one failed, 2 on misuse
// (which includes a package that does not build), and 130 after Ctrl-C.
//
// How the tool is laid out: [main] picks a verb, each verb is one file (test.go).
// Below the verb test: packages.go, build.go and discover.go find what there is to
// run; queue.go cuts it into chunks, pool.go runs them, process.go starts one
// test binary and chunk.go says what became of each seed; failures.go, report.go
// and jsonout.go tell it, save.go keeps it, vacuity.go says what no seed reached,
// progress.go and screen.go keep the user company. unmodified.go and
// unmodified_run.go do the same for packages of unmodified Go. Below the verb replay:
// replayer.go finds, builds and runs the test that a file is of. minimiser.go looks for a
// smaller failure, for the verbs test (minimise.go) and shrink (shrink.go), by runs in
// the processes of prover.go. Below the verb doctor: doctor_patient.go
// runs and compares one package (doctor_run.go, doctor_compare.go, record.go),
// doctor_probe.go looks by experiment for what makes a difference, doctor_survey.go and
// doctor_suspects.go by reading the source; doctor_cause.go weighs it, doctor_report.go
// tells it.
package main
