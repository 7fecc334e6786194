package ordinary

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/neighbour"
	"samerun/internal/story"
	"samerun/internal/tracefile"
	"samerun/internal/wire"
)

// A test that sends nothing has a diagram of its goroutines: a lane for each that runs code of
// the program, and a row for each turn, with the function in which it goes on and that for which it
// has waited. It is made of the record of the turns. Who has made a goroutine ready is in no
// record; the report of a deadlock names who holds what.

// Limits of a story of ordinary Go: all its lines, those that the tool puts around it, and those
// of a diagram.
const (
	mostLines   = 40
	linesAround = 9
	mostTurns   = 24
	fewestTurns = 6
	mostLanes   = 9
)

// roomBeside is how many rows a diagram may have below the rest of a story; too few are none.
func roomBeside(rest string, most int) int {
	const head = 3 // an empty line, the title, and the names of the lanes
	room := min(most, mostLines-linesAround-head-strings.Count(strings.Trim(rest, "\n"), "\n")-1)
	if room < fewestTurns {
		return 0
	}
	return room
}

// turnsOf are the turns of a test as events of a story; there are none if the test has sent
// something, which has a diagram of its own, or if it has one goroutine, or too many for a
// diagram.
func turnsOf(pkg, record, test string, end *wire.Result) []story.Event {
	if end != nil && (end.Calls != nil || end.Faults != nil && end.Faults.Sent != nil) {
		return nil
	}
	x := &tracing{test: test, end: end}
	if x.turns(record) != nil || x.b.Len() == 0 {
		return nil
	}
	d := &turnDrawing{t: x.b.Trace(tracefile.Header{}), lanes: map[string]story.Lane{}, own: pkg[strings.LastIndexByte(pkg, '/')+1:] + "."}
	events := d.events()
	if len(d.lanes) < 2 || len(d.lanes) > mostLanes {
		return nil
	}
	at := time.Duration(x.last)
	if end != nil {
		at = max(at, time.Duration(end.VirtualNS))
	}
	return append(events, story.Event{Row: story.Row{At: at, Text: "fail", Mark: story.Remark}, What: story.Broken})
}

// drawTurns draws such events in so many rows.
func drawTurns(events []story.Event, failure string, room int) string {
	if room == 0 || len(events) == 0 {
		return ""
	}
	e := story.Pick(events, 0, failure, room)
	title, _, _ := strings.Cut(e.Title(), ", each message") // the arrows are no messages
	return "\n\n" + title + ", with a lane for each goroutine:\n  " + strings.Join(e.Diagram(), "\n  ")
}

// turnDrawing makes events of a story of those of a trace.
type turnDrawing struct {
	t     *tracefile.Trace
	lanes map[string]story.Lane // by goroutine
	own   string                // begins the names of functions of the package
	owns  map[string]bool       // the goroutines that come to a function of the program
}

// events are the rows that there could be.
func (d *turnDrawing) events() (events []story.Event) {
	d.owns = map[string]bool{}
	for i := range d.t.Events {
		if e := &d.t.Events[i]; neighbour.Frame(e.Where) != "" {
			d.owns[e.Goroutine()] = true
		}
	}
	for i := range d.t.Events {
		e := &d.t.Events[i]
		if !d.owns[e.Goroutine()] && !ofTest(e) {
			continue
		}
		x := story.Event{Row: story.Row{At: time.Duration(e.At)}, What: story.Other}
		switch e.Kind {
		case tracefile.Go:
			by := d.lanes[e.Text[strings.LastIndexByte(e.Text, ' ')+1:]]
			x.To = d.lane(e)
			if by.Index == 0 {
				x.From, x.To, x.Text = x.To, by, "begins"
			} else {
				x.From, x.Text = by, "start of "+x.To.Name
			}
			if frame := d.frame(e.Where); frame != "" && !ofTest(e) {
				x.Text += " at " + frame
			}
		case tracefile.Turn:
			x.From = d.lane(e)
			if x.Text = d.goesOn(e.Where); x.Text == "" {
				continue // where it has begun is told
			}
		case tracefile.Draw:
			x.From = d.lane(e)
			if x.Text = d.drawn(e); x.Text == "" {
				continue
			}
			x.What = story.Strike
		default:
			continue
		}
		if x.From.Index == 0 {
			continue
		}
		events = append(events, x)
	}
	return events
}

// ofTest says whether an event is that the goroutine of a test is started.
func ofTest(e *tracefile.Event) bool {
	return e.Kind == tracefile.Go && strings.HasPrefix(e.Where, "testing.(*M)")
}

// lane is that of a goroutine: the test, and others by letters, in the order in which they are
// started. Reports number the goroutines that they tell of, in another order.
func (d *turnDrawing) lane(e *tracefile.Event) story.Lane {
	id := e.Goroutine()
	l, ok := d.lanes[id]
	switch {
	case ok:
		return l
	case e.Kind != tracefile.Go:
		return story.Lane{} // it was there before the test
	}
	n := len(d.lanes)
	l = story.Lane{Index: n + 1, Name: string(rune('A' + (n-1)%26))}
	if n == 0 {
		l.Name = "test"
	}
	d.lanes[id] = l
	return l
}

// frame is the function of the program, and its line, without the name of the test's package.
func (d *turnDrawing) frame(where string) string {
	return strings.TrimPrefix(neighbour.Frame(where), d.own)
}

// goesOn says where a goroutine goes on that has waited, and in which function of the standard
// library it did; it is empty if it has come to no function of the program.
func (d *turnDrawing) goesOn(where string) string {
	frame := d.frame(where)
	if frame == "" {
		return ""
	}
	inner, _, _ := strings.Cut(where, " < ")
	if inner, _, _ = strings.Cut(inner, ":"); neighbour.Frame(inner) != "" {
		return "goes on at " + frame
	}
	// sync.(*WaitGroup).Wait is WaitGroup.Wait.
	_, inner, _ = strings.Cut(inner[strings.LastIndexByte(inner, '/')+1:], ".")
	inner = strings.NewReplacer("(*", "", ")", "").Replace(inner)
	return fmt.Sprintf("goes on at %s, after %s", frame, inner)
}

// drawn says what a deviation from the calm run has done to a goroutine; it is empty for other draws.
func (d *turnDrawing) drawn(e *tracefile.Event) string {
	at := ""
	if frame := d.frame(e.Where); frame != "" {
		at = " at " + frame
	}
	switch e.Method {
	case "stall":
		return "held up for " + e.Text + at
	case "point":
		return "others go first" + at
	case "begin":
		return "the new goroutine begins late by " + e.Text + at
	case "start":
		return "the new goroutine goes first" + at
	}
	return ""
}
