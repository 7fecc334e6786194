// Package mutate asks whether the tests would notice. It breaks the code of this
// repository in one small way after the other, and runs the tests each time: a
// mutation that they do not notice shows what no test holds.
//
// The mutations are chosen by people and kept as lists in testdata/mutations, one
// list for each part of the code: clock.txt, sched.txt, and so on. An entry says
// which lines become which others, what that breaks, and which packages have the
// tests that ought to notice:
//
//	mutation: heap-ties-reversed
//	breaks: of two events due at one instant the one with the greater tie fires first
//	file: clock/heap.go
//	tests: ./clock
//	--- before
//		return a.tie < b.tie
//	--- after
//		return a.tie > b.tie
//	---
//
// The lines before must occur in the file exactly once. When an edit of the code
// changes them the entry no longer applies, which is an error and no pass; so is a
// mutation that does not compile. Further fields, each optional: "run" is the
// pattern of go test -run, for packages whose tests take long; "equivalent" says why
// no test can tell the mutation from the original, which is then not run and counts
// for nothing; "survives" says why a mutation that tests could notice is not noticed
// yet, and counts against the rate.
//
// A mutated file is written to a temporary folder and reaches the build by go test
// -overlay: no file of the tree is touched. A run that ends neither well nor badly
// until a limit counts as noticed. That the tests pass without a mutation is tried
// first, because else all of them would seem to be noticed.
//
// [Read] reads the lists, [Mutation.Apply] changes a text, [Runner] runs the tests,
// [Page] writes docs/mutations.md from a [Table] of what was found last. The command is
// internal/mutate/cmd:
//
//	go run ./internal/mutate/cmd            # all of them
//	go run ./internal/mutate/cmd sched      # one list, or sched/NAME for one entry
//	go run ./internal/mutate/cmd -check     # whether all apply; runs nothing
//	go run ./internal/mutate/cmd -write     # and docs/mutations.md anew; names may follow
//
// Tools that make mutations by themselves, such as gremlins, find other gaps and
// are worth a look now and then. They change operators and nothing else: no call
// is left out, no reset forgotten, no two lines swapped. And they cannot be
// told that a mutation is equivalent, so that their rate is no promise.
package mutate
