package screen

import (
	"regexp"
	"strings"
)

// The colours of a story. Each says the same as a sign or a word beside it, so that nothing is
// lost on who does not see it: what failed is red and bold, what a fault did is magenta, and bold
// where a node crashed. Neither yellow, which a light background hides, nor blue, which a dark one
// does, is among them; and no meaning rests on red against green.
const (
	ofFailure = Red
	ofFault   = "35"
	ofCrash   = "35;1"
)

var (
	// A row of a diagram: the time or dots, the lanes, and what happened.
	storyRow = regexp.MustCompile(`^( *(?:\d+\.\d{6}s|…) +)([│┊├┤┼─┄▶◀●╳◇ ]*)(.*)$`)
	// What heads a list of faults.
	faultsHead = regexp.MustCompile(`^ *(?:faults:|\d+ faults?, (?:of )?which .*took effect:)$`)
	// What the tool, the go command and the runtime say when something failed.
	failedLine = regexp.MustCompile(`^ *(?:--- FAIL: |panic: |fatal error: |samerun: deadlock |WARNING: DATA RACE|property ".*" broken at )`)
)

// Story colours the lines of a story, if standard output takes colours. The result is for
// [Screen.Print].
func (sc *Screen) Story(story string) string {
	if !sc.color {
		return story
	}
	lines := strings.Split(story, "\n")
	list := -1 // the margin of what heads the list of faults that goes on
	for i, l := range lines {
		margin := len(l) - len(strings.TrimLeft(l, " "))
		if list >= 0 && margin <= list {
			list = -1
		}
		switch m := storyRow.FindStringSubmatch(l); {
		case list >= 0:
			lines[i] = sc.Paint(ofFault, l)
		case faultsHead.MatchString(l):
			list = margin
		case m != nil && (m[2] != "" || strings.TrimSpace(m[1]) != "…"):
			lines[i] = sc.row(m[1], m[2], m[3])
		case failedLine.MatchString(l):
			lines[i] = sc.Paint(ofFailure, l)
		}
	}
	return strings.Join(lines, "\n")
}

// row colours a row of a diagram.
func (sc *Screen) row(begin, lanes, words string) string {
	color, sign := Plain, ofFault
	switch {
	case strings.Contains(begin, "…"):
		return sc.Paint(Faint, begin+lanes+words)
	case strings.HasPrefix(words, "fail  "):
		color = ofFailure
	case strings.HasPrefix(words, "fault  "):
		color = ofFault
	case strings.HasPrefix(words, "ends  "), strings.HasPrefix(words, "no more faults "):
		color = Faint
	case strings.Contains(lanes, "╳") && strings.Contains(words, "  crashes"):
		color, sign = ofCrash, ofCrash
	case strings.Contains(lanes, "╳"), strings.Contains(lanes, "◇"):
		color = ofFault
	}
	for _, s := range [...]string{"╳", "◇"} {
		lanes = strings.ReplaceAll(lanes, s, sc.Paint(sign, s))
	}
	return begin + lanes + sc.Paint(color, words)
}
