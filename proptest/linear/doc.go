// Package linear checks whether what the clients of a system were answered could
// have come from one machine that does one thing after the other, each operation
// at some moment between its call and its answer. That is linearizability (Herlihy
// and Wing, "Linearizability: a correctness condition for concurrent objects",
// TOPLAS 1990).
//
//	sim.Test(t, func(w *sim.World) {
//		var h linear.History[linear.KVInput, string]
//		… c := h.Begin(w, client, linear.KVInput{Op: linear.KVGet, Key: "x"})
//		… c.End(clerk.Get("x"))
//		linear.CheckIn(w, linear.KV(), &h)
//	})
//
// CheckIn fails the run and puts a picture beside its replay file; Check is for a
// history whose run is over.
//
// A History belongs to one run. Each client notes a call
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
// it says is the same on every machine.
//
// # How it is decided
//
// Deciding is hard in general (Gibbons and Korach, "Testing shared memories", SIAM
// Journal on Computing 1997, show it NP-complete for a register), so there are three
// ways, tried in this order:
//
//   - Directly, without a search: a register or a key whose writes have different
//     values and are neither swaps, appends nor deletes; a queue whose pushes have
//     different values; every log. Unanswered operations do no harm.
//   - By the frontier, which goes through the history once and keeps all
//     configurations. It grows with what overlaps and with the unanswered operations,
//     and not with the length.
//   - By porcupine's search, when there are too many configurations, or if states can
//     be found again by comparing only (a model with Equal and without Hash).
//
// If that too gets to its bound, Check returns an UndecidedError. Ten thousand
// operations of five or ten clients, one in a hundred unanswered, are decided in
// about a second or less, right or wrong; with one in twenty unanswered, wrong ones
// with swaps or of one lock are not. Give every write and every push a value of its
// own, and let clients wait for answers.
//
// # Failures
//
// The error names the first answer that no order of what came before it explains,
// which is where to look. Picture draws the operations, the orders and the faults.
//
// # Reading order
//
//   - history.go, model.go: what is recorded, and what is right.
//   - check.go, error.go: the check and its result. checkin.go: inside a run.
//   - search.go, frontier.go: the search. zones.go, queueorder.go, logorder.go: the
//     direct ways. kvnarrow.go: fewer states for a store.
//   - picture.go, window.go, drawfaults.go: the picture, what of a long history it
//     shows, and the faults.
//   - register.go, kv.go, queue.go, lock.go, log.go: the models; chain.go: the list
//     of which their states are made.
package linear
