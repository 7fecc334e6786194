package ordinary

import (
	"fmt"
	"os"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/pick"
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
// to know, or how many events their goroutines have, as URW and SURW do.
type lengths struct {
	file   string            // with a line for each test, for the processes; empty if nothing is known
	byTest map[string]string // the strategy with what is known, as text
}

// wantsLengths reports whether the strategy wants to know how long the tests are, or what
// is in them.
func (u *Runner) wantsLengths() bool {
	spec, err := ReadStrategy(u.opts.Strategy)
	return err == nil && (spec.NeedsLength() || spec.NeedsEvents()) && u.opts.Picks == ""
}

// wantsEvents reports whether it wants to know how many events goroutines have.
func (u *Runner) wantsEvents() bool {
	spec, err := ReadStrategy(u.opts.Strategy)
	return err == nil && spec.NeedsEvents() && u.opts.Picks == ""
}

// noteLengths notes what the calm run of a package tells. So each test has a length of its
// own, and the run of a seed is the same whichever tests run beside it. A test without a
// calm run that ended has none, and then pick.DefaultLength counts.
func (u *Runner) noteLengths(p *gocmd.Package, calm []Run) error {
	l := lengths{byTest: make(map[string]string)}
	var list strings.Builder
	for i := range calm {
		for k := range calm[i].Tests {
			t := &calm[i].Tests[k]
			if _, twice := l.byTest[t.Test]; twice {
				continue
			}
			spec, problem := pick.ParseSpec(u.opts.Strategy)
			if problem != "" {
				return fmt.Errorf("strategy %q: %s", u.opts.Strategy, problem)
			}
			events := pick.WeightsOf(spec.Kind, t.Families())
			spec = spec.WithLength(pick.EstimateLength(t.Choices)).WithWeights(&events)
			l.byTest[t.Test] = spec.String()
			known := l.byTest[t.Test][strings.LastIndexByte(l.byTest[t.Test], ':')+1:]
			fmt.Fprintf(&list, "%s %s\n", t.Test, known)
		}
	}
	l.file = u.files.Next(".lengths")
	if err := os.WriteFile(l.file, []byte(list.String()), 0o666); err != nil {
		return fmt.Errorf("no place for what the calm run of %s has shown: %w", p.Arg, err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.lengths[p.Path] = l
	return nil
}

// strategyOf is the text of a strategy as it stands in a command that runs tests by
// themselves: with the length of the test, if the pattern is of one and its length is
// known. A command that runs several finds their lengths out as this one did.
func (u *Runner) strategyOf(p *gocmd.Package, spec Spec) string {
	s, problem := pick.ParseSpec(spec.Strategy)
	if problem != "" || !s.Wants() {
		return spec.Strategy
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	l := u.lengths[p.Path]
	for test, known := range l.byTest { //samerun:allow maprange: one test at most has the pattern
		if text.TestPattern(test) == spec.Pattern {
			return known
		}
	}
	if spec.Pattern != "" && l.file != "" && isOneTest(spec.Pattern) {
		none := pick.WeightsOf(s.Kind, nil)
		return s.WithLength(pick.DefaultLength).WithWeights(&none).String()
	}
	return spec.Strategy
}

// isOneTest reports whether a pattern is one of text.TestPattern's.
func isOneTest(pattern string) bool {
	name, ok := strings.CutPrefix(pattern, "^")
	name, end := strings.CutSuffix(name, "$")
	return ok && end && text.TestPattern(name) == pattern
}
