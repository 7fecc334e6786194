package testproc

import (
	"regexp"
	"slices"
	"strings"

	"samerun/internal/text"
)

// A test of several servers logs by the thousand. Of that the last lines matter most, and
// what each server said last: one that went silent long before is often the culprit.

const (
	mostNodes = 16 // with more of them, the numbers are mostly no names of nodes
	perNode   = 2  // lines of each that are told in any case
	headBytes = 100
)

// What comes before the text of a line: the place that t.Log adds, and the time of log.
var linePrefix = regexp.MustCompile(`^\s*(?:\S+\.go:\d+: )?(?:\d{4}[/-]\d\d[/-]\d\d[ T])?(?:\d\d:\d\d:\d\d(?:\.\d+)?Z?\s+)?`)

// The ways in which lines say whose they are, near their beginning: "server 3", "node=3",
// "[S3]", "S3", "[3]".
var nodeWords = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:node|server|peer|replica|raft|kvserver|kvraft|kv|ctrler|srv|clerk|client|worker|goroutine|gid|shard|group|rank|me|id)s?[ =:#._\-\[({]*\d{1,5}\b`),
	regexp.MustCompile(`\b[A-Z]{1,2}\d{1,3}\b`),
	regexp.MustCompile(`^[\[({<]\s*\d{1,3}\s*[\])}>]`),
}

// nodeOf is who a line is of, as far as can be told; else it is empty.
func nodeOf(line string) string {
	line = line[len(linePrefix.FindString(line)):]
	if len(line) > headBytes {
		line = line[:headBytes]
	}
	for _, re := range nodeWords {
		if who := re.FindString(line); who != "" {
			return strings.ToLower(who)
		}
	}
	return ""
}

// lastLines returns the last of many lines, at least most of them, and among those before,
// the last ones of each node that lines are of. Where others are left out, a line says how
// many.
func lastLines(lines []string, most int) (told []string) {
	if len(lines) <= most {
		return lines
	}
	keep := make([]bool, len(lines))
	for i := len(lines) - most; i < len(lines); i++ {
		keep[i] = true
	}
	who := make([]string, len(lines))
	count := make(map[string]int)
	known := 0
	for i, line := range lines {
		if who[i] = nodeOf(line); who[i] != "" {
			count[who[i]]++
			known++
		}
	}
	if n := len(count); n > 1 && n <= mostNodes && known*2 >= len(lines) {
		left := make(map[string]int, n)
		for i := range slices.Backward(lines) {
			if who[i] != "" && left[who[i]] < perNode {
				left[who[i]]++
				keep[i] = true
			}
		}
	}
	out := 0
	for i, line := range lines {
		if !keep[i] {
			out++
			continue
		}
		switch {
		case out > 0 && len(told) == 0:
			told = append(told, "… "+text.Count(uint64(out), "earlier line")+" of the test")
		case out > 0:
			told = append(told, "… "+text.Count(uint64(out), "line")+" left out")
		}
		out = 0
		told = append(told, line)
	}
	return told
}
