package sweep

import (
	"fmt"
	"slices"
	"strings"

	"samerun/internal/screen"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// coverage is what the runs of a test reached. The processes say what their own
// runs did not, so it holds for all only if no process says otherwise. Its zero
// value has seen no run.
type coverage struct {
	reached map[string]bool // by the sentence that is true as long as it is false
}

// add takes in what the line of a run says.
func (c *coverage) add(o *wire.Result) {
	if c.reached == nil {
		c.reached = make(map[string]bool)
	}
	for _, sentence := range o.Vacuous {
		if _, known := c.reached[sentence]; !known {
			c.reached[sentence] = false
		}
	}
	for _, sentence := range o.Reached {
		c.reached[sentence] = true
	}
}

// vacuous returns the sentences that are true of all runs, sorted.
func (c *coverage) vacuous() (out []string) {
	for sentence, reached := range c.reached {
		if !reached {
			out = append(out, sentence)
		}
	}
	slices.Sort(out)
	return out
}

// idle returns the slots of the tests that are vacuous in all of their seeds. A
// test that did not run all of them says nothing.
func (s *Sweep) idle() (slots []*slot) {
	for i := range s.slots {
		sl := &s.slots[i]
		if sl.Name != "" && s.complete(sl) && len(sl.vacuous()) > 0 {
			slots = append(slots, sl)
		}
	}
	return slots
}

// complete says that a test had all of its runs.
func (s *Sweep) complete(sl *slot) bool {
	if s.opts.Guided.On {
		return len(sl.searches) > 0
	}
	return sl.done+sl.bad == s.opts.Seeds.Len()
}

// vacuity tells which tests are vacuous.
func (s *Sweep) vacuity(idle []*slot) string {
	color := screen.Plain
	if s.opts.Strict {
		color = screen.Red
	}
	var b strings.Builder
	for _, sl := range idle {
		b.WriteString(s.screen.Paint(color, "vacuous") + "  " + text.Line(sl.Pkg.Arg+"  "+sl.Name) + "\n")
		for _, sentence := range sl.vacuous() {
			fmt.Fprintf(&b, "    %s in %s\n", text.Line(sentence), s.ofRuns(sl.done+sl.bad))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// vacuous writes a line for each test that is vacuous, behind all others.
func (js *jsonStream) vacuous(idle []*slot, strict bool) error {
	for _, sl := range idle {
		js.write(Line{Package: sl.Pkg.Path, Test: sl.Name, OK: !strict, Vacuous: sl.vacuous()})
	}
	return js.send()
}
