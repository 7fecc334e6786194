package records

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/latency"
	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim/replay"
)

// Of returns the deviations of a test in the form in which a replay file has them, with
// places for people.
func (d *Deviations) Of(test string) []replay.Deviation {
	var all []replay.Deviation
	for i := range d.All {
		if of, _ := Parse(d.heads[d.All[i].test]); of.Test != test {
			continue
		}
		l := &d.All[i].line
		r := replay.Deviation{Place: d.place(d.All[i].test, l)}
		if l.Kind == "draw" {
			r.Draw = replay.Draw{Of: l.ID, Stream: l.Stream, In: l.In, Nth: l.Nth, Value: l.Value}
		} else {
			r.Turn = sched.Deviation{Task: l.ID, Ready: l.Readied, Shift: l.Waits}
		}
		all = append(all, r)
	}
	return all
}

// place says who deviates, where, and how.
func (d *Deviations) place(test int, l *Line) string {
	g := goroutine{test, l.ID}
	who := withoutLine(d.roots[g])
	if who == "" {
		who = fmt.Sprintf("goroutine %016x", l.ID)
	}
	if from := d.from[g]; from != "" {
		who += " (started by " + withoutLine(from) + ")"
	}
	at := ""
	if len(l.Frames) > 0 {
		at = ", at " + strings.Join(users(l.Frames), " < ")
	}
	switch l.Stream {
	case "":
		verb := "go"
		if l.Waits == 1 {
			verb = "goes"
		}
		return fmt.Sprintf("turn of %s, ready for the %s time%s: %d that became ready later %s first", who, text.Ordinal(l.Readied), at, l.Waits, verb)
	case "select":
		return fmt.Sprintf("%s, draw %d for a select%s: it looks at its cases in another order", who, l.Nth, at)
	case "timer":
		return fmt.Sprintf("%s, the %s timer that it makes%s: fires before or behind others of its instant", who, text.Ordinal(l.Nth), at)
	case "stall":
		return fmt.Sprintf("%s, the %s point in %s%s: held up for %v", who, text.Ordinal(l.Nth), l.In, at, time.Duration(l.Value))
	case "begin":
		return fmt.Sprintf("%s%s: begins late, after %v", who, at, time.Duration(l.Value))
	case "start":
		return fmt.Sprintf("%s, the %s go statement in %s%s: the new goroutine goes first", who, text.Ordinal(l.Nth), l.In, at)
	case "delay":
		if l.Value < latency.LatencyUsual {
			return fmt.Sprintf("%s, the %s time that it sends%s: arrives early, after %v", who, text.Ordinal(l.Nth), at, time.Duration(l.Value))
		}
		return fmt.Sprintf("%s, the %s time that it sends%s: arrives late, after %v", who, text.Ordinal(l.Nth), at, time.Duration(l.Value))
	}
	return fmt.Sprintf("%s, the %s point in %s%s: others go first", who, text.Ordinal(l.Nth), l.In, at)
}

// withoutLine is the function of a frame.
func withoutLine(frame string) string {
	if i := strings.LastIndexByte(frame, ':'); i >= 0 {
		return frame[:i]
	}
	return frame
}

// Plan is the deviations of a replay file for the process that runs it, in the order of the
// file: what SAMERUN_PICKS names (internal/overlay/_src/testing/samerun_record.go).
func Plan(p *replay.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "plan\ntest %s seed %d\n", p.Test, p.Seed)
	for _, d := range p.Deviations {
		switch {
		case !d.IsDraw():
			fmt.Fprintf(&b, "deviate turn %016x %d %d\n", d.Turn.Task, d.Turn.Ready, d.Turn.Shift)
		case d.Draw.In != "":
			fmt.Fprintf(&b, "deviate draw %016x %s %d@%s %016x\n", d.Draw.Of, d.Draw.Stream, d.Draw.Nth, d.Draw.In, d.Draw.Value)
		default:
			fmt.Fprintf(&b, "deviate draw %016x %s %d %016x\n", d.Draw.Of, d.Draw.Stream, d.Draw.Nth, d.Draw.Value)
		}
	}
	return b.String()
}
