// Package linear checks whether what the clients of a system were answered could
// have come from one machine that does one thing after the other, each operation
// at some moment between its call and its answer. That is linearizability (Herlihy
// and Wing, "Linearizability: a correctness condition for concurrent objects",
// TOPLAS 1990). The search is porcupine's.
//
//	var h linear.History[linear.KVInput, string]
//	p.Run(faults, func(w *sim.World) {
//		… c := h.Begin(w, client, linear.KVInput{Op: linear.KVGet, Key: "x"})
//		… c.End(clerk.Get("x"))
//	})
//	if err := linear.Check(linear.KV(), &h); err != nil {
//		p.Fail(err)
//	}
//
// A History belongs to one run and is made outside of it. Each client notes a call
// when it makes it and the answer when it has it. No answer is not the same as not
// done: leave out End and Cancel, and the operation may have happened at any time
// from its call on, or not at all. Cancel is only for what surely never happens.
//
// Models are Register, KV, Queue, Lock and Log; others are a Model with a state of
// your own. Operations on different keys are checked apart.
//
// # Time
//
// Operations are ordered by the sequence of calls and answers in the run, not by
// virtual time: much can happen at one instant, and by time alone a stale read
// directly after a write would pass. Virtual times are shown, and decide nothing.
// For the same reason the search has no time limit but a bound on its steps: what
// it says is the same on every machine. The search is exponential in how many
// operations overlap; a handful of clients on several keys are no trouble,
// many unanswered writes or thousands of overlapping operations on one key are. Then
// Check returns an UndecidedError when the bound is reached: after about a second for
// a KV, and after a minute or more for one queue of ten thousand operations.
//
// # Failures
//
// The error names the first answer that no order of what came before it explains,
// which is where to look. Picture draws the operations, the orders and the faults.
//
// # Reading order
//
//   - history.go, model.go: what is recorded, and what is right.
//   - check.go, error.go: the check and its result. picture.go: the picture.
//   - register.go, kv.go, queue.go, lock.go, log.go: the models; chain.go: the list
//     of which their states are made.
package linear
