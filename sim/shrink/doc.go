// Package shrink makes the input of a failed run small. Of forty faults, it leaves the
// two that matter, at round times, on the links that matter. Each part that is left is
// needed: without it, the failure does not happen.
//
//	result, err := shrink.Minimise(ctx, in, func(in shrink.Input) shrink.Verdict {
//		…  run it, and say Same if the same property broke for the same reason
//	}, shrink.Options{Workers: 4})
//
// The package does not depend on runs or worlds. It proposes inputs, and a function says
// what happened with each. If an input fails in another way (Other), it is not accepted, so the
// failure at the end is the one from the beginning.
//
// # The search
//
// These phases are repeated until none of them changes anything:
//
//   - Order: the run is tried first come, first served, instead of with the strategy. If the
//     order matters, it is written down as deviations (calm.go).
//   - Elements: faults are removed, by delta debugging (ddmin.go).
//   - Workload: steps of workloads are removed in the same way.
//   - Seeds: if many faults or steps are left, half as many are tried with other seeds
//     (seeds.go).
//   - Luck: nothing outside the schedule is left to chance. If the failure needs what
//     chance did to messages, each of these mishaps becomes an element of the schedule, and
//     most of them are removed again (calm.go). The same is done with the random decisions of
//     faults, if they are known (resolve.go), and with what crashes have left on
//     disks by chance (disks.go).
//   - Sizes: fewer nodes, and smaller numbers of whatever the program asks for by number.
//   - Aims: kinds are replaced by simpler ones that do a part of the same: a partition by
//     the isolation of a node, and that by a cut in one direction; a probability by one
//     picked message. Lists of names become shorter (kinds.go, aims.go).
//   - Numbers: an earlier quiet time, shorter and later faults, smaller probabilities and
//     delays. All numbers become rounder: fewer digits first, then, by bisection, the smallest
//     number that still fails (numbers.go, scale.go).
//   - Deviations: scheduling decisions are removed, by delta debugging.
//   - Seeds, when nothing else helps any more: faults and steps are removed with other
//     seeds (seeds.go).
//
// At the very end, a failure that exists because a crash has lost something on a disk gets the
// elements that say what was lost (disks.go). That is more than the failure needs, but less
// happens in the run.
//
// Random decisions of a fault are drawn from its own content. Removing a fault leaves the
// others as they are, but changing a number of a fault may change everything that this fault
// does. So nothing is taken for granted: every accepted input was tried, and if a long cut fails,
// this says nothing about a longer one.
//
// # Guarantees
//
// The result fails; it is tried once more at the end. If Result.Minimal is set, the result is
// 1-minimal: no single element can be removed. It need not be the smallest of all. Finding
// that would mean trying every subset.
//
// Every step makes the input simpler in an order without infinite descent (rank.go), so
// the search ends even if verdicts follow no rule. For n elements of which k are needed
// together, the first and the last phase take about 2k log n tries.
//
// With several workers, idle ones run tries that may be wanted next. The accepted try is always the
// first in the order of proposals, so the result is the same for any number of workers,
// unless a deadline ends the search. The deadline is that of the context. The result is then the
// best one so far, which Options.Better also reports step by step. A try that the deadline cuts
// short has not passed: its verdict is Unknown, which proves nothing. The
// verification has its own time.
//
// # Reading order
//
// shrink.go has the interface and the loop. engine.go has the workers and what is
// remembered. ddmin.go has the delta debugging. Then read the phases as above.
package shrink
