package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"samerun/sched"
)

// deviations is what a record says about how its run differs from the calm one,
// in which goroutines take turns in the order in which they become ready: lines
// for turns before which others went first, and for draws for select, timers and
// points (internal/overlay/src/runtime_deviate.go.txt).
type deviations struct {
	heads []string // the line that begins each test
	all   []deviation
	at    map[sched.Deviation]int // the index in all
}

// deviation is one of them.
type deviation struct {
	test int // the index in heads
	line string
	id   sched.Deviation
}

// readDeviations reads them from the file of a record.
func readDeviations(file string) (*deviations, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := &deviations{at: make(map[sched.Deviation]int)}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "test ") {
			d.heads = append(d.heads, line)
			continue
		}
		id, ok, err := parseDeviation(line)
		if err != nil || len(d.heads) == 0 && line != "" && line[0] != '#' {
			return nil, fmt.Errorf("the line %q is none of a record", excerptOf(line, 80))
		}
		if ok {
			d.at[id] = len(d.all)
			d.all = append(d.all, deviation{len(d.heads) - 1, line, id})
		}
	}
	return d, nil
}

// parseDeviation reports whether a line of a record is one. A draw is one of what
// is drawn, for no turn, since what is drawn says who draws and when.
func parseDeviation(line string) (id sched.Deviation, ok bool, err error) {
	words := strings.Fields(line)
	number := func(text string, base int) (x uint64) {
		if err == nil {
			x, err = strconv.ParseUint(text, base, 64)
		}
		return x
	}
	switch {
	case len(words) >= 6 && words[0] != "draw" && strings.HasPrefix(words[5], "+"):
		shift, ready, _ := strings.Cut(words[5][1:], "@")
		return sched.Deviation{Task: number(words[4], 16), Ready: number(ready, 10), Shift: number(shift, 10)}, true, err
	case len(words) >= 6 && words[0] == "draw" && slices.Contains([]string{"select", "timer", "point"}, words[2]):
		return sched.Deviation{Task: number(words[4], 16)}, true, err
	}
	return id, false, nil
}

// ids lists all.
func (d *deviations) ids() []sched.Deviation {
	ids := make([]sched.Deviation, len(d.all))
	for i := range d.all {
		ids[i] = d.all[i].id
	}
	return ids
}

// text is a record that has some of the deviations, and what else must be said of
// the run that it replays.
func (d *deviations) text(some []sched.Deviation) string {
	chosen := make([][]string, len(d.heads))
	for _, id := range some {
		one := &d.all[d.at[id]]
		chosen[one.test] = append(chosen[one.test], one.line)
	}
	var b strings.Builder
	for i, head := range d.heads {
		b.WriteString(head + "\n")
		for _, line := range chosen[i] {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// story tells of each in a line, for people.
func (d *deviations) story() string {
	var b strings.Builder
	for i := range d.all {
		words := strings.Fields(d.all[i].line)
		when, where := words[1], ""
		switch words[0] {
		case "draw":
			where = strings.Join(words[6:], " ")
			what := map[string]string{
				"select": "select looks at its cases in another order, in",
				"timer":  "a timer that fires before or behind others of its instant is made in",
				"point":  "others go first when a goroutine comes to",
			}[words[2]]
			fmt.Fprintf(&b, "turn %s: %s %s\n", when, what, where)
		default:
			where = strings.Join(words[6:], " ")
			if where == "" {
				where = "a goroutine that gets no turn any more"
			}
			n := d.all[i].id.Shift
			verb := "go"
			if n == 1 {
				verb = "goes"
			}
			fmt.Fprintf(&b, "at %s, turn %s: %d that became ready later %s before %s\n", strings.TrimRight(strings.TrimSuffix(words[2], "s"), "0")+"s", when, n, verb, where)
		}
	}
	return b.String()
}
