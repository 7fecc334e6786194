package sim

import (
	"strings"

	"samerun/internal/story"
)

const (
	storyLast    = 16 // rows at the end of the run that a story draws
	storyTrouble = 8  // records before these that a story shows because something went wrong
)

// records picks, while a run goes on, what of its trace the story shows.
//
// Invariant: no record is in both rings. last has what a diagram shows, trouble what
// went wrong before.
type records struct {
	last    ring
	trouble ring
}

// keep takes a record.
func (x *records) keep(r Record) {
	if r.What == Failed {
		r.Text = briefly(r.Text) // the story begins with all of it
	}
	// Only what the last ones push out is old enough to be told as trouble before them.
	if row, ok := rowOf(&r); ok {
		if old := x.last.put(line{wentWrong(r.What), r.appendTo(nil), row}); old.wrong {
			x.trouble.put(old)
		}
	}
}

// briefly cuts the words of a failure down to what failed.
func briefly(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if strings.HasPrefix(text, "property ") {
		text, _, _ = strings.Cut(text, " broken at ")
	}
	return text
}

// line is a record as it will be shown.
type line struct {
	wrong bool
	text  []byte
	row   story.Row
}

// ring holds the last lines put in.
type ring struct {
	lines [storyLast]line
	n     int
}

// put returns the line that fell out, if one did.
func (x *ring) put(l line) (old line) {
	at := &x.lines[x.n%len(x.lines)]
	old, *at = *at, l
	x.n++
	return old
}

// wentWrong says whether a record is about something that went wrong, or about
// its end.
func wentWrong(x What) bool {
	switch x {
	case Dropped, Crashed, Paused, LinkCut, LinkClogged, FaultBegins, FaultEnds, Quiet:
		return true
	}
	return false
}

// tell enters what went wrong before the last records, and these.
func (x *records) tell(s *story.Story) {
	s.Trouble.All, s.Ending.All = x.trouble.n, x.last.n
	for _, l := range x.trouble.newest(storyTrouble) {
		s.Trouble.Shown = append(s.Trouble.Shown, string(l.text))
	}
	for _, l := range x.last.newest(storyLast) {
		s.Ending.Rows = append(s.Ending.Rows, l.row)
	}
}

// newest returns the last lines in order, most of them at most.
func (x *ring) newest(most int) (lines []line) {
	for i := x.n - min(x.n, most); i < x.n; i++ {
		lines = append(lines, x.lines[i%len(x.lines)])
	}
	return lines
}
