// Package commit is two-phase commit (Gray, "Notes on data base operating systems", 1978;
// Bernstein, Hadzilacos and Goodman, "Concurrency control and recovery in database
// systems", 1987, chapter 7). Several machines take part in a transaction, and either all of
// them carry it out, or none.
//
//	coordinator        participants
//	    ├──── Prepare ────▶  may it be?      each saves its yes before it says so
//	    ◀──── yes ─────────┤
//	  saves "commit"                         from here on it is committed
//	    ├──── Decide ─────▶  carry it out    each saves the decision, and answers
//
// A participant that has said yes is in doubt until it hears more: it has given up the right
// to decide by itself. It asks the coordinator again and again. A coordinator that knows
// nothing of a transaction answers that it was aborted. This is called presumed abort, and
// it is why only commits are saved.
//
// # What must hold
//
//   - Atomic commit: no node commits what another has aborted.
//   - No commit against a no: nobody commits what not all participants have voted for.
//   - Decisions last: nobody takes a decision back or forgets it, even in a crash.
//   - When the machines and the network work again, nobody stays in doubt.
//
// The protocol blocks: while the coordinator is away, participants in doubt wait. This is not a
// mistake of the implementation (Skeen, "Nonblocking commit protocols", SIGMOD 1981). So
// nothing is promised for the time of faults.
//
// # Reading order
//
// Read messages.go, participant.go, coordinator.go, and journal.go (what is on disk). Then
// read watch.go (what must hold), scenario.go (what goes wrong), and bugs.go (three
// mistakes that can be planted, and that the scenario finds).
package commit
