package sim

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"samerun/internal/story"
)

func laneOf(n *Node) story.Lane {
	if n == nil || n.index == 0 {
		return story.Lane{}
	}
	return story.Lane{Index: n.index, Name: n.name}
}

// eventOf is what a record is for the story.
func eventOf(r *Record) story.Event {
	e := story.Event{
		Row:  story.Row{At: r.At, Mark: markOf(r.What), From: laneOf(r.Node), To: laneOf(r.Peer), Text: r.Text, Event: r.n},
		What: sortOf(r), N: r.Seq, Cause: r.Cause,
	}
	switch {
	case r.Msg != nil:
		e.Kind, e.Reply, e.Nth = r.Node.w.KindName(r.Msg.Kind), r.Msg.Reply, "#"+strconv.FormatUint(r.Msg.Nth, 10)
		e.Text = r.messageText()
		if r.What == Sent {
			e.Hash = r.Msg.Hash
			if t, ok := r.Msg.to.(Teller); ok {
				e.Args = t.Tell(r.Msg)
			}
			break
		}
		e.Took = r.At - r.Msg.sent
	case r.What == Booted && r.N == 1:
		e.Text = "boots"
	case r.What == Booted:
		e.Text = fmt.Sprintf("starts again (boot %d)", r.N)
	case r.What == Crashed:
		e.Text = fmt.Sprintf("crashes (boot %d)", r.N)
	case r.What == Paused:
		e.Text = "is paused"
	case r.What == Resumed:
		e.Text = "goes on"
	case r.Peer != nil:
		e.Text = r.What.String()
	case r.What == Failed:
		e.Text = "fail  " + r.Text
	case r.What == Met:
		e.Text = "came true  " + r.Text
	case r.What == FaultBegins:
		e.Text = "fault  " + withoutTimes(r.Text)
	case r.What == FaultEnds:
		e.Text = "ends  " + withoutTimes(r.Text)
	case r.What == Quiet:
		e.Text = "no more faults from here on"
	}
	return e
}

// withoutTimes is an element of a schedule without the times at which it begins and ends, which
// the rows have.
func withoutTimes(element string) string {
	words := strings.Fields(element)
	if len(words) > 1 && isTime(words[0]) {
		words = words[1:]
	}
	if n := len(words); n > 2 && (words[n-2] == "until" || words[n-2] == "restarts") && isTime(words[n-1]) {
		words = words[:n-2]
	}
	return strings.TrimSuffix(strings.Join(words, " "), ",")
}

func isTime(word string) bool {
	_, err := time.ParseDuration(word)
	return err == nil
}

// sortOf is how much a story cares for a record.
func sortOf(r *Record) story.What {
	switch r.What {
	case Note, isSaid:
		return story.Saying
	case Sent:
		return story.Sending
	case Arrived:
		if r.Msg.late {
			return story.Mishap
		}
		return story.Delivery
	case Dropped, Held:
		return story.Mishap
	case Booted:
		if r.N == 1 {
			return story.Birth
		}
		return story.State
	case Crashed, Paused, Resumed:
		return story.State
	case Failed:
		return story.Broken
	case FaultBegins:
		return story.Strike
	case FaultEnds, Quiet:
		return story.End
	}
	return story.Other
}

// messageText says which message it is and what became of it.
func (r *Record) messageText() string {
	m := r.Msg
	text := r.Node.w.KindName(m.Kind)
	if m.Reply {
		text += " reply"
	}
	text = strings.TrimSpace(text) + " #" + strconv.FormatUint(m.Nth, 10)
	if r.Peer.index == 0 || r.Node.index == 0 {
		text += " " + r.Node.name + " → " + r.Peer.name // there is no arrow to tell
	}
	switch r.What {
	case Dropped:
		switch r.Fate {
		case Lost:
			text += " lost"
		case Cut:
			text += " cut off"
		default:
			text += ": the node is down"
		}
	case Held:
		text += " held"
	}
	if m.late && r.What == Arrived {
		text += ", held back, after " + (r.At - m.sent).Round(time.Microsecond).String()
	}
	return text
}

// markOf is how a diagram draws a record.
func markOf(x What) story.Mark {
	switch x {
	case LinkCut, LinkHealed, LinkClogged, LinkReleased:
		return story.OfLink
	case Crashed, Dropped:
		return story.Cross
	case Held:
		return story.Waits
	case Note, isSaid:
		return story.Remark
	}
	return story.Happens
}
