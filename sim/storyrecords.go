package sim

import (
	"strings"
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
		if old := x.last.put(line{wentWrong(r.What), r.Append(nil), row}); old.wrong {
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
	row   row
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

// tell writes the last lines, most of them at most.
func (x *ring) tell(b *storyText, most int) {
	for i := x.n - min(x.n, most); i < x.n; i++ {
		b.line("  %s", strings.ReplaceAll(string(x.lines[i%len(x.lines)].text), "\n", "\n        "))
	}
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

// tell writes what went wrong before the last records, and these.
func (x *records) tell(b *storyText) {
	switch n := x.trouble.n; {
	case n > storyTrouble:
		b.line("what went wrong on the way (the last %d of %d):", storyTrouble, n)
	case n > 0:
		b.line("what went wrong on the way:")
	}
	x.trouble.tell(b, storyTrouble)
	switch n := x.last.n; {
	case n > storyLast:
		b.line("how it ended, each message where it arrives (▶) or is lost (╳):")
	case n > 0:
		b.line("all that happened, each message where it arrives (▶) or is lost (╳):")
	}
	for _, l := range draw(x.last.rows()) {
		b.line("  %s", l)
	}
}

// rows returns the rows of the lines, in order.
func (x *ring) rows() []row {
	var rows []row
	for i := x.n - min(x.n, len(x.lines)); i < x.n; i++ {
		rows = append(rows, x.lines[i%len(x.lines)].row)
	}
	return rows
}
