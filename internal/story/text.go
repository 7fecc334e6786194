package story

import (
	"fmt"
	"strings"
	"time"

	"samerun/internal/text"
)

// String is the whole story as a test prints it: each line on a new one, four
// columns in.
func (s *Story) String() string {
	var b strings.Builder
	for _, l := range append(s.told(), s.advice()...) {
		b.WriteString("\n    " + l)
	}
	return b.String()
}

// Lines is how many lines it has.
func (s *Story) Lines() int { return len(s.told()) + len(s.advice()) }

// Head is what broke, in one line.
func (s *Story) Head() string { return s.told()[0] }

// Rest is what follows the head, without commands and files: whoever prints it
// knows better which ones work where it prints. It has no margin.
func (s *Story) Rest() string {
	var b strings.Builder
	for i, l := range s.told()[1:] {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(l, " "))
	}
	return b.String()
}

// lines is a text line by line.
type lines []string

// line adds a line, or several. Whatever a program has put into a story, no control
// character and no mark of writing direction leaves it. An argument that may have
// newlines where the story wants none is given by text.Line, and one that may have
// them by more: no line of the program's begins where the story's own lines do.
func (b *lines) line(format string, args ...any) {
	*b = append(*b, strings.Split(text.Block(fmt.Sprintf(format, args...)), "\n")...)
}

// more is a text of any number of lines, of which those behind the first are set in,
// unless all of them are already. They keep their places among each other.
func more(s string) string {
	const margin = "  "
	lines := strings.Split(s, "\n")
	setIn := true
	for _, l := range lines[1:] {
		setIn = setIn && (l == "" || strings.HasPrefix(l, margin))
	}
	for i := 1; i < len(lines) && !setIn; i++ {
		if lines[i] != "" {
			lines[i] = margin + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

// told is all but the advice; there is at least one line.
func (s *Story) told() lines {
	var b lines
	s.whatBroke(&b)
	s.Run.tell(&b)
	if s.Shrunk != "" {
		b.line("%s", more(s.Shrunk))
	}
	for _, l := range s.Input {
		b.line("%s", text.Line(l))
	}
	if s.Faults != nil {
		s.Faults.tell(&b)
	}
	if s.Neighbour != nil {
		b = append(b, s.Neighbour.Lines()...)
	}
	of := ""
	if !s.Run.Repeats && s.Run.Second != "" {
		of = "in the second run, " // the first was made without its records
	}
	s.Ending.tell(&b, of)
	return b
}

func (s *Story) whatBroke(b *lines) {
	if s.Property != "" {
		b.line("property %q broken at %v: %s", s.Property, rounded(s.At), more(s.Reason))
	} else {
		b.line("%s", more(s.Reason))
	}
	for _, l := range s.Stack {
		b.line("  %s", more(l))
	}
}

// tell says which run it was, and whether it repeats.
func (r *Run) tell(b *lines) {
	switch {
	case r.Stalled:
		b.line("seed %d; virtual time stood still, so that nothing more is known", r.Seed)
		return
	case r.Repeats:
		b.line("seed %d, %v of virtual time, %d events; it repeats (digest %s)", r.Seed, rounded(r.Virtual), r.Events, r.Digest)
		return
	case r.Once:
		b.line("seed %d, %v of virtual time, %d events", r.Seed, rounded(r.Virtual), r.Events)
		return
	case r.Second == "":
		b.line("seed %d gave digest %s, and stood still in real time when it was run again, perhaps because the machine is busy", r.Seed, r.Digest)
		return
	case r.Second == r.Digest:
		b.line("seed %d gave digest %s both times, and ended otherwise when run again (%s): the scenario depends on something outside of the world", r.Seed, r.Digest, text.Line(r.Ended))
	default:
		b.line("seed %d gave digest %s, and %s when run again: the scenario depends on something outside of the world", r.Seed, r.Digest, r.Second)
	}
	b.line("  (a variable that outlives the run, time.Now, math/rand, the order of a map)")
	switch {
	case r.Parting != nil:
		r.Parting.tell(b)
	case r.Second != r.Digest:
		b.line("  (further runs were the same as each other: look for what only the first run of the process does)")
	}
}

// tell says where two runs part.
func (p *Parting) tell(b *lines) {
	show := func(what, record string) {
		if record == "" {
			record = "no more records"
		}
		b.line("    %-10s %s", what, strings.ReplaceAll(record, "\n", "\n               "))
	}
	if p.One == p.Other && p.One != "" {
		b.line("  two such runs take different ways, before a record that both have, number %d:", p.Record)
		if p.Before != "" {
			show("after", p.Before)
		}
		show("before", p.One)
		return
	}
	b.line("  the first record in which two such runs differ, number %d:", p.Record)
	if p.Before != "" {
		show("after", p.Before)
	}
	show("one run", p.One)
	show("another", p.Other)
}

// tell lists the faults that took effect.
func (f *Faults) tell(b *lines) {
	all := text.Count(f.All, "fault")
	if f.Fired == 0 {
		b.line("%s, of which none took effect", all)
		return
	}
	switch {
	case f.Fired < f.All:
		b.line("%s, of which %d took effect:", all, f.Fired)
	case f.All == 1:
		b.line("1 fault, which took effect:")
	case f.All == 2:
		b.line("2 faults, which both took effect:")
	default:
		b.line("%s, which all took effect:", all)
	}
	for _, l := range f.Shown {
		b.line("  %s", text.Line(l))
	}
	if f.Left > 0 {
		b.line("  … and %d more", f.Left)
	}
}

func (e *Ending) tell(b *lines, of string) {
	if len(e.Rows) == 0 {
		return
	}
	b.line("%s%s:", of, e.Title())
	for _, l := range draw(e.Rows) {
		b.line("  %s", l)
	}
}

// Title says what the diagram shows.
func (e *Ending) Title() string {
	n, held := 0, false
	shown := map[Mark]bool{}
	for i := range e.Rows {
		r := &e.Rows[i]
		if r.Mark != Folded {
			n += r.Count()
		}
		held = held || r.Args != ""
		if r.From.Index > 0 && r.To.Index > 0 {
			shown[r.Mark] = true
		}
	}
	title := "all that happened"
	if e.All > n {
		title = fmt.Sprintf("what led to it (%d of %d events)", n, e.All)
	}
	var signs []string
	for _, s := range [...]struct {
		mark  Mark
		words string
	}{{Happens, "arrives (▶)"}, {Waits, "waits (◇)"}, {Cross, "is lost (╳)"}, {Leaves, "is sent (╴)"}} {
		if shown[s.mark] {
			signs = append(signs, s.words)
		}
	}
	if len(signs) > 0 {
		last := len(signs) - 1
		title += ", each message where it " + strings.Join(append([]string{strings.Join(signs[:max(1, last)], ", ")}, signs[max(1, last):]...), " or ")
	}
	if held {
		title += ", with what is new in it"
	}
	return title
}

// Diagram is the rows as a picture, a line each.
func (e *Ending) Diagram() (lines []string) {
	for _, l := range draw(e.Rows) {
		lines = append(lines, text.Block(l))
	}
	return lines
}

// advice says where the failure is kept, and what shows it again.
func (s *Story) advice() lines {
	var b lines
	for _, file := range s.Beside {
		b.line("beside it: %s", text.Line(file))
	}
	if s.Unsaved != "" {
		b.line("no replay file could be written: %s", more(s.Unsaved))
	}
	for i, command := range s.Again {
		word := "again"
		if i > 0 {
			word = "   or"
		}
		b.line("%s: %s", word, text.Line(command))
	}
	return b
}

// rounded leaves a time the microseconds that a story needs, as the rows of the diagram have it.
func rounded(d time.Duration) time.Duration { return d.Truncate(time.Microsecond) }
