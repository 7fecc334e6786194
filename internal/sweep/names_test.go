package sweep

import (
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/screen"
)

// Of several tests in one target, each that ran at one seed at least counts; those that
// never did are named, and if none did, the target is not good but skipped.
func TestNamesOfATarget(t *testing.T) {
	outcome := func(ran, skipped string) runner.Outcome {
		return runner.Outcome{Ran: strings.Fields(ran), Skipped: strings.Fields(skipped)}
	}
	for _, c := range []struct {
		name      string
		outcomes  []runner.Outcome
		tests     uint64
		isSkipped bool
		skips     string
	}{
		{"one test of package sim", []runner.Outcome{outcome("", "")}, 1, false, ""},
		{"no run yet", nil, 1, false, ""},
		{"the same tests at each seed", []runner.Outcome{outcome("A B", ""), outcome("A B", "")}, 2, false, ""},
		{"one ends it", []runner.Outcome{outcome("A", ""), outcome("A B C", "")}, 3, false, ""},
		{"some skip", []runner.Outcome{outcome("A", "C B"), outcome("A B", "C")}, 2, false, "skipped: C"},
		{"many skip", []runner.Outcome{outcome("A", "B C D E")}, 1, false, "4 tests skipped"},
		{"all skip", []runner.Outcome{outcome("", "B A"), outcome("", "A B")}, 0, true, "skipped: A, B"},
		{"all skip but once", []runner.Outcome{outcome("", "A"), outcome("A", "")}, 1, false, ""},
	} {
		sl := slot{Target: runner.Target{Name: "all tests", Pkg: &gocmd.Package{Arg: "./a"}}}
		for i := range c.outcomes {
			sl.note(&c.outcomes[i])
			sl.done++
		}
		if sl.tests() != c.tests || sl.isSkipped() != c.isSkipped || sl.skips() != c.skips {
			t.Errorf("%s: %d tests, skipped: %t, %q", c.name, sl.tests(), sl.isSkipped(), sl.skips())
		}
		for _, strict := range []bool{false, true} {
			s := &Sweep{opts: Options{Strict: strict, Seeds: mustSeeds("1")}, progress: newProgress(), slots: []slot{sl}, screen: screen.New(nil, nil, "", "")}
			s.slots[0].done = 1
			row, last := s.passed(nil), s.summary(nil, nil, false)
			if strings.HasPrefix(row, "skip  ./a  all tests") != c.isSkipped || strings.HasPrefix(last, "FAIL: ") != (strict && c.isSkipped) {
				t.Errorf("%s, -strict %t:\n%s%s", c.name, strict, row, last)
			}
		}
	}
}
