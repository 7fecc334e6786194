package doctor

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"samerun/internal/records"
	"samerun/internal/wire"
)

// commonLines is how many lines that two records share are kept to be shown before
// the first difference.
const commonLines = 5

// parting is where two runs of one seed part.
type parting struct {
	test string // empty: before the first test

	// A difference of the records: the last lines that they share, and the first that
	// they do not. A side that is nil has nothing more.
	common []records.Line
	sides  [2]*records.Line

	// A difference of runs whose records are equal, in what they print or in their results.
	what string // "prints" or "results", empty for a difference of the records
	text [2]string
}

// bounds say how far two runs can be compared.
type bounds struct {
	// cut is set for a run that the tool or the watchdog has ended at some moment of real
	// time: that there is nothing more of it is no difference.
	cut [2]bool
	// until is the test of the first run from which on it is not compared; empty: none.
	until string
}

// over reports whether nothing more is to be compared.
func (b bounds) over(ended [2]bool) bool {
	return ended[0] && ended[1] || ended[0] && b.cut[0] || ended[1] && b.cut[1]
}

// diverge compares two records, or one test in each. It returns nil if they are equal.
func diverge(a, b io.Reader, in bounds) (*parting, error) {
	readers := [2]*records.Reader{records.NewReader(a), records.NewReader(b)}
	var recent ring
	at := &parting{}
	for {
		var lines [2][]byte
		var ended [2]bool
		for i, r := range readers {
			line, err := r.Next()
			if err != nil && err != io.EOF {
				return nil, fmt.Errorf("a record cannot be read: %w", err)
			}
			lines[i], ended[i] = line, err == io.EOF
		}
		if in.until != "" && bytes.HasPrefix(lines[0], []byte("test "+in.until+" ")) {
			ended[0] = true
		}
		if in.over(ended) {
			return nil, nil
		}
		if !ended[0] && !ended[1] && bytes.Equal(lines[0], lines[1]) {
			if bytes.HasPrefix(lines[0], []byte("test ")) {
				l, err := records.Parse(string(lines[0]))
				if err != nil {
					return nil, err
				}
				at.test = l.Test
				recent.clear()
			} else {
				recent.add(lines[0])
			}
			continue
		}
		for i, line := range lines {
			if ended[i] {
				continue
			}
			l, err := records.Parse(string(line))
			if err != nil {
				return nil, err
			}
			at.sides[i] = &l
		}
		for _, line := range recent.all() {
			l, err := records.Parse(line)
			if err != nil {
				return nil, err
			}
			at.common = append(at.common, l)
		}
		if at.test == "" {
			// The very first test is another one.
			at.test = firstTest(at.sides)
		}
		return at, nil
	}
}

func firstTest(sides [2]*records.Line) string {
	for _, l := range sides {
		if l != nil {
			return l.Test
		}
	}
	return ""
}

// ring keeps the last lines that were added.
type ring struct {
	lines [commonLines][]byte
	n     int // how many were added since clear
}

func (r *ring) clear() { r.n = 0 }

func (r *ring) add(line []byte) {
	slot := &r.lines[r.n%commonLines]
	*slot = append((*slot)[:0], line...)
	r.n++
}

// all returns what is kept, oldest first.
func (r *ring) all() (lines []string) {
	for i := max(0, r.n-commonLines); i < r.n; i++ {
		lines = append(lines, string(r.lines[i%commonLines]))
	}
	return lines
}

// outputCleaner takes out of a line of output what may differ between equal runs:
// the numbers of goroutines and the addresses in stacks, and the name of the folder for
// temporary files. An address that the test prints itself stays.
type outputCleaner struct{ folder string }

var (
	goroutineNumber = regexp.MustCompile(`\b[Gg]oroutine \d+`)
	traceAddress    = regexp.MustCompile(`^\s*\S.*\(.*0x.*\)$|\.go:\d+ \+0x[0-9a-f]+$|^(Read|Write|Previous read|Previous write) at 0x`)
	hexNumber       = regexp.MustCompile(`0x[0-9a-f]+\??`)
)

func (c outputCleaner) clean(line string) string {
	line = strings.ReplaceAll(line, c.folder, "$TMPDIR")
	if strings.Contains(line, "oroutine ") {
		line = goroutineNumber.ReplaceAllString(line, "goroutine N")
	}
	if strings.Contains(line, "0x") && traceAddress.MatchString(line) {
		line = hexNumber.ReplaceAllString(line, "0x…")
	}
	return line
}

// divergeOutput compares what two runs print with -test.v, as diverge does records.
func divergeOutput(a, b io.Reader, clean [2]outputCleaner, in bounds) (*parting, error) {
	readers := [2]*records.Reader{records.NewReader(a), records.NewReader(b)}
	at := &parting{what: "prints"}
	for {
		var lines [2]string
		var ended [2]bool
		for i, r := range readers {
			line, err := r.Next()
			if err != nil && err != io.EOF {
				return nil, fmt.Errorf("the output of a test cannot be read: %w", err)
			}
			lines[i], ended[i] = clean[i].clean(string(line)), err == io.EOF
		}
		if in.until != "" && lines[0] == "=== RUN   "+in.until {
			return nil, nil
		}
		if in.over(ended) {
			return nil, nil
		}
		if lines[0] != lines[1] || ended[0] != ended[1] {
			at.text = lines
			return at, nil
		}
		if strings.Contains(lines[0], " has not given up its turn for ") {
			return nil, nil // where in its computation the watchdog met it is chance
		}
		for _, head := range []string{"=== RUN   ", "=== NAME  ", "=== CONT  "} {
			if name, ok := strings.CutPrefix(lines[0], head); ok {
				at.test, _, _ = strings.Cut(name, "/")
			}
		}
	}
}

// divergeResults compares what became of the tests of two runs, in their order.
func divergeResults(a, b []wire.Result, in bounds) *parting {
	if in.cut != [2]bool{} {
		return nil
	}
	if i := slices.IndexFunc(a, func(o wire.Result) bool { return o.Test == in.until }); i >= 0 {
		a = a[:i]
	}
	show := func(all []wire.Result, i int) (test, text string) {
		if i >= len(all) {
			return "", "nothing: the run ended before"
		}
		o := all[i]
		return o.Test, fmt.Sprintf("ok %t, digest %s, %d turns, %d ns, %d goroutines left", o.OK, o.Digest, o.Events, o.VirtualNS, o.Left)
	}
	for i := range max(len(a), len(b)) {
		at := &parting{what: "results"}
		var other string
		at.test, at.text[0] = show(a, i)
		other, at.text[1] = show(b, i)
		if at.test != other || at.text[0] != at.text[1] {
			if at.test == "" {
				at.test = other
			}
			return at
		}
	}
	return nil
}

// compareCourses finds the first difference of two runs, in the order of their tests. A
// difference of the records comes before one of what is printed by the same test. If
// until is not empty, the first run is compared up to that test.
func compareCourses(a, b *course, until string) (*parting, error) {
	in := bounds{cutSides(a, b), until}
	atRecord, err := compareFiles(a.record, b.record, func(x, y io.Reader) (*parting, error) { return diverge(x, y, in) })
	if err != nil {
		return nil, err
	}
	atOutput, err := compareFiles(a.output, b.output, func(x, y io.Reader) (*parting, error) {
		return divergeOutput(x, y, [2]outputCleaner{{a.folder}, {b.folder}}, in)
	})
	if err != nil {
		return nil, err
	}
	var first *parting
	for _, at := range []*parting{atRecord, atOutput, divergeResults(a.tests, b.tests, in)} {
		if at != nil && (first == nil || a.place(at.test) < a.place(first.test)) {
			first = at
		}
	}
	return first, nil
}

// place is the place of a test in the order of a run: -1 for what comes before the
// tests. A test that the run has not come to is behind all others.
func (t *course) place(test string) int {
	if test == "" {
		return -1
	}
	if i := slices.IndexFunc(t.sections, func(s records.Section) bool { return s.Test == test }); i >= 0 {
		return i
	}
	return len(t.sections)
}

// compareTest compares one test among others with the same test by itself.
func compareTest(among *course, s records.Section, alone *course) (*parting, error) {
	return compareFiles(among.record, alone.record, func(x, y io.Reader) (*parting, error) {
		part := io.NewSectionReader(x.(io.ReaderAt), s.Offset, s.Size)
		cut := cutSides(among, alone)
		// All tests but the last one have ended by themselves.
		cut[0] = cut[0] && s.Test == among.sections[len(among.sections)-1].Test
		return diverge(part, y, bounds{cut: cut})
	})
}

// cutSides says which of two runs were ended at some moment of real time. The watchdog
// counts only if it ended both: else one of them did what the other did not.
func cutSides(a, b *course) [2]bool {
	both := a.watched() && b.watched()
	return [2]bool{a.end.TimedOut || both, b.end.TimedOut || both}
}

// compareFiles opens two files and compares them; one that is not there is empty.
func compareFiles(a, b string, f func(a, b io.Reader) (*parting, error)) (*parting, error) {
	var readers [2]io.Reader
	for i, name := range [2]string{a, b} {
		file, err := os.Open(name)
		switch {
		case os.IsNotExist(err):
			readers[i] = strings.NewReader("")
			continue
		case err != nil:
			return nil, fmt.Errorf("what a run has left cannot be read: %w", err)
		}
		defer file.Close()
		readers[i] = file
	}
	return f(readers[0], readers[1])
}
