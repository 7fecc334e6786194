// Package fault describes faults as plain data: what can go wrong in a run, when, and to
// which nodes and links. docs/fault-kinds.md lists all kinds.
//
// # Schedules
//
// A Schedule is a list of elements. Each element is a Fault of some Kind. A schedule is drawn
// before the run begins. Together with the program and a seed, it is the whole input of
// a run.
//
//	{"faults": [
//	  {"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]},
//	  {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"],"boot":1}
//	], "quiet":"10s"}
//
// No element refers to the run by a global number. An element is tied to virtual time, to
// the n-th message of a method on a link, or to the n-th start of a node. So a minimiser, or
// you, can remove an element, and the others still mean what they meant.
//
// Parse reads this form and AppendJSON writes it. json.Marshal and json.Unmarshal work,
// too. Parse is strict: if a misspelt field were ignored, the test would test nothing.
//
// # Kinds
//
// Kinds returns a table of all kinds, with their fields, units and defaults, and with what each of them
// does to messages in flight:
//
//   - links: latency, loss, duplicate, replay, reorder, cut, clog, bandwidth
//   - picks of one message: drop, hold, twice, deliver
//   - partitions: partition, oneway, split, isolate, ring, bridge, flapping, swizzle
//   - nodes: crash, pause, slow
//   - clocks: offset, drift, jump
//   - disks: torn, syncfail, nospace, slowdisk, corrupt, unsynced, lose, crashat, short
//   - sockets of ordinary Go: reset, refuse, backlog, halfopen, stall, bitflip
//
// Links are directed, and a message is a request or a reply. For example, "the reply to the
// third RequestVote from n0 to n3 is lost, but it was executed" is
//
//	{"kind":"drop","from":["n3"],"to":["n0"],"method":"Raft.RequestVote","dir":"reply","nth":3}
//
// because the reply travels from n3 to n0.
//
// Where nodes are named, "*" means all of them, "@leader" means the node that the system
// under test calls the leader when the fault begins, and "%rack1" means the nodes of that failure
// domain.
//
// # Identity
//
// Random decisions of a fault, such as which nodes a split puts on which side, are drawn
// from the fault's own key. Keys come from the content of an element, and never from its
// place in the list: see Schedule.Keys.
//
// # Two phases
//
// At Schedule.Quiet everything is healed. Before that time, check what must hold in spite
// of faults. After it, check what must happen once they are over.
//
// # Presets
//
// If you do not want to choose faults yourself, use a preset, which draws a schedule from
// a seed: LAN, WAN, Flaky or Chaos. Each preset is a Mix, which is plain data as well. With
// Swarm, each seed has its own kinds and rates. Seed 0 always draws the empty schedule. A
// mix never takes down more than a minority of the nodes at a time, unless it is told to.
package fault
