// Package sent makes events of a story of what a test has sent over sockets, as package net has
// noted it (internal/overlay/leaf/traffic): what it is, by its protocol, and what became of it.
package sent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sniff"
	"samerun/internal/story"
	"samerun/internal/text"
)

// Sort puts events into the order of time. Those of one instant stay in the order in which they
// were noted.
func Sort(events []traffic.TrafficEvent) {
	slices.SortStableFunc(events, func(a, b traffic.TrafficEvent) int { return int(min(max(a.At-b.At, -1), 1)) })
}

// Event is what a story is told of an event between two lanes.
func Event(e *traffic.TrafficEvent, from, to story.Lane) story.Event {
	x := story.Event{
		Row:  story.Row{At: time.Duration(e.At), From: from, To: to, Text: nameOf(e) + becameOf(e)},
		What: story.Delivery, Kind: kind(Name(e)),
	}
	if e.What == traffic.TrafficPiece || e.What == traffic.TrafficDatagram {
		x.Took = time.Duration(e.At - e.Sent)
	}
	switch {
	case e.What == traffic.TrafficReset && e.Fate == traffic.TrafficBroken:
		x.Mark = story.OfLink
	case e.Fate == traffic.TrafficWaits:
		x.Mark = story.Waits
	case e.Fate != traffic.TrafficArrives:
		x.Mark = story.Cross
	}
	if e.Fate != traffic.TrafficArrives || e.Wrong || e.What == traffic.TrafficReset || e.Before != 0 {
		x.What = story.Mishap
	}
	if x.What == story.Mishap && e.Fate == traffic.TrafficArrives && x.Took > 0 {
		x.Text += ", after " + x.Took.Round(time.Microsecond).String()
	}
	return x
}

// kind is a name without what differs from call to call: what is asked of a path, and an answer.
func kind(name string) string {
	name, _, _ = strings.Cut(name, "?")
	for _, answer := range [...]string{"result", "error"} {
		if strings.HasPrefix(name, answer+" ") {
			return answer
		}
	}
	return name
}

// Name says what was sent, without its number: "POST /append", "dial", "12 bytes".
func Name(e *traffic.TrafficEvent) string {
	switch e.What {
	case traffic.TrafficDial:
		return "dial"
	case traffic.TrafficEnd:
		return "close"
	case traffic.TrafficReset:
		return "reset"
	}
	return sniff.Piece([]byte(e.Head), e.Size, e.Back)
}

// Head is how the data begins, as one line that can be printed.
func Head(e *traffic.TrafficEvent) string { return text.Line(e.Head) }

// Fate says what became of it, in a few words; empty if it has arrived, and nothing befell it.
func Fate(e *traffic.TrafficEvent) string {
	if e.Fate == traffic.TrafficDown {
		return "node down"
	}
	return strings.TrimPrefix(strings.TrimLeft(becameOf(e), " ,"), "is ")
}

// nameOf says what was sent: the n-th piece of the third connection is #3.n, as the keys
// conn and nth of a fault would name it.
func nameOf(e *traffic.TrafficEvent) string {
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

// becameOf says what has become of it.
func becameOf(e *traffic.TrafficEvent) string {
	switch e.Fate {
	case traffic.TrafficLost:
		return " lost"
	case traffic.TrafficCut:
		return " cut off"
	case traffic.TrafficWaits:
		return " held"
	case traffic.TrafficDown:
		return ": the node is down"
	case traffic.TrafficRefused:
		return " refused"
	case traffic.TrafficUnanswered:
		return " not answered"
	case traffic.TrafficNoRoom:
		return " finds no room"
	case traffic.TrafficBroken:
		if e.What != traffic.TrafficReset {
			return " lost by a reset"
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
	return became
}
