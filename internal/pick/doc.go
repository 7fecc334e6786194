// Package pick decides who runs next. It is the one source of the strategies, for
// the tasks of package sched and for the goroutines of ordinary Go tests.
//
// Both worlds keep a set of those that are ready, and ask which of them goes first.
// Sched has a heap or a ring for that, one goroutine of a test binary an array in
// the runtime. What they ask is the same, and is answered here:
//
//	spec, problem := pick.ParseSpec("pct:3:4096")   // the grammar (spec.go)
//	r := pick.NewRandom(pick.ScheduleKey(seed))
//	prio := r.Priority(id, readied)                  // the lowest goes first
//
// Each strategy is a small struct in a file of its own, with the paper that it is
// from: Random, Walk, PCT, POS, DelayBounded, URW, SURW. A Picker is any of them over a plain
// array of Candidates in the order in which they became ready: it is what the
// runtime uses, and what the strategies of sched are tested against.
//
// Every decision is keyed (key.go): it is a hash of the seed, of what is decided,
// and of who is meant, named by an identity and by how often it has been ready. So
// one goroutine more or less changes nothing between the others, where the strategy
// allows that at all.
//
// # What the code may not do
//
// The overlay copies these files into package runtime (see Source), where they run
// on the system stack, with a lock held, while a goroutine parks. So they import
// nothing, allocate nothing, and use no maps, interfaces, closures, pointers in
// structs or panics. Sizes are bounded because nothing is stored per change point:
// marks draws the next one from the last. A test holds the rule of no imports; the
// compiler refuses most of the rest in package runtime. All names of the package
// get the prefix samerun there, so that Mix or Delay would collide with the
// runtime's own; see internal/overlay.
package pick
