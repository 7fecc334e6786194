// Package shrink makes the input of a failed run small: of forty faults it leaves
// the two that matter, at round times, on the links that matter.
//
// A long list of faults says little. What remains after everything else was taken
// out is an explanation: each part of it is needed, because without that part the
// failure does not happen.
//
//	result, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
//		…  run it, and say Same if the same property broke for the same reason
//	}, shrink.Options{Workers: 4})
//
// The package knows no runs and no worlds. It proposes inputs, and a function says
// what became of each. Another failure than the one that is looked for (Other) is
// not taken for it, so that the story at the end is about the bug at the beginning.
//
// # The search
//
// These phases are repeated until none of them changes anything.
//
//   - Order: first come first served, in the place of the strategy. If the order
//     matters, it is written down as deviations (calm.go).
//   - Elements: faults are taken out, by delta debugging (ddmin.go).
//   - Workload: steps of workloads are taken out, likewise.
//   - Seeds: if many faults or steps are left, half as many are tried under other seeds
//     (seeds.go).
//   - Luck: nothing is left to chance beside the schedule. If the failure needs what
//     chance did to messages, each of these mishaps becomes an element of the
//     schedule, and most of them are taken out again (calm.go). So it is done with what
//     faults of the schedule did by chance, if that is known (resolve.go), and with what
//     crashes have left of disks by chance (disks.go).
//   - Sizes: fewer nodes, and less of whatever the program asks for by number.
//   - Aims: kinds give way to simpler ones that do a part of the same (a partition
//     to a node cut off, and that to a cut one way; a chance to one picked message),
//     and lists of names become shorter (kinds.go, aims.go).
//   - Numbers: an earlier quiet time, shorter and later faults, smaller chances and
//     delays, and all of them rounder: fewer digits first, then the least that still
//     fails, by bisection (numbers.go, scale.go).
//   - Deviations: scheduling decisions are taken out, by delta debugging.
//   - Seeds, when nothing else goes any more: faults and steps are taken out under
//     other seeds (seeds.go).
//
// At the very end, a failure that is there because a crash has lost something of a disk gets the
// elements that say what (disks.go). They are more than it takes to fail, and less happens.
//
// A fault draws what it leaves to chance from its own content. So taking one out
// leaves the others as they are, but changing a number of one may change all that
// this one does. Nothing is therefore taken for granted: every input that is
// accepted was tried, and that a long cut fails says nothing about a longer one.
//
// # What is promised
//
// The result fails; it is tried once more at the end. It is 1-minimal when
// Result.Minimal is set: no single element can be taken out. It need not be the
// smallest of all, as nobody could find that without trying every subset.
//
// Every step makes the input simpler in an order that has no endless descent
// (rank.go), so that the search ends even if verdicts follow no rule at all. For n
// elements of which k are needed together, the first and the last phase take about
// 2k log n tries.
//
// With several workers, tries that may be wanted next run on those that would be
// idle. What is taken is always the first in the order of proposals, so that the
// result is the same for any number of workers, unless a deadline cuts the search.
// Then it is the best so far, which Options.Better also tells step by step. A
// deadline is that of the context. A try that it cuts short has not passed: it says
// Unknown, which is evidence for nothing. The verification has time of its own.
//
// # Reading order
//
// shrink.go has the interface and the loop, engine.go the workers and what is
// remembered, ddmin.go the delta debugging; then the phases as above.
package shrink
