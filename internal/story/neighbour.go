package story

import (
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/text"
)

// Lines is what there is to tell of the nearest run that passes: three to six lines of
// the width of a story.
func (n *Neighbour) Lines() []string { return n.LinesWithout(n.Less) }

// LinesWithout is Lines with other words for what the run has less, such as for one of several
// things that have been told just before.
func (n *Neighbour) LinesWithout(less string) []string {
	const width = Width - 4 // a story has a margin where it is printed
	lines := strings.Split(text.Wrap(text.Line("nearest run that passes: without "+less), "", "  ", width), "\n")
	if len(lines) > 2 {
		lines = append(lines[:1], cutRunes(lines[1]+" …", width))
	}
	for _, c := range [...]struct {
		name, never string
		*Course
	}{{"  with it:     ", "then, never without it: ", &n.With}, {"  without it:  ", "then, never with it: ", &n.Without}} {
		line := c.name + timed(c.At, c.Words)
		if c.Then == "" {
			lines = append(lines, cutRunes(line, width))
			continue
		}
		then := c.never + timed(c.ThenAt, c.Then)
		if utf8.RuneCountInString(line)+2+utf8.RuneCountInString(then) <= width {
			lines = append(lines, line+"; "+then)
			continue
		}
		lines = append(lines, cutRunes(line, width), cutRunes("    "+then, width))
	}
	return lines
}

// timed is what happens, behind when it does, if that is known.
func timed(at time.Duration, words string) string {
	if at == 0 {
		return text.Line(words)
	}
	return string(text.AppendTime(nil, at)) + " " + text.Line(words)
}
