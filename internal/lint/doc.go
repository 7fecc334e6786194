// Package lint holds determinism as a property of the code.
//
// A run is a function of code, seed and schedule only as long as nothing in it
// reads what differs from run to run. No test proves that nothing does: a range
// over a map with one key is deterministic until the day it has two. So the
// packages that make up a run are read instead, and what could differ is refused
// where it stands. The test of this package does that with the tree it is in.
//
// The rules, each in a file of its own:
//
//	maprange   iteration over a map, unless the keys are sorted right behind it
//	float      floating-point and complex values: CPUs differ in fused operations
//	wallclock  real time: time.Now, timers, deadlines
//	rand       global or unkeyed randomness
//	goroutine  concurrency of the run-time system: go, select between channels
//	global     package-level state that can change
//	imports    imports that do not point downwards in the layers (layers.go), packages
//	           that have no place in them, other modules where they are not expected
//	leak       exported names of public packages whose types name internal packages
//	size       files of more than 600 lines
//
// An exception is a comment that gives its reason, alone on the line above, or
// behind the code on the same line:
//
//	//samerun:allow maprange: the sum is the same in any order
//
// It is about that line. Above a declaration, such as at the end of the comment of
// a function, it is about the whole of it: what moves floating-point numbers for
// its caller says so once. Above a package clause it is about that file.
//
// An exception without a reason, with a rule that does not exist, or that exempts
// nothing is a problem too (rule allow): a comment that no longer tells the truth
// is worse than none.
//
// The last three rules are for every package of the module; the others are for those
// that take part in a run.
//
// [Load] reads and type-checks packages, [Check] applies the rules to one.
package lint
