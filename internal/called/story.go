package called

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/internal/story"
)

// Events are what a story is told, in the order of time. lane says where a node is drawn.
func (c *Calls) Events(lane func(name string) story.Lane) (events []story.Event) {
	// Of one instant, what the network was told comes before the calls that were made later.
	type ordered struct {
		story.Event
		calls uint64
	}
	var all []ordered
	for i := range c.Messages {
		m := &c.Messages[i]
		all = append(all, ordered{m.event(lane), m.call})
	}
	for _, x := range c.Changes {
		e := story.Event{Row: story.Row{At: x.At, From: lane(x.Node), Text: x.Text}, What: story.State}
		switch {
		case x.Text == deleted:
			e.Mark = story.Cross
		case x.Node == "":
			e.Mark, e.What = story.Remark, story.Other
		case strings.HasPrefix(x.Text, "is "):
			e.What = story.Other // a test may do so many times
		}
		all = append(all, ordered{e, x.calls})
	}
	slices.SortStableFunc(all, func(a, b ordered) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.calls, b.calls)) })
	for i := range all {
		events = append(events, all[i].Event)
	}
	return events
}

// event is what a story is told of a message.
func (m *Message) event(lane func(name string) story.Lane) story.Event {
	nth := fmt.Sprintf("#%d", m.Nth)
	e := story.Event{
		Row:  story.Row{At: m.At, From: lane(m.From), To: lane(m.To), Text: m.Method + " " + nth},
		What: story.Delivery, Kind: m.Method, Nth: nth, Reply: m.Reply, Args: m.Args, Took: m.At - m.Sent,
	}
	if m.Reply {
		e.Text += " reply"
	}
	if m.From == m.To {
		e.To = story.Lane{}
	}
	switch {
	case m.Fate == OnItsWay:
		e.What = story.Sending // Pick says so
	case m.Fate != Arrives:
		e.What, e.Mark = story.Mishap, story.Cross
		e.Text += " " + string(m.Fate)
	case m.Late() || m.Behind > 0:
		e.What = story.Mishap
		e.Text += m.lateness()
	}
	return e
}

// lateness says how late a message is, and behind which other.
func (m *Message) lateness() (words string) {
	if m.Late() {
		words = fmt.Sprintf(", %v late", (m.At - m.Sent).Round(time.Millisecond))
	}
	if m.Behind > 0 {
		words += fmt.Sprintf(", behind #%d", m.Behind)
	}
	return words
}

// Words is what became of a message, for a trace; empty if it arrived as it should.
func (m *Message) Words() string {
	if m.Fate != Arrives {
		return strings.TrimPrefix(string(m.Fate), "is ")
	}
	return strings.TrimPrefix(m.lateness(), ", ")
}
