package ordinary

import (
	"context"
	"regexp"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
)

// The calm run of a package, seed 0 under the strategy fifo, tells how many choices its
// tests have (strategy.go) and what ties them to each other (apart.go), before any seed.

const (
	calmStrategy = "fifo"
	// calmRuns is how many processes it may take: if a test kills one, those behind it
	// have another.
	calmRuns = 20
)

// calm makes the calm run of the tests of a package: one run for each process that it
// took. Behind a test that does not come to an end it is cut off: others might not either,
// and each would take as long.
func (u *Runner) calm(ctx context.Context, p *gocmd.Package) (runs []Run, err error) {
	skip := ""
	var done []string
	for range calmRuns {
		run, err := u.runAgain(ctx, p, 0, Spec{Pattern: u.opts.Run, Strategy: calmStrategy, Skip: skip, Timeout: u.opts.Timeout, Quiet: true, Count: u.wantsEvents(), Faults: u.Given(p, 0)})
		if err != nil {
			return nil, err
		}
		if run.End.Cancelled {
			return nil, ctx.Err()
		}
		runs = append(runs, run)
		if run.End.OK || run.began == "" || run.End.TimedOut || run.Watched() {
			break
		}
		// A test ended the process: the next one begins behind it.
		for _, t := range run.Tests {
			done = append(done, regexp.QuoteMeta(t.Test))
		}
		done = append(done, regexp.QuoteMeta(run.began))
		skip = "^(" + strings.Join(done, "|") + ")$|"
	}
	return runs, nil
}

// prepareAll makes the calm run of the packages, if anybody wants to know something of it.
func (u *Runner) prepareAll(ctx context.Context, pkgs []*gocmd.Package, phase runner.Phase) error {
	lengths := u.wantsLengths()
	if !lengths && !u.wantsArrangement() && u.opts.Faults == nil && len(u.mixed) == 0 {
		return nil
	}
	done := phase("making the calm run of", len(pkgs))
	errs := make([]error, len(pkgs))
	gocmd.ForEach(u.opts.Workers, len(pkgs), func(i int) {
		defer done()
		p := pkgs[i]
		runs, err := u.calm(ctx, p)
		if err == nil && lengths {
			err = u.noteLengths(p, runs)
		}
		if err == nil && len(runs) > 0 {
			u.noteEmpty(p, runs[0].Empty)
		}
		if err == nil && u.opts.Faults != nil {
			u.noteCalm(p, runs)
		}
		if err == nil && u.wantsArrangement() {
			var a arrangement
			a, err = u.arrange(ctx, p, runs)
			u.mu.Lock()
			u.arranged[p] = a
			u.mu.Unlock()
		}
		errs[i] = err
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
