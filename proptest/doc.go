// Package proptest finds bugs in worlds with rapid, and makes what it finds
// small: it draws a seed, a schedule of faults and a workload, runs the world, and
// when a property breaks shrinks all of them to the least that still breaks it.
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
// Everything is drawn before the run and is data. A draw inside of a run would
// depend on what the faults before it did, so that rapid could not take out one
// fault and leave the rest alone; Draw refuses it. What a run itself leaves to
// chance is keyed by the seed and by the content of each fault, and stays as it is
// when another fault goes.
//
// Zero is calm everywhere: seed 0, no faults, no operations, no think time; and
// smaller is milder. Faults and operations are taken out one by one, and those that
// stay become earlier, shorter and weaker. Two draws that must change together, such
// as the client of an operation and the client that a fault befalls, stay as they
// were drawn.
//
// # What can be drawn
//
//	P.Faults, Schedules   faults, of all kinds or of chosen ones; see Option
//	Topologies            names of nodes
//	Workloads             operations of clients, of any type, with think times
//	Links, Seeds          how links behave, seeds of runs
//	Configs               whole configurations, for P.RunConfig
//
// and with rapid's own generators anything else. Sizes really vary: rapid's SliceOfN
// has about 5 elements whatever its limit is; a schedule here is empty in one of
// five tries, and has half of its budget or more in another.
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
// The seed, the draws, the schedule as a story and the property that broke are in
// the report. rapid accepts a smaller try if it fails at the same line. All failures
// come from one line of this package, so that every smaller try counts; but only if
// the same property breaks, or the same kind of error comes, because otherwise
// shrinking would wander off to some other, easier failure. What rapid leaves, the
// minimiser of package sim goes on with: it takes steps of workloads and faults out
// of the run and leaves the draws alone.
//
// rapid's fail file under testdata/rapid holds plain words, and means something else
// as soon as the property draws other things. The replay file under testdata/replay
// holds the values themselves, as JSON: it is the regression test, and plain go test
// runs it first. Values that do not survive JSON are named and not saved.
//
// A property may make several runs. The one that failed is replayed and minimised;
// the others stay as they were drawn.
//
// # Other ways in
//
// Repeat is for tests in the style of a state machine: a list of actions, and an
// invariant after each. MakeFuzz lets go test -fuzz choose the draws by what code
// they reach. Package linear checks what clients were answered for linearizability.
// README.md has an example from the draw to the replay, docs/proptest.md all of this
// on one page.
//
// # Reading order
//
//   - check.go, p.go: Check and what a property can do. report.go: what is told.
//   - options.go, schedules.go: which faults are drawn, and how.
//   - generators.go, workload.go: the other generators. repeat.go: state machines.
//   - seeds.go: tries for package sim. record.go, given.go: what is drawn, into a
//     replay file and out of it. values.go, configvalue.go: values as JSON.
//   - fuzz.go: MakeFuzz. dice.go: the draws of which all of them are made.
package proptest
