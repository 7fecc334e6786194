package ordinary

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/pick"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/sched"
)

// ReadStrategy reads the name of a strategy for ordinary tests. The error says in one
// sentence what is wrong with it, or that ordinary tests have none like that.
func ReadStrategy(name string) (sched.StrategySpec, error) {
	spec, err := sched.ParseStrategy(name)
	if err != nil {
		return spec, fmt.Errorf("-strategy: %w", err)
	}
	if _, search := spec.Exhaustive(); search {
		return spec, fmt.Errorf("-strategy %s is not for tests of ordinary Go: %s; %s", name, pick.NoSearch, pick.SingleChoices)
	}
	return spec, nil
}

// lengths is how many choices the runs of a package's tests have, as PCT and delay want
// to know.
type lengths struct {
	file   string // with a line for each test, for the processes; empty if nothing is known
	byTest map[string]int
}

// calmRuns is how many processes measure may take: if a test kills one, those behind it
// have another.
const calmRuns = 20

// measureAll finds out how long the tests of the packages are, if the strategy wants to
// know.
func (u *Runner) measureAll(ctx context.Context, pkgs []*gocmd.Package, phase runner.Phase) error {
	spec, err := ReadStrategy(u.opts.Strategy)
	if err != nil || !spec.NeedsLength() || u.opts.Picks != "" {
		return err
	}
	done := phase("making the calm run of", len(pkgs))
	for _, p := range pkgs {
		l, err := u.measure(ctx, p)
		if err != nil {
			return err
		}
		u.lengths[p.Path] = l
		done()
	}
	return nil
}

// measure makes a calm run of the tests of a package. So each test has a length of its own, and the run of a seed is the same
// whichever tests run beside it. A test without a calm run that ended has none, and then
// pick.DefaultLength counts.
func (u *Runner) measure(ctx context.Context, p *gocmd.Package) (lengths, error) {
	l := lengths{byTest: make(map[string]int)}
	var list strings.Builder
	skip := ""
	for range calmRuns {
		run, err := u.runOnce(ctx, p, 0, Spec{Pattern: u.opts.Run, Strategy: "fifo", Skip: skip, Timeout: u.opts.Timeout, Quiet: true})
		if err != nil || run.End.Cancelled {
			return l, err
		}
		done := make([]string, 0, len(run.Tests)+1)
		for _, t := range run.Tests {
			done = append(done, regexp.QuoteMeta(t.Test))
			if _, twice := l.byTest[t.Test]; !twice {
				l.byTest[t.Test] = sched.EstimateLength(t.Choices)
				fmt.Fprintf(&list, "%s %d\n", t.Test, l.byTest[t.Test])
			}
		}
		if run.End.OK || run.began == "" {
			break
		}
		// A test ended the process: the next one begins behind it.
		skip += "^(" + strings.Join(append(done, regexp.QuoteMeta(run.began)), "|") + ")$|"
	}
	l.file = u.files.Next(".lengths")
	if err := os.WriteFile(l.file, []byte(list.String()), 0o666); err != nil {
		return l, fmt.Errorf("no place for what the calm run of %s has shown: %w", p.Arg, err)
	}
	return l, nil
}

// strategyOf is the text of a strategy as it stands in a command that runs tests by
// themselves: with the length of the test, if the pattern is of one and its length is
// known. A command that runs several finds their lengths out as this one did.
func (u *Runner) strategyOf(p *gocmd.Package, spec Spec) string {
	s, err := sched.ParseStrategy(spec.Strategy)
	if err != nil || !s.NeedsLength() {
		return spec.Strategy
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	l := u.lengths[p.Path]
	for test, n := range l.byTest { //samerun:allow maprange: one test at most has the pattern
		if text.TestPattern(test) == spec.Pattern {
			return s.WithLength(n).String()
		}
	}
	if spec.Pattern != "" && l.file != "" && isOneTest(spec.Pattern) {
		return s.WithLength(pick.DefaultLength).String()
	}
	return spec.Strategy
}

// isOneTest reports whether a pattern is one of text.TestPattern's.
func isOneTest(pattern string) bool {
	name, ok := strings.CutPrefix(pattern, "^")
	name, end := strings.CutSuffix(name, "$")
	return ok && end && text.TestPattern(name) == pattern
}
