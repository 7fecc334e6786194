package testproc

import (
	"regexp"
	"slices"
	"strings"

	"samerun/internal/text"
	"samerun/internal/wire"
)

// Begin is where a test of ordinary Go begins in the output of its process.
type Begin struct {
	Test string
	At   int // in bytes of Ending.Output
}

var beginLine = regexp.MustCompile(wire.Begins + `(\S+)\n`)

// cutBegins takes the lines at which tests begin out of an output.
func cutBegins(output string) (rest string, begins []Begin) {
	var b strings.Builder
	at := 0
	for _, m := range beginLine.FindAllStringSubmatchIndex(output, -1) {
		b.WriteString(output[at:m[0]])
		begins = append(begins, Begin{output[m[2]:m[3]], b.Len()})
		at = m[1]
	}
	b.WriteString(output[at:])
	return b.String(), begins
}

// Of is what a process printed from where a top-level test began to where the next one
// did. If the test ran several times, it is the time at which it failed, else the last. All
// of the output is returned if nothing is known of the test.
func (e *Ending) Of(test string) string {
	test, _, _ = strings.Cut(test, "/")
	part, found := e.Output, false
	for i, begin := range e.Begins {
		if begin.Test != test {
			continue
		}
		end := len(e.Output)
		if i+1 < len(e.Begins) {
			end = e.Begins[i+1].At
		}
		part, found = e.Output[begin.At:end], true
		if firstWithPrefix(strings.Split(part, "\n"), []string{"--- FAIL: " + test + " "}) >= 0 {
			break
		}
	}
	if !found {
		return e.Output
	}
	return part
}

// mostLogged is how many lines of what a test printed before it failed are told, beside
// those of nodes that had said nothing since.
const mostLogged = 20

// ExcerptOf is Excerpt of what a test printed, behind the last lines that it printed
// before the first sign of trouble: those of log and slog are there. Lines about its
// running, which -v adds, are left out. Of lines by the thousand the last ones are told,
// and the last ones of each node.
func ExcerptOf(part string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimRight(part, "\n")) {
		if !strings.HasPrefix(line, "=== ") {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	start, found := firstTrouble(lines)
	if !found {
		return Excerpt(strings.Join(lines, "\n"))
	}
	logged := lines[:start]
	for len(logged) > 0 && strings.TrimSpace(logged[len(logged)-1]) == "" {
		logged = logged[:len(logged)-1]
	}
	var b strings.Builder
	for _, line := range lastLines(logged, mostLogged) {
		b.WriteString(text.Cut(line, mostOfLine) + "\n")
	}
	return b.String() + Excerpt(strings.Join(failed(lines[start:]), "\n"))
}

// failed makes the lines from a first sign of trouble on as few as Excerpt tells, where it
// is the last that matter: if one test, or one subtest, has failed and logged much before
// it said why.
func failed(lines []string) []string {
	isEnd := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "--- ") }
	heads := 0
	for heads < len(lines) && isEnd(lines[heads]) {
		heads++
	}
	said := lines[heads:]
	if heads == 0 || slices.ContainsFunc(said, isEnd) {
		return lines
	}
	// Room for what nodes said last, and for the lines that say what is left out.
	most := excerptLines - heads - mostNodes*perNode/2
	if len(lines) <= excerptLines || most < mostLogged {
		return lines
	}
	told := lastLines(said, most)
	if over := len(told) - (excerptLines - heads); over > 0 {
		told = lastLines(said, most-over)
	}
	return append(slices.Clip(lines[:heads]), told...)
}

// mostOfLine is how much of such a line is told, in bytes.
const mostOfLine = 400
