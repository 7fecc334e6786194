// Package guide looks for runs that see what no run before has seen: it says which inputs to run
// next, and takes in what they saw. It makes no runs itself.
//
// A [Search] has a corpus of entries. An entry is an input, as a replay file has it: a seed, forks
// from which on other seeds decide, a schedule of faults, decisions of turns that differ, and the
// steps that are done. An input is kept as an entry if its run saw a feature (package feature)
// that none before it has seen. New inputs are fresh seeds, or an entry with one change
// (mutate.go): since every decision is drawn from a key of its own, all that does not come of
// the change stays as it was.
//
// Which entry is changed is drawn in proportion to its energy (energy.go): entries that were the
// first to see what few runs see have more. Which change is made follows what the changes have
// brought so far (arms.go).
//
// A search is deterministic: it hands out inputs in generations of a fixed size, and takes in
// what they saw in their order. So it does not matter how many are run at a time. What it draws
// is drawn from the first seed and the number of the run.
//
// The ideas are those of AFLFast (Böhme, Pham and Roychoudhury, "Coverage-based greybox fuzzing as
// Markov chain", CCS 2016) for energy, RFF (Wolff, Shi, Duck, Mathur and Roychoudhury,
// "Greybox fuzzing for concurrency testing", ASPLOS 2024) for orders of two accesses, ModelFuzz
// (OOPSLA 2025) for states that the test tells, Mallory (Meng, Pîrlea, Roychoudhury and Sergey,
// "Greybox fuzzing of distributed systems", CCS 2023) for learning which change pays, and Fest
// (NSDI 2026) for mutations of whole runs.
package guide
