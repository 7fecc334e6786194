package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"samerun/sched"
)

// deviations is what a record says about how its run differs from the calm one,
// in which goroutines take turns in the order in which they become ready: lines
// for turns before which others went first, and for draws for select, timers and
// points (internal/overlay/_src/runtime/samerun_deviate.go).
type deviations struct {
	heads []string // the line that begins each test
	all   []deviation
	at    map[sched.Deviation]int // the index in all
}

// deviation is one of them.
type deviation struct {
	test int // the index in heads
	text string
	line recordLine
	id   sched.Deviation
}

// readDeviations reads them from the file of a record.
func readDeviations(file string) (*deviations, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := &deviations{at: make(map[sched.Deviation]int)}
	for text := range strings.Lines(string(data)) {
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		line, err := parseRecordLine(text)
		if err != nil {
			return nil, err
		}
		if line.kind == "test" {
			d.heads = append(d.heads, text)
			continue
		}
		if len(d.heads) == 0 {
			return nil, errRecordLine(text)
		}
		if id, ok := line.deviation(); ok {
			d.at[id] = len(d.all)
			d.all = append(d.all, deviation{len(d.heads) - 1, text, line, id})
		}
	}
	return d, nil
}

// strayStreams are the streams of draws for choices that have a calm way.
var strayStreams = []string{"select", "timer", "point", "stall", "delay"}

// deviation reports whether a line is one. A draw is one of what is drawn, for no
// turn, since what is drawn says who draws and when.
func (l *recordLine) deviation() (id sched.Deviation, ok bool) {
	switch {
	case l.waits > 0:
		return sched.Deviation{Task: l.id, Ready: l.readied, Shift: l.waits}, true
	case l.kind == "draw" && slices.Contains(strayStreams, l.stream):
		return sched.Deviation{Task: l.value}, true
	}
	return id, false
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
		chosen[one.test] = append(chosen[one.test], one.text)
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
		l := &d.all[i].line
		where, verb := strings.Join(l.frames, " < "), "go"
		if l.waits == 1 {
			verb = "goes"
		}
		switch {
		case l.kind == "left":
			fmt.Fprintf(&b, "at %v, turn %d: %d that became ready later %s before a goroutine that gets no turn any more\n", l.at, l.turn, l.waits, verb)
		case l.kind == "turn":
			fmt.Fprintf(&b, "at %v, turn %d: %d that became ready later %s before %s\n", l.at, l.turn, l.waits, verb, where)
		case l.stream == "select":
			fmt.Fprintf(&b, "turn %d: select looks at its cases in another order, in %s\n", l.turn, where)
		case l.stream == "timer":
			fmt.Fprintf(&b, "turn %d: a timer that fires before or behind others of its instant is made in %s\n", l.turn, where)
		case l.stream == "stall":
			fmt.Fprintf(&b, "turn %d: a goroutine is held up for a while when it comes to %s\n", l.turn, where)
		case l.stream == "delay":
			late := "a little early or late"
			if l.value>>8%128 == 0 { // samerunNetworkSlowEvery
				late = "1 to 16 ms late"
			}
			fmt.Fprintf(&b, "turn %d: what is sent over a socket arrives %s, in %s\n", l.turn, late, where)
		default:
			fmt.Fprintf(&b, "turn %d: others go first when a goroutine comes to %s\n", l.turn, where)
		}
	}
	return b.String()
}
