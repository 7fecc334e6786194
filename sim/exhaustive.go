package sim

import (
	"errors"
	"fmt"

	"samerun/sched"
)

// mostRuns bounds an exhaustive search of one seed: what it has not covered by then,
// it says.
const mostRuns = 100_000

// everyOrder runs a seed under every order of its tasks, as far as the options
// allow, until one fails. It returns the failure, or the last run, and says in words
// what was covered.
func (x *tester) everyOrder(seed uint64, opts sched.ExhaustiveOptions) (*attempt, string) {
	if opts.Runs == 0 {
		opts.Runs = mostRuns
	}
	search, err := sched.NewExhaustive(opts)
	if err != nil {
		return &attempt{cfg: Config{Seed: seed}, report: &Report{Seed: seed}, failure: err}, ""
	}
	var last *attempt
	for search.More() {
		var order []sched.Deviation
		cfg := Config{Seed: seed, search: search.Strategy()}
		cfg.recorded = func(list []sched.Deviation) { order = list }
		a := x.run(cfg)
		// A run that is equivalent to an earlier one was given up and shows nothing. The first never is.
		if !errors.Is(a.report.Err, sched.ErrRedundant) {
			last = a
			// What others see of the run is data: the order as deviations from FIFO.
			last.cfg.search, last.cfg.recorded = nil, nil
			last.cfg.Strategy, last.cfg.Deviations = "fifo", order
			last.report.Deviations = order
			if last.failure != nil {
				return last, fmt.Sprintf("found in run %d of an exhaustive search", search.Runs()+1)
			}
		}
		if err := search.Done(); err != nil {
			last.failure = &RunError{Seed: seed, Err: err}
			return last, ""
		}
	}
	return last, search.String()
}
