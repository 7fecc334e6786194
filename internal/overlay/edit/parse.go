package edit

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Place is what is changed for one purpose.
type Place struct {
	Name    string // of its file, such as turn/hold.edit
	Reason  string // why; lines without the #
	Changes []Change
}

// Change is new text for lines of one file of the standard library.
type Change struct {
	Place string // the name of the place
	Line  int    // where it begins there
	Note  string // what the comment before it says; empty for none
	File  string // below GOROOT/src
	Since int    // the first minor version of Go that has the lines; 0: any
	Until int    // the last one; 0: any
	Times int    // how often the lines occur, at least 1

	lines  []line
	midway bool // the first line begins somewhere in a line of the file
}

// line is one of a change.
type line struct {
	kind byte   // ' ' stays, '-' goes, '+' comes
	text string // without the end of the line
	at   int    // its number in the place's file
	part bool   // it ends somewhere in a line of the file
}

// rest stands for the part of a line that a change does not show.
const rest = "…"

// Parse reads the place of that name. The error is one sentence that names file and
// line.
func Parse(name, text string) (Place, error) {
	p := parser{place: Place{Name: name}}
	if !strings.HasSuffix(text, "\n") && text != "" {
		text += "\n"
	}
	for l := range strings.Lines(text) {
		p.line++
		if err := p.read(strings.TrimSuffix(l, "\n")); err != nil {
			return Place{}, err
		}
	}
	p.flush()
	if err := p.end(); err != nil {
		return Place{}, err
	}
	switch {
	case p.place.Reason == "":
		return Place{}, fmt.Errorf("%s:1: it does not begin with the reason; write it in front, in lines that begin with #", name)
	case len(p.place.Changes) == 0:
		return Place{}, fmt.Errorf("%s:%d: there is no change; begin one with the word file and the name of a file of the standard library", name, p.line)
	}
	return p.place, nil
}

// parser is the state of Parse.
type parser struct {
	place   Place
	line    int
	change  *Change  // the one that is being read
	empty   int      // lines without a character since its last line
	comment []string // lines of the comment that is being read
}

// versions is what stands behind the word go.
var versions = regexp.MustCompile(`^1\.([1-9][0-9]?)(\+|-1\.([1-9][0-9]?))?$`)

// read reads the next line.
func (p *parser) read(text string) error {
	if strings.ContainsRune(text, '\r') {
		return p.errorf("it ends as lines of Windows do; save the file with plain line ends")
	}
	if text == "" {
		if p.change != nil && len(p.change.lines) > 0 {
			p.empty++
		}
		p.flush()
		return nil
	}
	switch text[0] {
	case ' ', '+', '-':
		if p.change == nil {
			return p.errorf("this line is of no change; begin one with the word file")
		}
		for ; p.empty > 0; p.empty-- {
			p.change.lines = append(p.change.lines, line{kind: ' ', at: p.line - p.empty})
		}
		p.change.lines = append(p.change.lines, line{kind: text[0], text: text[1:], at: p.line})
		return nil
	case '#':
		if p.change != nil && len(p.change.lines) > 0 {
			if err := p.end(); err != nil {
				return err
			}
		}
		p.comment = append(p.comment, strings.TrimPrefix(text[1:], " "))
		return nil
	}
	word, value, _ := strings.Cut(text, " ")
	if word == "file" {
		return p.begin(value)
	}
	switch {
	case word != "go" && word != "times":
		return p.errorf("%q is neither file, go nor times, and lines of Go begin with a blank (it stays), - (it goes) or + (it comes)", word)
	case p.change == nil || len(p.change.lines) > 0:
		return p.errorf("%s stands behind file, before the lines", word)
	case word == "go":
		return p.setVersions(value)
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 2 || p.change.Times > 0 {
		return p.errorf("times is followed by one number from 2 on, and stands once; without it the lines occur once")
	}
	p.change.Times = n
	return nil
}

// flush keeps the comment that has ended. The first one is the reason.
func (p *parser) flush() {
	if len(p.comment) > 0 && p.place.Reason == "" && p.change == nil {
		p.place.Reason, p.comment = strings.Join(p.comment, "\n"), nil
	}
}

// begin begins a change of a file.
func (p *parser) begin(name string) error {
	if err := p.end(); err != nil {
		return err
	}
	if path.Clean(name) != name || path.IsAbs(name) || strings.HasPrefix(name, "..") || !strings.HasSuffix(name, ".go") || strings.ContainsAny(name, " \\") {
		return p.errorf("%q is not the name of a Go file below GOROOT/src, such as runtime/proc.go", name)
	}
	p.flush()
	p.change = &Change{Place: p.place.Name, Line: p.line, File: name, Note: strings.Join(p.comment, "\n")}
	p.comment = nil
	return nil
}

// setVersions reads the versions of a change.
func (p *parser) setVersions(text string) error {
	m := versions.FindStringSubmatch(text)
	if m == nil || p.change.Since > 0 {
		return p.errorf("go is followed by versions, such as 1.25, 1.25-1.26 or 1.26+, and stands once")
	}
	c := p.change
	c.Since, _ = strconv.Atoi(m[1])
	switch {
	case m[2] == "+":
	case m[3] != "":
		if c.Until, _ = strconv.Atoi(m[3]); c.Until <= c.Since {
			return p.errorf("go %s: the second version is not later than the first", text)
		}
	default:
		c.Until = c.Since
	}
	return nil
}

// end ends the change that is being read.
func (p *parser) end() error {
	c := p.change
	p.empty = 0
	if c == nil {
		return nil
	}
	p.change = nil
	c.Times = max(c.Times, 1)
	if err := c.finish(); err != nil {
		return err
	}
	p.place.Changes = append(p.place.Changes, *c)
	return nil
}

// finish looks whether the change makes sense, and takes … out of its lines.
func (c *Change) finish() error {
	var before, after []*line
	plain := true
	for i := range c.lines {
		l := &c.lines[i]
		if l.kind != '+' {
			before = append(before, l)
		}
		if l.kind != '-' {
			after = append(after, l)
		}
		plain = plain && l.kind == ' '
	}
	switch {
	case plain:
		return fmt.Errorf("%s:%d: the change of %s changes nothing; lines that go begin with -, lines that come with +", c.Place, c.Line, c.File)
	case len(before) == 0:
		return c.nowhere()
	case len(after) > 0:
		return c.open(before, after)
	case strings.HasPrefix(before[0].text, rest), strings.HasSuffix(before[len(before)-1].text, rest):
		return c.lopsided()
	}
	return nil
}

// open takes the … out of the lines that go or stay and of those that come or stay.
// It must be at the same ends of both.
func (c *Change) open(before, after []*line) error {
	fits := func(a, b *line, open bool) bool {
		return !open || a == b || a.kind == '-' && b.kind == '+'
	}
	first, newFirst := before[0], after[0]
	c.midway = strings.HasPrefix(first.text, rest)
	if strings.HasPrefix(newFirst.text, rest) != c.midway || !fits(first, newFirst, c.midway) {
		return c.lopsided()
	}
	last, newLast := before[len(before)-1], after[len(after)-1]
	part := strings.HasSuffix(last.text, rest)
	if strings.HasSuffix(newLast.text, rest) != part || !fits(last, newLast, part) {
		return c.lopsided()
	}
	if c.midway {
		first.text = strings.TrimPrefix(first.text, rest)
		if newFirst != first {
			newFirst.text = strings.TrimPrefix(newFirst.text, rest)
		}
	}
	if last.part, newLast.part = part, part; part {
		last.text = strings.TrimSuffix(last.text, rest)
		if newLast != last {
			newLast.text = strings.TrimSuffix(newLast.text, rest)
		}
	}
	if c.Before() == "" {
		return c.nowhere()
	}
	return nil
}

func (c *Change) nowhere() error {
	return fmt.Errorf("%s:%d: the change of %s does not say where; show a line that stays or goes", c.Place, c.Line, c.File)
}

func (c *Change) lopsided() error {
	return fmt.Errorf("%s:%d: the change of %s has … at an end of what goes but not of what comes, or the other way round", c.Place, c.Line, c.File)
}

// errorf is an error about the present line.
func (p *parser) errorf(form string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.place.Name, p.line, fmt.Sprintf(form, args...))
}

// Before is what the file has.
func (c *Change) Before() string { return join(c.lines, '+') }

// After is what stands there instead.
func (c *Change) After() string { return join(c.lines, '-') }

// join joins the lines that are not of a kind.
func join(lines []line, but byte) string {
	var b strings.Builder
	for _, l := range lines {
		if l.kind == but {
			continue
		}
		b.WriteString(l.text)
		if !l.part {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// Of reports whether the change is one for Go 1.minor.
func (c *Change) Of(minor int) bool {
	return minor >= c.Since && (c.Until == 0 || minor <= c.Until)
}
