package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sniff"
	"samerun/internal/story"
	"samerun/internal/text"
)

// In a world of goroutines, nodes talk over sockets, of which the trace knows nothing. A run
// that is made for a report has the host note what they sent (leaf/traffic). Here each thing
// sent becomes a row of the story, as a message between tasks is one, at the moment at which it
// arrives or is lost.

// trafficLines are what the host has noted, in the order of time, and how many there were
// before those.
func (w *World) trafficLines() (lines []line, left int) {
	if w.host == nil {
		return nil, 0
	}
	events, before, ok := traffic.TrafficOf(w.host.Traffic())
	if !ok {
		return nil, 0 // the overlay is of another version than this package
	}
	began := w.host.Now() - int64(w.Elapsed()) // this world may have begun later than the test
	slices.SortStableFunc(events, func(a, b traffic.TrafficEvent) int { return int(min(max(a.At-b.At, -1), 1)) })
	now := int64(w.Elapsed())
	for i := range events {
		e := &events[i]
		e.At, e.Sent = e.At-began, e.Sent-began
		if e.Sent >= 0 && e.At <= now { // what comes later is on its way
			lines = append(lines, w.trafficLine(e))
		}
	}
	return lines, int(before)
}

// trafficLine is one of them.
func (w *World) trafficLine(e *traffic.TrafficEvent) line {
	from, to := w.trafficLane(e.From), w.trafficLane(e.To)
	x := line{row: story.Row{At: time.Duration(e.At), From: from, To: to}}
	name, became := trafficName(e), trafficBecame(e)
	x.row.Text = name + became
	word := "arrive"
	switch {
	case e.What == traffic.TrafficReset && e.Fate == traffic.TrafficBroken:
		x.row.Mark, word = story.OfLink, "reset"
	case e.Fate == traffic.TrafficWaits:
		x.row.Mark, word = story.Waits, "hold"
	case e.Fate != traffic.TrafficArrives:
		x.row.Mark, word = story.Cross, "drop"
	}
	x.wrong = e.Fate != traffic.TrafficArrives || e.Wrong || e.What == traffic.TrafficReset
	b := text.Fill(text.AppendTime(nil, x.row.At), 12)
	b = text.Fill(append(b, word...), 21)
	b = append(b, from.Name...)
	if to.Name != "" {
		b = append(append(b, " → "...), to.Name...)
	}
	x.text = append(append(b, "  "...), x.row.Text...)
	return x
}

// trafficLane is the lane of a machine. The scenario itself has one, too, to the right of all
// nodes, if it sends anything.
func (w *World) trafficLane(machine int) story.Lane {
	for _, n := range w.nodes {
		switch {
		case n.machine != machine:
		case n == w.main:
			return story.Lane{Index: math.MaxInt32, Name: n.name}
		default:
			return laneOf(n)
		}
	}
	return story.Lane{}
}

// trafficName says what was sent: the n-th piece of the third connection is #3.n, as the keys
// conn and nth of a fault would name it.
func trafficName(e *traffic.TrafficEvent) string {
	switch e.What {
	case traffic.TrafficDial:
		return fmt.Sprintf("dial #%d", e.Conn)
	case traffic.TrafficEnd:
		return fmt.Sprintf("close #%d", e.Conn)
	case traffic.TrafficReset:
		return fmt.Sprintf("reset #%d", e.Conn)
	}
	name := sniff.Piece([]byte(e.Head), e.Size, e.Back)
	switch {
	case e.What == traffic.TrafficPiece:
		name += fmt.Sprintf(" #%d.%d", e.Conn, e.Nth)
	case e.Nth > 0:
		name += fmt.Sprintf(" #%d", e.Nth)
	}
	if e.Copy {
		name += " again"
	}
	return name
}

// trafficBecame says what has become of it.
func trafficBecame(e *traffic.TrafficEvent) string {
	switch e.Fate {
	case traffic.TrafficLost:
		return " is lost"
	case traffic.TrafficCut:
		return " is cut off"
	case traffic.TrafficWaits:
		return " is held"
	case traffic.TrafficDown:
		return " finds the node down"
	case traffic.TrafficRefused:
		return " is refused"
	case traffic.TrafficUnanswered:
		return " is not answered"
	case traffic.TrafficNoRoom:
		return " finds no room"
	case traffic.TrafficBroken:
		if e.What != traffic.TrafficReset {
			return " is lost by a reset"
		}
		return ""
	}
	became := ""
	if e.Wrong {
		became = " with a wrong bit"
	}
	switch e.Before {
	case 0:
	case traffic.TrafficWaits:
		became += ", released"
	default:
		became += ", sent again"
	}
	if e.What == traffic.TrafficPiece || e.What == traffic.TrafficDatagram {
		became += ", after " + time.Duration(e.At-e.Sent).Round(time.Microsecond).String()
	}
	return became
}
