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
// Invariant: seqs grows.
type records struct {
	events []story.Event
	seqs   []uint64 // of each, the number of the record, or of that before it
	left   int      // how many rows there were before
}

// keep takes a record.
func (x *records) keep(r Record) {
	if r.What > Quiet && r.What != isSaid {
		return // the trace has it
	}
	if len(x.events) == mostEvents {
		for i := range x.events[:mostEvents/2] {
			if x.events[i].What != story.Sending {
				x.left++
			}
		}
		x.events, x.seqs = slices.Delete(x.events, 0, mostEvents/2), slices.Delete(x.seqs, 0, mostEvents/2)
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
	seq := r.Seq
	if n := len(x.seqs); seq == 0 && n > 0 {
		seq = x.seqs[n-1]
	}
	x.events, x.seqs = append(x.events, e), append(x.seqs, seq)
}

// sending is the event of the record of a number, if it is a sending that is kept.
func (x *records) sending(n uint64) *story.Event {
	i, found := slices.BinarySearch(x.seqs, n)
	if !found || x.events[i].What != story.Sending {
		return nil
	}
	return &x.events[i]
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
