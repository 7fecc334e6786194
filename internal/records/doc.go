// Package records reads what a run of ordinary Go has written about itself: which
// goroutine had each turn, at which virtual time, of how many that were ready, and what
// was drawn at random, with stacks. The overlay writes such a record
// (internal/overlay, runtime_record) and the flag -record asks for it.
//
// A record is text, a line for each thing:
//
//	test TestMoves seed 14
//	turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 +2@7 sync.(*Mutex).Lock:46 < bank.(*Bank).Move:88
//	draw 12 select 7 9c41000000000000 1a2b3c4d5e6f7081 bank.(*Bank).Move:61
//
// [Parse] reads a line. [ReadSections] finds the tests of a record of any size, and a
// [Reader] reads it line by line.
//
// [Deviations] are what is left of a record when all is taken away that the calm run does
// too, in which goroutines take turns in the order in which they become ready. A run is
// the same again when it is given these alone; the minimiser takes some of them out
// (IDs, Text), and Story tells of them, for people.
package records
