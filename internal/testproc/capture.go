package testproc

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	captureEnds  = 64 << 10 // bytes kept of each end of an output
	excerptLines = 60
)

// capture keeps the beginning and the end of an output, so that a test that
// prints without end costs no more memory than any other. Its zero value is empty.
type capture struct {
	head, tail []byte
	dropped    int64
}

// Write never fails.
func (c *capture) Write(p []byte) (int, error) {
	n := len(p)
	if room := captureEnds - len(c.head); room > 0 {
		take := min(room, len(p))
		c.head = append(c.head, p[:take]...)
		p = p[take:]
	}
	c.tail = append(c.tail, p...)
	// Cut only at twice the size, so that each byte is moved once on average.
	if over := len(c.tail) - captureEnds; over > captureEnds {
		c.tail = append(c.tail[:0], c.tail[over:]...)
		c.dropped += int64(over)
	}
	return n, nil
}

// String returns what was kept, with a mark where something is missing.
func (c *capture) String() string {
	if c.dropped == 0 {
		return string(c.head) + string(c.tail)
	}
	return fmt.Sprintf("%s\n… %d bytes left out …\n%s", c.head, c.dropped, c.tail)
}

// These tell something about a test or a process, and begin a line, unless what was
// printed before them had no end of line: a test that ends, a process that dies, and what
// the runtime of internal/overlay says. What a program prints itself and looks like it
// does not: the line ends here, and what must follow does.
var tellings = regexp.MustCompile(`(?m)([^\s][ \t]*)(--- (?:FAIL|PASS|SKIP): \S+ \((?:\d+\.\d\ds|deadlock)\)$|` +
	`    [^\s:]+\.go:\d+: |` + // with -v
	`=== (?:RUN|PAUSE|CONT|NAME)   ?\S+$|` +
	`panic: [^\n]*\n(?:\[signal [^\n]*\n|samerun: [^\n]*\n|\t[^\n]*\n)*\ngoroutine \d|` +
	`fatal error: [^\n]*\n(?:samerun: [^\n]*\n|\[signal [^\n]*\n|runtime: [^\n]*\n)*\n(?:goroutine \d|runtime stack:)|` +
	`samerun: [^\n]*\nsamerun: )`)

// onLines gives each telling of an output a line of its own.
func onLines(output string) string {
	return tellings.ReplaceAllString(output, "$1\n$2")
}

// Excerpt picks the lines of an output that tell why a process failed: from the
// first sign of trouble on, else the last ones.
func Excerpt(output string) string {
	lines := strings.Split(strings.TrimRight(output, "\n"), "\n")
	start, found := firstTrouble(lines)
	if !found {
		start = max(0, len(lines)-excerptLines)
	}
	end := min(len(lines), start+excerptLines)
	text := strings.Join(lines[start:end], "\n")
	if left := len(lines) - end; left > 0 {
		text += fmt.Sprintf("\n… %d more lines", left)
	}
	return text
}

// Race returns the first report of the race detector in an output, on lines of its own
// below an empty one; it is empty if there is none.
func Race(output string) string {
	const frame = "=================="
	_, report, found := strings.Cut(output, frame+"\nWARNING: DATA RACE\n")
	if !found {
		return ""
	}
	report, _, _ = strings.Cut(report, frame)
	return "\nWARNING: DATA RACE\n" + report
}

// firstTrouble returns the index of the line with the first sign of trouble.
func firstTrouble(lines []string) (at int, found bool) {
	for _, signs := range [][]string{
		{"panic: ", "fatal error: ", "WARNING: DATA RACE"},
		{"--- FAIL"},
	} {
		if i := firstWithPrefix(lines, signs); i >= 0 {
			// The line of equal signs above a data race belongs to it.
			if i > 0 && strings.HasPrefix(lines[i-1], "=====") {
				i--
			}
			return i, true
		}
	}
	return 0, false
}

// firstWithPrefix returns the index of the first line that begins with one of
// the prefixes, or -1.
func firstWithPrefix(lines, prefixes []string) int {
	for i, line := range lines {
		for _, p := range prefixes {
			if strings.HasPrefix(strings.TrimSpace(line), p) {
				return i
			}
		}
	}
	return -1
}
