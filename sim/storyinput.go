package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"samerun/internal/text"
)

// mostDeviations is how many a story tells one by one.
const mostDeviations = 5

// input tells what the failing run was given beside the seed and the faults: the words
// of its Config, and where its deviations were.
func (s *evidence) input() []string {
	lines := s.cfg.words()
	told := 0
	for i, place := range s.first.places {
		switch {
		case place == "":
		case told < mostDeviations:
			lines = append(lines, s.first.inWords(i))
			told++
		default:
			return append(lines, fmt.Sprintf("and so on: the replay file lists all %d deviations", len(s.first.places)))
		}
	}
	return lines
}

// words tells the part of an input that the minimiser adds, one sentence a line.
func (c *Config) words() (lines []string) {
	var of []string
	if c.Steps != nil {
		of = append(of, stepsInWords(*c.Steps))
	}
	for _, s := range c.Sizes {
		of = append(of, fmt.Sprintf("%s = %d", s.Name, s.Value))
	}
	if c.Horizon > 0 {
		of = append(of, fmt.Sprintf("horizon %v", c.Horizon))
	}
	if len(of) > 0 {
		lines = append(lines, "input: "+strings.Join(of, "; "))
	}
	var chance []string
	switch {
	case c.Strategy == "fifo" && len(c.Deviations) > 0:
		chance = append(chance, "tasks in order of readiness but for "+text.Count(len(c.Deviations), "deviation"))
	case c.Strategy == "fifo":
		chance = append(chance, "tasks in order of readiness")
	case c.Strategy != "":
		chance = append(chance, "tasks by "+c.Strategy)
	}
	switch c.Calm {
	case NoMishaps:
		chance = append(chance, "no random loss or delay")
	case FixedLatency:
		chance = append(chance, "no random loss or delay", "each latency in the middle of its range")
	}
	if len(chance) > 0 {
		lines = append(lines, "chance: "+strings.Join(chance, ", "))
	}
	for _, d := range c.Data {
		// The schedule is told below, fault by fault.
		if d.Err == nil && string(d.Value) != `"schedule"` {
			lines = append(lines, "drawn: "+d.Name+" = "+briefJSON(d.Value))
		}
	}
	return lines
}

// mostJSON is how much of a drawn value a story shows, in bytes.
const mostJSON = 300

func briefJSON(value json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return text.Cut(string(value), mostJSON)
	}
	return text.Cut(b.String(), mostJSON)
}

// mostSteps is how many steps of a workload a story lists.
const mostSteps = 12

// stepsInWords lists steps by workload: "steps 3 and 7 of commands".
func stepsInWords(steps Steps) string {
	var names []string
	of := map[string][]string{}
	for _, id := range steps {
		if of[id.Of] == nil {
			names = append(names, id.Of)
		}
		of[id.Of] = append(of[id.Of], fmt.Sprint(id.N))
	}
	if len(names) == 0 {
		return "no step of any workload"
	}
	parts := make([]string, len(names))
	for i, name := range names {
		list := of[name]
		word := "step "
		if len(list) > 1 {
			word = "steps "
		}
		if over := len(list) - mostSteps; over > 1 {
			list = append(list[:mostSteps:mostSteps], fmt.Sprintf("… and %d more", over))
		}
		parts[i] = word + strings.Join(list, ", ") + " of " + name
	}
	return strings.Join(parts, "; ")
}
