// Package proptest finds bugs in worlds with rapid, and makes what it finds
// small: it draws a seed, a schedule of faults and a workload, runs the world, and
// when a property breaks shrinks all of them to the least that still breaks it.
//
//	func TestRaftUnderFaults(t *testing.T) {
//		proptest.Check(t, func(p *proptest.P) {
//			faults := p.Faults(proptest.Nodes(5), proptest.Horizon(10*time.Second), proptest.All)
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
// # A failure
//
// The seed, the draws, the schedule as a story and the property that broke are in
// the report, and rapid's fail file under testdata/rapid holds the draws: it is
// tried first from then on. rapid accepts a smaller try if it fails at the same
// line. All failures come from one line of this package, so that every smaller try
// counts; but only if the same property breaks, or the same kind of error comes,
// because otherwise shrinking would wander off to some other, easier failure.
//
// A fail file holds plain words, and means something else as soon as the property
// draws other things. It is for fixing a bug now. What should last goes into a test
// of its own, with the schedule from the report.
//
// # Other ways in
//
// Repeat is for tests in the style of a state machine: a list of actions, and an
// invariant after each. MakeFuzz lets go test -fuzz choose the draws by what code
// they reach. Package linear checks what clients were answered for linearizability.
//
// # Reading order
//
//   - check.go, p.go: Check and what a property can do. report.go: what is told.
//   - options.go, schedules.go: which faults are drawn, and how.
//   - generators.go, workload.go: the other generators. repeat.go: state machines.
//   - dice.go: the draws of which all of them are made.
package proptest
