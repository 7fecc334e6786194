package sim

import (
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

// rowOf is the row that shows a record. A sending has none: its message has.
func rowOf(r *Record) (story.Row, bool) {
	if r.What == Sent {
		return story.Row{}, false
	}
	x := story.Row{At: r.At, Mark: markOf(r.What), From: laneOf(r.Node), To: laneOf(r.Peer), Text: r.Text}
	switch {
	case r.Msg != nil:
		x.Text = r.messageText()
	case r.What == Booted || r.What == Crashed:
		x.Text = r.What.String() + " " + strconv.FormatUint(r.N, 10)
	case r.Peer != nil || r.What == Paused || r.What == Resumed:
		x.Text = r.What.String()
	case r.What == Failed:
		x.Text = "fail  " + r.Text
	case r.What == Met:
		x.Text = "met  " + r.Text
	case r.What == FaultBegins:
		x.Text = "fault  " + strings.TrimSpace(r.Text)
	case r.What == FaultEnds:
		x.Text = "over  " + strings.TrimSpace(r.Text)
	case r.What == Quiet:
		x.Text = "quiet"
	}
	return x, true
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
	case Arrived:
		text += ", after " + (r.At - m.sent).Round(time.Microsecond).String()
	case Dropped:
		switch r.Fate {
		case Lost:
			text += " is lost"
		case Cut:
			text += " is cut off"
		default:
			text += " finds the node down"
		}
	case Held:
		text += " is held"
	}
	if m.late {
		text += ", held back"
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
	case Note:
		return story.Remark
	}
	return story.Happens
}
