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
	if l, ok := lineOf(r); ok {
		x.put(l)
	}
}

// put takes a line.
func (x *records) put(l line) {
	if x.last.repeats(&l) {
		return
	}
	// Only what the last ones push out is old enough to be told as trouble before them.
	if old := x.last.put(l); old.wrong {
		x.trouble.put(old)
	}
}

// lineOf is the line that shows a record, if one does.
func lineOf(r Record) (l line, ok bool) {
	if r.What == Failed {
		r.Text = briefly(r.Text) // the story begins with all of it
	}
	row, ok := rowOf(&r)
	if !ok {
		return l, false
	}
	return line{wentWrong(r.What), r.appendTo(nil), row}, true
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

// repeats says whether a line says what the last one does, which then tells of both.
func (x *ring) repeats(l *line) bool {
	if x.n == 0 {
		return false
	}
	last := &x.lines[(x.n-1)%len(x.lines)].row
	if last.Text != l.row.Text || last.Mark != l.row.Mark || last.From != l.row.From || last.To != l.row.To {
		return false
	}
	last.Times = max(last.Times, 1) + 1
	last.Until = l.row.At
	return true
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
