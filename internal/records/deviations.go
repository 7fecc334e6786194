package records

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/latency"
	"samerun/internal/overlay/leaf/place"
	"samerun/internal/safefile"
	"samerun/sched"
)

// Deviations is what a record says about how its run differs from the calm one,
// in which goroutines take turns in the order in which they become ready: lines
// for turns before which others went first, and for draws for select, timers and
// points (internal/overlay/_src/runtime/samerun_deviate.go).
type Deviations struct {
	heads []string // the line that begins each test
	All   []deviation
	at    map[sched.Deviation]int // the index in all
	roots map[goroutine]string    // where goroutines begin
	from  map[goroutine]string    // where they are started
}

// goroutine is one of a test; those of two tests can have the same identity.
type goroutine struct {
	test int // the index in heads
	id   uint64
}

// deviation is one of them.
type deviation struct {
	test int // the index in heads
	text string
	line Line
	id   sched.Deviation
	// The goroutine that has started others in the turn which ends by this: first is
	// the one of them that has a turn before it has.
	first goroutine
}

// maxRecord bounds what is read at once.
const maxRecord = 4 << 30

// ReadDeviations reads them from the file of a record.
func ReadDeviations(file string) (*Deviations, error) {
	data, err := safefile.Read(file, maxRecord)
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	d := &Deviations{at: make(map[sched.Deviation]int), roots: make(map[goroutine]string), from: make(map[goroutine]string)}
	var overtakes overtaking
	for text := range strings.Lines(string(data)) {
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		line, err := Parse(text)
		if err != nil {
			return nil, err
		}
		if line.Kind == "test" {
			d.heads = append(d.heads, text)
			continue
		}
		if len(d.heads) == 0 {
			return nil, errLine(text)
		}
		switch {
		case line.Kind == "go" && len(line.Frames) > 0:
			// Of what the standard library starts, it is who called that.
			d.from[goroutine{len(d.heads) - 1, line.ID}] = line.Frames[min(1, len(line.Frames)-1)]
		case line.Root != "" && line.Stream != "begin": // which has the stack of who starts it
			d.roots[goroutine{len(d.heads) - 1, line.ID}] = line.Root
		}
		if id, ok := line.deviation(len(d.heads) - 1); ok {
			d.at[id] = len(d.All)
			d.All = append(d.All, deviation{test: len(d.heads) - 1, text: text, line: line, id: id})
		}
		overtakes.see(d, &line)
	}
	if len(d.heads) == 0 {
		return nil, errors.New("it has no test: it is empty, or was cut off")
	}
	return d, nil
}

// StrayStreams are the streams of draws for choices that have a calm way.
var StrayStreams = []string{"select", "timer", "point", "stall", "start", "begin", "delay"}

// deviation reports whether a line is one, and a name for it, which differs for each of
// the record.
func (l *Line) deviation(test int) (id sched.Deviation, ok bool) {
	switch {
	case l.Waits > 0:
		return sched.Deviation{Task: l.key(test), Ready: l.Readied, Shift: l.Waits}, true
	case l.Kind == "draw" && slices.Contains(StrayStreams, l.Stream):
		return sched.Deviation{Task: l.key(test)}, true
	}
	return id, false
}

// key is equal for draws of one test, goroutine, stream, function and number, and for the
// turns of one goroutine.
func (l *Line) key(test int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s %s %d", test, l.ID, l.Stream, l.In, l.Nth)
	return h.Sum64()
}

// Tests lists the tests of the record, and says which seed it is of. ok is false if there
// is none.
func (d *Deviations) Tests() (tests []string, seed uint64, ok bool) {
	for _, head := range d.heads {
		if l, err := Parse(head); err == nil {
			tests, seed = append(tests, l.Test), l.seed
		}
	}
	return tests, seed, len(tests) > 0
}

// IDs lists all.
func (d *Deviations) IDs() []sched.Deviation {
	ids := make([]sched.Deviation, len(d.All))
	for i := range d.All {
		ids[i] = d.All[i].id
	}
	return ids
}

// Text is a record that has some of the deviations, and what else must be said of
// the run that it replays.
func (d *Deviations) Text(some []sched.Deviation) string {
	chosen := make([][]string, len(d.heads))
	for _, id := range some {
		one := &d.All[d.at[id]]
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

// StoryOf tells of one in a line, as Story does, if it is there; else it is empty.
func (d *Deviations) StoryOf(id sched.Deviation) string {
	i, ok := d.at[id]
	if !ok {
		return ""
	}
	one := *d
	one.All = d.All[i : i+1]
	return strings.TrimSpace(one.Story())
}

// Story tells of each in a line, for people.
func (d *Deviations) Story() string {
	var b strings.Builder
	told := make(map[goroutine]bool)
	for i := range d.All {
		l := &d.All[i].line
		where, verb := strings.Join(users(l.Frames), " < "), "go"
		if l.Waits == 1 {
			verb = "goes"
		}
		switch {
		case l.Kind == "left":
			fmt.Fprintf(&b, "at %v, turn %d: %d that became ready later %s before a goroutine that does not get this turn any more%s\n", l.At, l.Turn, l.Waits, verb, d.whoIs(d.All[i].test, l))
		case l.Kind == "turn" && d.begins(d.All[i].test, l) != "":
			fmt.Fprintf(&b, "at %v, turn %d: %d that became ready later %s before the goroutine that was started at %s\n", l.At, l.Turn, l.Waits, verb, d.begins(d.All[i].test, l))
		case l.Kind == "turn":
			fmt.Fprintf(&b, "at %v, turn %d: %d that became ready later %s before %s\n", l.At, l.Turn, l.Waits, verb, where)
		case l.Stream == "select":
			fmt.Fprintf(&b, "turn %d: select looks at its cases in another order, in %s\n", l.Turn, where)
		case l.Stream == "timer":
			fmt.Fprintf(&b, "turn %d: a timer that fires before or behind others of its instant is made in %s\n", l.Turn, where)
		case l.Stream == "stall":
			fmt.Fprintf(&b, "turn %d: a goroutine is held up for a while when it comes to %s\n", l.Turn, where)
		case l.Stream == "begin":
			fmt.Fprintf(&b, "turn %d: the goroutine that was started at %s begins late\n", l.Turn, where)
		case l.Stream == "start":
			fmt.Fprintf(&b, "turn %d: the new goroutine goes first at %s\n", l.Turn, where)
		case l.Stream == "delay":
			late := "a little early or late"
			if l.Value > 5*latency.LatencyUsual {
				late = time.Duration(l.Value).Round(time.Millisecond).String() + " late"
			}
			fmt.Fprintf(&b, "turn %d: what is sent over a socket arrives %s, in %s\n", l.Turn, late, where)
		default:
			fmt.Fprintf(&b, "turn %d: others go first when a goroutine comes to %s\n", l.Turn, where)
		}
		if f := d.All[i].first; f.id != 0 && !told[f] {
			told[f] = true
			fmt.Fprintf(&b, "%s, started at %s, went before the next step of the one that started it; plain Go does this rarely (%s); -go late lets started goroutines begin late\n",
				cmp.Or(withoutLine(d.roots[f]), "a goroutine"), cmp.Or(d.from[f], "a go statement"), Rarely)
		}
	}
	return b.String()
}

// users are the frames without those of the standard library that the program's own function
// has called, such as that of a lock.
func users(frames []string) []string {
	i := slices.IndexFunc(frames, func(frame string) bool { return !place.Standard(withoutLine(frame)) })
	return frames[max(i, 0):]
}

// begins says where a goroutine was started that stands in no function of the program yet; it
// is empty for others, or if that is not known.
func (d *Deviations) begins(test int, l *Line) string {
	if len(l.Frames) > 0 && !place.Standard(withoutLine(users(l.Frames)[0])) {
		return ""
	}
	return d.from[goroutine{test, l.ID}]
}

// whoIs says where a goroutine stands and where it was started, as far as that is known.
func (d *Deviations) whoIs(test int, l *Line) string {
	text := ""
	if len(l.Frames) > 0 {
		text = ": it stands in " + strings.Join(users(l.Frames), " < ")
	}
	switch from := d.from[goroutine{test, l.ID}]; {
	case from == "":
	case text == "":
		text = ": it was started in " + from
	default:
		text += ", started in " + from
	}
	return text
}
