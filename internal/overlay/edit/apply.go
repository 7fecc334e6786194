package edit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Result is a file of the standard library with its changes.
type Result struct {
	File   string // below GOROOT/src
	Before string // as the toolchain has it
	After  string

	spans []span // sorted, without overlap
}

// span is a part of the text before, and what comes in its place.
type span struct {
	from, to int
	with     string
	change   *Change
}

// Apply makes changes, all of them of one file, to the text of that file. The error
// says in one sentence which lines of which change are not in the file as often as
// they must be, or which two changes contradict each other.
func Apply(file, text string, changes []Change) (*Result, error) {
	r := &Result{File: file, Before: text}
	for i := range changes {
		spans, err := changes[i].find(text)
		if err != nil {
			return nil, err
		}
		r.spans = append(r.spans, spans...)
	}
	slices.SortStableFunc(r.spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for i := 1; i < len(r.spans); i++ {
		a, b := r.spans[i-1], r.spans[i]
		point := a.from == a.to && b.from == b.to && a.from == b.from
		if b.from < a.to || point && a.change.Place != b.change.Place {
			return nil, fmt.Errorf("%s:%d and %s:%d change the same lines of %s", a.change.Place, a.change.Line, b.change.Place, b.change.Line, file)
		}
	}
	var b strings.Builder
	done := 0
	for _, s := range r.spans {
		b.WriteString(text[done:s.from])
		b.WriteString(s.with)
		done = s.to
	}
	b.WriteString(text[done:])
	r.After = b.String()
	return r, nil
}

// find finds what the change replaces, without the lines at either end that stay.
func (c *Change) find(text string) ([]span, error) {
	lead, trail := 0, len(c.lines)
	for c.lines[lead].kind == ' ' {
		lead++
	}
	for c.lines[trail-1].kind == ' ' {
		trail--
	}
	before := c.Before()
	skip, goes := len(join(c.lines[:lead], '+')), len(join(c.lines[lead:trail], '+'))
	comes := join(c.lines[lead:trail], '-')
	places := c.occurrences(text, before)
	if len(places) != c.Times {
		return nil, c.misses(text, before, len(places))
	}
	var spans []span
	for _, at := range places {
		spans = append(spans, span{at + skip, at + skip + goes, comes, c})
	}
	return spans, nil
}

// occurrences returns where the lines are. They begin where a line of the text
// does, unless the change says otherwise.
func (c *Change) occurrences(text, before string) (places []int) {
	for from := 0; ; {
		i := strings.Index(text[from:], before)
		if i < 0 {
			return places
		}
		at := from + i
		if !c.midway && at > 0 && text[at-1] != '\n' {
			from = at + 1
			continue
		}
		places = append(places, at)
		from = at + len(before)
	}
}

// misses is the error for lines that do not occur as often as they must.
func (c *Change) misses(text, before string, n int) error {
	want := "once"
	if c.Times > 1 {
		want = fmt.Sprintf("%d times", c.Times)
	}
	what := fmt.Sprintf("the lines that begin with %q occur", firstLine(before))
	if !strings.Contains(strings.TrimSuffix(before, "\n"), "\n") {
		what = fmt.Sprintf("the line %q occurs", firstLine(before))
	}
	return fmt.Errorf("%s:%d: in %s %s %d times instead of %s%s", c.Place, c.Line, c.File, what, n, want, c.hint(text, n))
}

// hint says how far the lines are there, if they are not.
func (c *Change) hint(text string, n int) string {
	if n > 0 {
		return ""
	}
	part := Change{midway: c.midway}
	for _, l := range c.lines {
		if l.kind == '+' {
			continue
		}
		part.lines = append(part.lines, l)
		if len(part.occurrences(text, part.Before())) > 0 {
			continue
		}
		if len(part.lines) == 1 {
			return ""
		}
		return fmt.Sprintf(" (line %d of the edit, %q, is the first that does not fit)", l.at, strings.TrimSpace(l.text))
	}
	return ""
}

// firstLine is the first line of a text that is not empty, without blanks around it.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
