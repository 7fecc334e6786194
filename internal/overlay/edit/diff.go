package edit

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many lines a diff shows around those that change.
const around = 3

// Diff writes what changes in the file as a unified diff, which patch -p1 and git apply
// understand: the names are those of the file below the folders a and b. It is empty
// if nothing changes.
func (r *Result) Diff() string {
	var b strings.Builder
	old := newLines(r.Before)
	for i := 0; i < len(r.spans); {
		// Changes whose surroundings meet are shown as one.
		j := i + 1
		for j < len(r.spans) && old.of(r.spans[j].from)-old.last(r.spans[j-1]) <= 2*around {
			j++
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", r.File, r.File)
		}
		r.hunk(&b, old, r.spans[i:j], r.shift(old, i))
		i = j
	}
	return b.String()
}

// lines knows where the lines of a text begin.
type lines struct {
	text   string
	begins []int // and, last, the end of the text
}

func newLines(text string) lines {
	l := lines{text, nil}
	at := 0
	for line := range strings.Lines(text) {
		l.begins = append(l.begins, at)
		at += len(line)
	}
	l.begins = append(l.begins, at)
	return l
}

// of returns the line that an offset is in, from 0.
func (l lines) of(offset int) int {
	i, found := slices.BinarySearch(l.begins, offset)
	if !found {
		i--
	}
	return i
}

// last returns the line behind those that a span touches.
func (l lines) last(s span) int {
	i := l.of(s.to)
	if s.to > l.begins[i] {
		i++
	}
	return i
}

// shift is how many lines more there are by the changes before the i-th.
func (r *Result) shift(old lines, i int) int {
	n := 0
	for _, s := range r.spans[:i] {
		n += strings.Count(s.with, "\n") - strings.Count(r.Before[s.from:s.to], "\n")
	}
	return n
}

// hunk writes some changes with what is around them.
func (r *Result) hunk(b *strings.Builder, old lines, spans []span, shift int) {
	from := max(0, old.of(spans[0].from)-around)
	to := min(len(old.begins)-1, old.last(spans[len(spans)-1])+around)
	var body strings.Builder
	added, at := 0, from
	show := func(kind, text string) int {
		n := 0
		for line := range strings.Lines(text) {
			body.WriteString(kind + strings.TrimSuffix(line, "\n") + "\n")
			n++
			if !strings.HasSuffix(line, "\n") {
				body.WriteString("\\ No newline at end of file\n")
			}
		}
		return n
	}
	stays := func(until int) {
		added += show(" ", r.Before[old.begins[at]:old.begins[until]])
		at = until
	}
	for i := 0; i < len(spans); {
		// Changes of one line, or of neighbours, are told together.
		first, behind := old.of(spans[i].from), old.last(spans[i])
		text := r.Before[old.begins[first]:spans[i].from]
		j := i
		for ; ; j++ {
			text += spans[j].with
			behind = max(behind, old.last(spans[j]))
			if j+1 == len(spans) || old.of(spans[j+1].from) >= max(behind, first+1) {
				break
			}
			text += r.Before[spans[j].to:spans[j+1].from]
		}
		text += r.Before[spans[j].to:old.begins[behind]]
		stays(first)
		show("-", r.Before[old.begins[first]:old.begins[behind]])
		added += show("+", text)
		at = behind
		i = j + 1
	}
	stays(to)
	fmt.Fprintf(b, "@@ -%s +%s @@\n%s", lineRange(from, to-from), lineRange(from+shift, added), body.String())
}

// lineRange is n lines of a file from a line on, which counts from 0.
func lineRange(from, n int) string {
	if n > 0 {
		from++
	}
	return fmt.Sprintf("%d,%d", from, n)
}

// DiffNew is the diff for a file that the toolchain does not have.
func DiffNew(name, text string) string {
	r := Result{File: name, spans: []span{{with: text}}}
	_, diff, _ := strings.Cut(r.Diff(), "\n")
	return "--- /dev/null\n" + diff
}
