// Package faultplan is what `samerun test -faults WHAT` gives to tests of ordinary Go: which
// faults a test has at a seed, and how its process is told.
//
//	plan, err := faultplan.Read("flaky")              // a preset, swarm, or a file
//	s := plan.Of("TestX", 7, 5*time.Millisecond, listeners) // the schedule of a test at a seed
//	text := faultplan.Text([]faultplan.Given{{"TestX", s}})  // what SAMERUN_FAULTS names
//
// A schedule depends on the seed, the name of the test, how long the test takes when
// nothing goes wrong, and the listeners that it has then; on nothing else. So a test has
// the faults by itself that it has among the others, and another one that is added changes
// none of them. Seed 0 has no faults, whatever was asked for.
//
// # Names
//
// Where a schedule says from whom to whom, "*" is everybody, "listener 2" the listener that
// began second in the test, "127.0.0.1:8080" a listener by its address, "TestX" whoever
// dials in that test, and any other word a node.
package faultplan
