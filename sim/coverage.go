package sim

import (
	"fmt"

	"samerun/internal/text"
)

// coverage knows what the runs of a test have reached so far. Its zero value has
// seen no run.
//
// Invariant: order has the keys of reached, as they were first met.
type coverage struct {
	reached map[string]bool // by the sentence that is true as long as it is false
	order   []string
}

// add takes in a run. It returns the sentences that are true so far and were not
// told before, and those that this run ended.
func (y *coverage) add(r *Report) (vacuous, reached []string) {
	note := func(sentence string, count uint64) {
		before, known := y.reached[sentence]
		switch {
		case !known:
			if y.reached == nil {
				y.reached = map[string]bool{}
			}
			y.order = append(y.order, sentence)
		case before || count == 0:
			return
		}
		y.reached[sentence] = count > 0
		if count > 0 {
			reached = append(reached, sentence)
		} else {
			vacuous = append(vacuous, sentence)
		}
	}
	for _, p := range r.Properties {
		if p.Kind == "sometimes" {
			note(fmt.Sprintf("sometimes %q never happened", p.Name), p.Met)
		} else {
			note(fmt.Sprintf("%s %q was never looked at", p.Kind, p.Name), p.Checked)
		}
	}
	idle := func(kind string) string { return fmt.Sprintf("fault %s was asked for and never took effect", kind) }
	for _, f := range r.Faults {
		if f.Asked > 0 {
			note(idle(f.Kind), f.Fired)
		}
	}
	for _, o := range r.Outcomes {
		note(idle(string(o.Fault.Kind)), o.Fired)
	}
	return vacuous, reached
}

// vacuous returns the sentences that are true of all runs.
func (y *coverage) vacuous() (out []string) {
	for _, sentence := range y.order {
		if !y.reached[sentence] {
			out = append(out, sentence)
		}
	}
	return out
}

// mustReach fails the test if it asked for something that no seed reached.
func (x *tester) mustReach() {
	x.t.Helper()
	never := x.coverage.vacuous()
	if len(never) == 0 {
		return
	}
	list := ""
	for _, sentence := range never {
		list += "\n      " + text.Line(sentence)
	}
	x.t.Errorf("\n    the test is vacuous in all of its seeds (%s):%s\n    run more seeds, change the scenario, or unset SAMERUN_STRICT", x.env.seeds, list)
}
