// Package proptest tests worlds with rapid, a library for property-based tests. It draws a
// seed, a schedule of faults and a workload, and runs the world. When a property fails, it
// shrinks all of these to the smallest input that still makes the property fail.
//
//	func TestRaftUnderFaults(t *testing.T) {
//		proptest.Check(t, func(p *proptest.P) {
//			faults := p.Faults(proptest.Nodes(5), proptest.Horizon(10*time.Second), proptest.AllKinds)
//			ops := proptest.Draw(p, proptest.Workloads(3, 20, time.Second, operation), "operations")
//			p.Run(faults, func(w *sim.World) {
//				c := raft.NewCluster(w, 5)
//				w.Always("one leader per term", c.OneLeaderPerTerm)
//				done := ops.Start(w, func(client int, op Operation) { … })
//				w.Eventually("all is answered", 20*time.Second, done)
//			})
//		})
//	}
//
// # First draw, then run
//
// Everything is drawn before the run, and is data. Draw refuses to draw inside a run: such a
// draw would depend on the faults before it, so that rapid could not remove one
// fault and leave the rest alone. Random decisions of the run itself are keyed by the seed
// and by the content of each fault. They stay the same when another fault is removed.
//
// Zero is calm everywhere: seed 0, no faults, no operations, no think time. Smaller values are
// milder. Faults and operations are removed one by one, and those that stay become
// earlier, shorter and weaker. Two draws that must change together stay as they were
// drawn. An example is the client of an operation and the client that a fault affects.
//
// # What can be drawn
//
//	P.Faults, Schedules   faults, of all kinds or of chosen ones; see Option
//	Topologies            names of nodes
//	Workloads             operations of clients, of any type, with think times
//	Links, Seeds          how links behave, seeds of runs
//	Configs               whole configurations, for P.RunConfig
//
// You can draw anything else with rapid's own generators. Sizes vary more than with rapid's
// SliceOfN, which draws about 5 elements whatever its limit is: a schedule here is empty in
// one of five tries, and has half of its budget or more in another.
//
// # Three ways to run a test
//
//	go test                  what was saved, and then rapid's tries
//	samerun test -seeds 1-1000
//	                         a try for each seed, the same on every machine
//	go test -fuzz            draws by what code they reach; see MakeFuzz
//
// With the setting Goroutines, the worlds of a property run ordinary Go.
//
// # A failure
//
// The report has the seed, the draws, the schedule as a story, and the property that
// failed. rapid accepts a smaller try if it fails at the same line. All failures come from
// one line of this package, so that every smaller try counts. But it counts only if the same
// property fails, or if the same kind of error occurs. Otherwise shrinking would move to some
// other, easier failure. After rapid, the minimiser of package sim goes on: it removes
// steps of workloads and faults from the run, and leaves the draws alone.
//
// rapid's fail file under testdata/rapid contains plain words. It means something else as
// soon as the property draws other things. The replay file under testdata/replay contains the
// values themselves, as JSON. It is the regression test, and plain go test runs it first.
// Values that cannot be written as JSON are named and not saved.
//
// A property may make several runs. The one that failed is replayed and minimised. The
// others stay as they were drawn.
//
// # Other functions
//
// Repeat is for tests in the style of a state machine: a list of actions, and an invariant
// after each. MakeFuzz lets go test -fuzz choose the draws by what code they reach. Package
// linear checks the answers that clients got for linearizability. docs/proptest.md has
// an example from the draw to the replay.
//
// # Reading order
//
//   - check.go, p.go: Check and what a property can do. report.go: the report.
//   - options.go, schedules.go: which faults are drawn, and how.
//   - generators.go, workload.go: the other generators. repeat.go: state machines.
//   - seeds.go: tries for package sim. record.go, given.go: draws written to a replay file
//     and read from it. values.go, configvalue.go: values as JSON.
//   - fuzz.go: MakeFuzz. dice.go: the basic draws from which all others are made.
package proptest
