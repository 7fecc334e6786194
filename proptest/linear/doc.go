// Package linear checks histories for linearizability. A history records which operations
// the clients of a system called, and what they were answered. It is linearizable if one
// machine that does one thing after the other could have given these answers, with each operation
// at some moment between its call and its answer (Herlihy and Wing, "Linearizability: a
// correctness condition for concurrent objects", TOPLAS 1990).
//
//	sim.Test(t, func(w *sim.World) {
//		var h linear.History[linear.KVInput, string]
//		… c := h.Begin(w, client, linear.KVInput{Op: linear.KVGet, Key: "x"})
//		… c.End(clerk.Get("x"))
//		linear.CheckIn(w, linear.KV(), &h)
//	})
//
// CheckIn fails the run and puts a picture beside its replay file. Check is for a history
// whose run is over.
//
// A History belongs to one run. Each client records a call when it makes it, and the answer
// when it gets it. No answer does not mean that the operation was not done. If you call neither
// End nor Cancel, the operation may have happened at any time after its call, or not at all. Use
// Cancel only if you are sure that it never happens.
//
// The models are Register, KV, Queue, Lock and Log. For anything else, write a Model with a
// state of your own. Operations on different keys are checked separately.
//
// # Time
//
// Operations are ordered by the sequence of calls and answers in the run, and not by virtual
// time. Much can happen at one instant, and by time alone, a stale read directly after a
// write would be accepted. Virtual times are shown, but decide nothing. For the same reason the
// search has no time limit but a limit on its steps: its result is the same on every machine.
//
// # How it is decided
//
// The problem is hard in general: it is NP-complete for a register (Gibbons and Korach,
// "Testing shared memories", SIAM Journal on Computing 1997). So there are three methods,
// tried in this order:
//
//   - Directly, without a search. This works for a register or a key whose writes have
//     different values and are neither swaps, appends nor deletes; for a queue whose pushes
//     have different values; and for every log. Unanswered operations do no harm.
//   - By the frontier. It goes through the history once and keeps all configurations. It
//     grows with the overlap and with the unanswered operations, but not with the length.
//   - By porcupine's search, if there are too many configurations, or if states can only be
//     compared (a model with Equal and without Hash).
//
// If the last method reaches its limit, too, Check returns an UndecidedError. Ten thousand
// operations of five or ten clients, with one in a hundred unanswered, are decided in about a
// second or less, right or wrong. With one in twenty unanswered, wrong histories with swaps or of
// one lock are not decided. Give every write and every push a value of its own, and let clients
// wait for answers.
//
// # Failures
//
// The error names the first answer that no order of the operations before it explains. Look
// there first. Picture draws the operations, the orders and the faults.
//
// # Reading order
//
//   - history.go, model.go: what is recorded, and what is correct.
//   - check.go, error.go: the check and its result. checkin.go: inside a run.
//   - search.go, frontier.go: the search. zones.go, queueorder.go, logorder.go: the direct
//     methods. kvnarrow.go: fewer states for a store.
//   - picture.go, window.go, drawfaults.go: the picture, the part of a long history that it
//     shows, and the faults.
//   - register.go, kv.go, queue.go, lock.go, log.go: the models. chain.go: the list from
//     which their states are made.
package linear
