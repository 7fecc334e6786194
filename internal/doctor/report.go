package doctor

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"samerun/internal/records"
	"samerun/internal/runner/ordinary"
	"samerun/internal/screen"
	"samerun/internal/text"
)

// reportWidth is how wide the doctor's sentences are, their margin included.
const reportWidth = 92

// fewPlaces is how many places in the source are named.
const fewPlaces = 3

// tellEqual tells of a package whose runs are all equal, and what limits the trust in it.
func (p *patient) tellEqual(ref *course, line *checked) {
	var turns, draws uint64
	for _, s := range ref.sections {
		turns += s.Turns
		draws += s.Draws
	}
	how := fmt.Sprintf("%s, %s of seed %d", text.Count(uint64(len(ref.sections)), "test"), text.Count(uint64(p.opts.Runs), "run"), p.opts.Seed)
	if p.apart != "" {
		how += ", each test in a process of its own"
	} else if len(ref.sections) > 1 {
		how += " and each test by itself"
	}
	line.Words = fmt.Sprintf("%s, equal turn by turn (%s, %s)", how, many(turns, "turn"), many(draws, "draw"))
	if p.apart != "" {
		line.Remarks = append(line.Remarks, "has a process for each test in samerun test, too, since "+p.apart)
	}
	line.Remarks = append(line.Remarks, p.limits(ref)...)
	p.sayText(screen.Green, "ok", p.pkg.Arg, line.Words)
	for _, sentence := range line.Remarks {
		p.print(text.Wrap(sentence, "      ", "        ", reportWidth) + "\n")
	}
}

// limits are sentences about what may differ another time although it was equal now.
func (p *patient) limits(ref *course) (all []string) {
	var failed, waited, started []string
	for _, t := range ref.tests {
		if !t.OK {
			failed = append(failed, t.Test)
		}
		if t.IO > 0 {
			waited = append(waited, fmt.Sprintf("%s (%s)", t.Test, text.Count(uint64(t.IO), "wait")))
		}
		if t.Processes > 0 {
			started = append(started, fmt.Sprintf("%s (%d)", t.Test, t.Processes))
		}
	}
	if len(failed) > 0 {
		all = append(all, "fails on this seed, and in the same way each time: "+few(failed, fewPlaces))
	}
	switch where := ordinary.WhereLine.FindStringSubmatch(ref.end.Output); {
	case ref.end.TimedOut:
		all = append(all, fmt.Sprintf("was still running after %v, so it was compared up to there; -timeout says how long", p.opts.Timeout))
	case where != nil && len(ref.tests) < len(ref.sections):
		_, reason := p.u.Blame(&ordinary.Run{End: ref.end, Tests: ref.tests})
		all = append(all, fmt.Sprintf("ends in %s, the same way each time: %s; tests behind it were not run", where[1], reason))
	}
	if len(started) > 0 {
		all = append(all, "started other processes, and what those do may differ another time: "+few(started, fewPlaces))
	}
	if len(waited) > 0 {
		all = append(all, "waited for real input or output, and may differ another time: "+few(waited, fewPlaces))
	}
	if len(p.survey.cgo) > 0 {
		all = append(all, "calls C, which is out of reach: "+few(p.survey.cgo, fewPlaces))
	}
	for _, c := range []struct{ kind, text string }{
		{byAddress, "differs if an order or a text is made of it: "},
		{byCollector, "follows the collector: "},
		{byProcessors, "differs on other machines: "},
		{byWorld, "asks the world outside: "},
		{byNetwork, "opens pipes, processes or sockets to other machines: "},
	} {
		var places []string
		for _, s := range p.survey.of(nil, c.kind) {
			if s.own {
				places = append(places, s.String())
			}
		}
		if len(places) > 0 {
			all = append(all, c.text+few(places, fewPlaces))
		}
	}
	if len(p.changed) > 0 {
		all = append(all, "the tests write in the folder of the package: "+few(p.changed, fewPlaces))
	}
	return all
}

// tell tells of a difference.
func (p *patient) tell(f *finding, ref *course) {
	var b strings.Builder
	line := func(text string) { b.WriteString(strings.TrimRight(text, " ") + "\n") }
	name := f.at.test
	if name == "" {
		name = "before the first test"
	}
	b.WriteString(p.screen.Paint(screen.Red, "DIFFER") + "  " + p.pkg.Arg + "  " + name + "\n")
	line(fmt.Sprintf("    two runs of seed %d are not the same%s", p.opts.Seed, f.where()))
	if i := ref.place(f.at.test); i > 0 && !f.alone {
		line(fmt.Sprintf("    the %s before it agree", text.Count(uint64(i), "test")))
	}
	switch f.byItself {
	case yes:
		line("    by itself the test differs as well")
	case no:
		line("    by itself the test did not differ: what runs before it may have a part in it")
	}
	for _, t := range ref.tests {
		if t.Test == f.at.test && !t.OK {
			line("    the test fails, but that is no difference in itself")
		}
	}
	b.WriteString("\n" + f.picture(p.screen) + "\n")
	c := f.cause()
	b.WriteString("    " + p.screen.Paint(screen.Red, strings.TrimLeft(c.sure+" cause: ", " ")+c.name) + "\n")
	b.WriteString(text.Wrap(strings.Join(c.why, " "), "      ", "      ", reportWidth) + "\n")
	if len(c.places) > 0 {
		line("      look at:")
		for i, s := range c.places {
			if i == fewPlaces {
				line("        " + p.screen.Paint(screen.Faint, fmt.Sprintf("and %d more places that look like it", len(c.places)-i)))
				break
			}
			in := ""
			if s.in != "" {
				in = ", in " + shortFrame(s.in)
			}
			line("        " + s.at + "  " + s.what + p.screen.Paint(screen.Faint, in))
		}
	}
	b.WriteString("    what to do\n" + text.Wrap(strings.Join(c.cure, " "), "      ", "      ", reportWidth) + "\n")
	if !f.firstOnly {
		line("    to look closer")
		for _, command := range f.script {
			line("      " + command)
		}
		line("      diff one two | head")
	}
	line("")
	p.print(b.String())
}

// noteDifference enters a difference into the line of -json.
func (p *patient) noteDifference(f *finding, line *checked) {
	if !p.opts.JSON {
		return
	}
	line.Result, line.Test = "differ", f.at.test
	line.Words = fmt.Sprintf("two runs of seed %d are not the same%s", p.opts.Seed, f.where())
	for _, l := range f.at.sides {
		if l != nil && l.Kind != "test" && line.Turn == 0 {
			line.Turn = l.Turn
		}
	}
	c := f.cause()
	line.Cause = &because{Name: c.name, Sure: c.sure, Why: c.why, Cure: c.cure}
	for _, s := range c.places {
		line.Cause.Places = append(line.Cause.Places, s.at)
	}
	if !f.firstOnly {
		line.Commands = f.script[:]
	}
	line.Story = strings.TrimRight(f.picture(screen.New(io.Discard, io.Discard, "dumb", "1")), "\n")
}

// where says at which turn the runs part.
func (f *finding) where() string {
	for _, l := range f.at.sides {
		if l != nil && l.Kind != "test" {
			text := fmt.Sprintf(": they part at turn %s", thousands(l.Turn))
			if l.Kind == "turn" {
				text += fmt.Sprintf(", %v of virtual time", l.At)
			}
			return text
		}
	}
	switch f.at.what {
	case "prints":
		return " in what they print, though they are equal turn by turn up to there"
	case "results":
		return " in what they come to, though they are equal turn by turn"
	}
	return ""
}

// picture shows the last that both runs share and how each goes on.
func (f *finding) picture(sc *screen.Screen) string {
	var b strings.Builder
	if f.at.what != "" {
		for i, side := range f.sides {
			fmt.Fprintf(&b, "    %s %s\n        %s\n", sc.Paint(screen.Red, string("<>"[i])), side, text.Cut(f.at.text[i], 200))
		}
		return b.String()
	}
	if len(f.at.common) > 0 {
		b.WriteString("      both\n")
	}
	width := 0
	for _, l := range f.at.common {
		width = max(width, utf8.RuneCountInString(head(&l)))
	}
	for _, l := range f.at.common {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(head(&l)))
		b.WriteString(sc.Paint(screen.Faint, strings.TrimRight("        "+head(&l)+pad+"  "+f.survey.place(&l), " ")) + "\n")
	}
	for i, side := range f.sides {
		fmt.Fprintf(&b, "    %s %s\n", sc.Paint(screen.Red, string("<>"[i])), side)
		switch l := f.at.sides[i]; {
		case l != nil:
			b.WriteString(block(l, "        "))
		case f.alone:
			b.WriteString("        the test has ended\n")
		default:
			b.WriteString("        the run has ended\n")
		}
	}
	if text := differing(f.at.sides); text != "" {
		b.WriteString("      " + text + "\n")
	}
	return b.String()
}

// head is a line of a record without its stack.
func head(l *records.Line) string {
	switch l.Kind {
	case "turn":
		return fmt.Sprintf("turn %d  %v  goroutine %s  %s", l.Turn, l.At, shortID(l.ID), choice(l))
	case "draw":
		return fmt.Sprintf("turn %d  draw %d for %s: %016x  goroutine %s", l.Turn, l.Nth, streamWords[l.Stream], l.Value, shortID(l.ID))
	}
	return "the test has ended, and " + l.Test + " begins"
}

// streamWords says what a stream is for.
var streamWords = map[string]string{"user": "the program", "map": "a map", "select": "a select", "timer": "a timer",
	"point": "a lost turn", "stall": "a stall", "start": "a goroutine that goes first", "begin": "a goroutine that begins late", "delay": "what is sent over a socket"}

// choice says which of those that were ready has the turn.
func choice(l *records.Line) string {
	if l.Ready == 1 {
		return "the only one ready"
	}
	return fmt.Sprintf("%s of %d ready", text.Ordinal(l.Pick+1), l.Ready)
}

// shortID is enough of an identity to tell goroutines apart, and to find them in the record.
func shortID(id uint64) string { return fmt.Sprintf("%016x", id)[:8] }

// place is the frame of a line that says most: the innermost one that is not of the
// standard library, else the innermost.
func (v *survey) place(l *records.Line) string {
	i := slices.IndexFunc(l.Frames, v.ours)
	if len(l.Frames) == 0 {
		return ""
	}
	return shortFrame(l.Frames[max(i, 0)])
}

// block is a line of a record with its stack below it.
func block(l *records.Line, margin string) string {
	text := margin + head(l) + "\n"
	for _, frame := range l.Frames {
		text += margin + "    " + frame + "\n"
	}
	return text
}

// differing says in which of their parts two lines differ.
func differing(sides [2]*records.Line) string {
	a, b := sides[0], sides[1]
	if a == nil || b == nil || a.Kind == "test" || b.Kind == "test" {
		return ""
	}
	if a.Kind != b.Kind {
		return "one goes on with a draw, the other one with a turn"
	}
	var parts []string
	note := func(differ bool, what string) {
		if differ {
			parts = append(parts, what)
		}
	}
	note(a.Turn != b.Turn, "the turn")
	note(a.At != b.At, "the time")
	note(a.Ready != b.Ready, "how many are ready")
	note(a.Pick != b.Pick, "the choice")
	note(a.Stream != b.Stream, "what is drawn for")
	note(a.Stream == b.Stream && a.Nth != b.Nth, "the number of the draw")
	note(a.ID != b.ID, "the goroutine")
	note(!slices.Equal(a.Frames, b.Frames), "the stack")
	note(a.ID == b.ID && a.Stream == b.Stream && a.Nth == b.Nth && a.Value != b.Value, "the value")
	if len(parts) == 0 {
		return ""
	}
	return "they differ in " + strings.Join(parts, ", ")
}

// shortFrame is a frame without the folders of its package.
func shortFrame(frame string) string {
	return frame[strings.LastIndex(frame, "/")+1:]
}

// many is count with commas in the number.
func many(n uint64, noun string) string {
	_, noun, _ = strings.Cut(text.Count(n, noun), " ")
	return thousands(n) + " " + noun
}

// thousands is a number with commas.
func thousands(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
