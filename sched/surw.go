package sched

import "samerun/internal/pick"

// SURW is the selectively uniform random walk: section 3.2 of Zhao, Wolff, Mathur and
// Roychoudhury, "Selectively Uniform Concurrency Testing" (ASPLOS 2025). A seed chooses
// kinds of turns: those that tasks of one name (as of one kind of message) have on one
// node behind one kind of wait, such as Chan.Recv. Each order of the chosen turns has
// the same chance, if they are counted right (see URW). What is not chosen happens in
// between, in any order, so that it takes no chance away from the orders that a seed is
// about.
//
// Make one by StrategySpec.New. A turn costs time in proportion to the ready tasks.
type SURW struct{ weighted }

func newSURW(seed uint64, w pick.Weights) *SURW {
	s := &SURW{}
	s.by.Start(pick.Spec{Kind: pick.KindSURW, Weights: w}, pick.ScheduleKey(seed))
	return s
}
