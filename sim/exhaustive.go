package sim

import (
	"errors"
	"fmt"

	"samerun/sched"
)

// mostRuns bounds an exhaustive search of one seed: what it has not covered by then,
// it says.
const mostRuns = 100_000

// RunOrders is Run under every order of tasks, as far as the options allow, until one fails: what
// samerun test -strategy exhaustive does for each seed of a test. It returns the report of the run that failed,
// or of the last one, and says in words what was covered, such as "all 90 schedules". Deviations
// of the report are the order of its run, as deviations from FIFO; with these and the strategy
// "fifo" in cfg, Run makes it again.
func RunOrders(cfg Config, opts sched.ExhaustiveOptions, fn func(w *World)) (r *Report, covered string) {
	a, covered := everyOrder(cfg, opts, func(cfg Config) *attempt {
		r := Run(cfg, fn)
		return &attempt{cfg: cfg, report: r, failure: r.Err}
	})
	if a.report.Err == nil {
		a.report.Err = a.failure // the search itself
	}
	return a.report, covered
}

// everyOrder makes a run under every order of its tasks, as far as the options
// allow, until one fails. It returns the failure, or the last run, and says in words
// what was covered.
func everyOrder(base Config, opts sched.ExhaustiveOptions, run func(Config) *attempt) (*attempt, string) {
	if opts.Runs == 0 {
		opts.Runs = mostRuns
	}
	search, err := sched.NewExhaustive(opts)
	if err != nil {
		return &attempt{cfg: base, report: &Report{Seed: base.Seed}, failure: err}, ""
	}
	var last *attempt
	for search.More() {
		var order []sched.Deviation
		cfg := base
		cfg.search = search.Strategy()
		cfg.recorded = func(list []sched.Deviation) { order = list }
		a := run(cfg)
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
			last.failure = &RunError{Seed: base.Seed, Err: err}
			return last, ""
		}
	}
	return last, search.String()
}
