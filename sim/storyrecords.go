package sim

import (
	"slices"
	"strings"

	"samerun/internal/story"
)

// mostEvents is how many events of a run its story can be told from, the last ones; half as
// many now and then.
const mostEvents = 200_000

// records is what the story of a run can be told from.
//
// Invariant: a record's number, without that of the first, is its place.
type records struct {
	events []story.Event
	left   int // how many rows there were before
}

// keep takes a record.
func (x *records) keep(r Record) {
	if len(x.events) == mostEvents {
		for i := range x.events[:mostEvents/2] {
			if x.events[i].What != story.Sending {
				x.left++
			}
		}
		x.events = slices.Delete(x.events, 0, mostEvents/2)
	}
	if r.What == Failed {
		r.Text = briefly(r.Text) // the story begins with all of it
	}
	e := eventOf(&r)
	if r.Msg != nil && r.What != Sent {
		if s := x.sending(r.Msg.Cause); s != nil {
			e.Args, e.Hash, s.Settled = s.Args, s.Hash, true
		}
	}
	x.events = append(x.events, e)
}

// sending is the event of the record of a number, if it is a sending that is kept.
func (x *records) sending(n uint64) *story.Event {
	if len(x.events) == 0 || n < x.events[0].N || n-x.events[0].N >= uint64(len(x.events)) {
		return nil
	}
	if s := &x.events[n-x.events[0].N]; s.What == story.Sending {
		return s
	}
	return nil
}

// briefly cuts the words of a failure down to what failed.
func briefly(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if strings.HasPrefix(text, "property ") {
		text, _, _ = strings.Cut(text, " broken at ")
	}
	return text
}

// What a story has room for: all its lines, and those of its diagram.
const (
	mostStory   = story.Most
	mostDiagram = 26
	leastRows   = 8
)

// tell enters what led to the failure into a story of which all else is known.
func (x *records) tell(s *story.Story) {
	lines := min(mostDiagram, mostStory-s.Lines()) - 2 // the title and the names of the lanes
	s.Ending = story.Pick(slices.Clone(x.events), x.left, s.Reason, max(leastRows, lines))
}
