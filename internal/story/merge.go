package story

import (
	"slices"
	"strings"
)

// merged are the events that have rows. One that says what the one before it says is told
// with it, and so is the same message to, or from, several nodes at once.
func merged(events []Event) (rows []*Event) {
	for i := range events {
		e := &events[i]
		if e.What == Sending {
			if e.Settled || e.Kind == "" {
				continue
			}
			e.Mark = Leaves
			e.Text += " sent"
		}
		if len(rows) > 0 && rows[len(rows)-1].repeats(e) || beside(rows, e) {
			continue
		}
		rows = append(rows, e)
	}
	return rows
}

// repeats says whether an event says what the one before it does, which then tells of both.
func (e *Event) repeats(next *Event) bool {
	if next.What == Broken || next.What != e.What || next.Text != e.Text || next.Mark != e.Mark || next.From != e.From || next.To != e.To || next.Args != e.Args || len(e.also) > 0 {
		return false
	}
	e.Times = max(e.Times, 1) + 1
	e.Until = next.At
	return true
}

// mostBeside is how far back the same message is looked for among those of one instant.
const mostBeside = 64

// beside looks for the same message to another node, or from another one, in the same instant.
func beside(rows []*Event, e *Event) bool {
	if e.Kind == "" || e.From.Index == 0 || e.To.Index == 0 {
		return false
	}
	for i := len(rows) - 1; i >= max(0, len(rows)-mostBeside) && rows[i].At == e.At; i-- {
		if rows[i].joins(e) {
			return true
		}
	}
	return false
}

// joins says whether an event is the same message as another to or from another node, which
// then is shown with this one.
func (e *Event) joins(next *Event) bool {
	if e.Kind != next.Kind || e.Reply != next.Reply || e.What != next.What || e.Mark != next.Mark || e.Args != next.Args || e.Took != next.Took || e.Times > 0 ||
		e.Args == "" && (e.Hash == 0 || e.Hash != next.Hash) || e.rest() != next.rest() {
		return false
	}
	switch {
	case next.From == e.From && len(e.Froms) == 0 && next.To != e.To && !slices.Contains(e.Tos, next.To):
		e.Tos = append(e.Tos, next.To)
	case next.To == e.To && len(e.Tos) == 0 && next.From != e.From && !slices.Contains(e.Froms, next.From) && (e.Mark == Happens || e.Mark == Leaves):
		e.Froms = append(e.Froms, next.From)
	default:
		return false
	}
	e.also = append(e.also, next.N)
	if next.Nth != e.Nth && !slices.Contains(e.nths, next.Nth) {
		e.nths = append(e.nths, next.Nth)
	}
	return true
}

// rest is the text without which of its kind it is.
func (e *Event) rest() string { return strings.Replace(e.Text, e.Nth, "", 1) }

// text is the text with the numbers of all messages that it is about.
func (e *Event) text() string {
	if len(e.nths) == 0 || e.Nth == "" {
		return e.Text
	}
	return strings.Replace(e.Text, e.Nth, e.Nth+", "+strings.Join(e.nths, ", "), 1)
}
