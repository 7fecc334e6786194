// Package fault is the fault model of samerun as plain data: what can go wrong
// in a run, when, and to whom.
//
// # Schedules
//
// A Schedule is a list of elements, each a Fault of some Kind, drawn before the
// run begins. Together with the program and a seed it is the whole input of a
// run. Nothing in it refers to what happens in the run by a global number: an
// element is tied to virtual time, to the n-th message of a method on a link, or
// to the n-th start of a node. Therefore an element can be taken out, by a
// minimiser or by hand, and the others still mean what they meant.
//
//	{"faults": [
//	  {"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]},
//	  {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"],"boot":1}
//	], "quiet":"10s"}
//
// Parse reads this form and AppendJSON writes it; json.Marshal and
// json.Unmarshal work too. Parse is strict, because a field that is misspelt
// and ignored makes a test that tests nothing.
//
// # Kinds
//
// Kinds returns the table of all kinds with their fields, units and defaults,
// and what each does to the messages that are already in flight:
//
//   - links: latency, loss, duplicate, replay, reorder, cut, clog, bandwidth
//   - picks of one message: drop, hold, twice, deliver
//   - partitions: partition, oneway, split, isolate, ring, bridge, flapping, swizzle
//   - nodes: crash, pause, slow
//   - clocks: offset, drift, jump
//   - disks: torn, syncfail, nospace, slowdisk, corrupt, unsynced, lose, crashat, short
//
// Links are directed, and a message is a request or a reply: "the reply of the
// third RequestVote from n0 to n3 is lost, but it was executed" is
//
//	{"kind":"drop","from":["n3"],"to":["n0"],"method":"Raft.RequestVote","dir":"reply","nth":3}
//
// because the reply travels from n3 to n0.
//
// Where nodes are named, "*" is all of them, "@leader" whoever the system under
// test says is the leader when the fault begins, and "%rack1" the nodes of that
// failure domain.
//
// # Identity
//
// What a fault leaves to chance, such as which nodes a split puts on which side,
// is drawn from the fault's own key. Keys come from the content of an element,
// never from its place in the list: see Schedule.Keys.
//
// # Two phases
//
// At Schedule.Quiet everything is healed. What must hold in spite of faults
// is asked for before; what must happen once they are over, after.
//
// # Plans
//
// Whoever does not want to think of faults takes a preset, which draws a
// schedule from a seed: LAN, WAN, Flaky or Chaos. Each is a Mix, which is plain
// data as well. Swarm makes each seed choose its own kinds and rates. Seed 0 always
// draws the empty schedule. A mix never takes down more nodes at a time than a
// minority, unless it is told to.
package fault
