package sim

import (
	"fmt"

	"samerun/internal/text"
	"samerun/internal/wire"
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

// cover is what a run has met, in numbers.
func (r *Report) cover() *wire.Cover {
	c := &wire.Cover{}
	for _, p := range r.Properties {
		c.Properties = append(c.Properties, wire.CoveredProperty{Kind: p.Kind, Name: p.Name, Checked: p.Checked, Met: p.Met})
	}
	at := map[string]int{}
	add := func(kind string, asked, fired uint64) {
		i, ok := at[kind]
		if !ok {
			i = len(c.Faults)
			at[kind] = i
			c.Faults = append(c.Faults, wire.CoveredFault{Kind: kind})
		}
		c.Faults[i].Asked += asked
		c.Faults[i].Fired += fired
	}
	for _, f := range r.Faults {
		if f.Asked > 0 {
			add(f.Kind, f.Asked, f.Fired)
		}
	}
	for _, o := range r.Outcomes {
		add(string(o.Fault.Kind), 1, o.Fired)
	}
	return c
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
