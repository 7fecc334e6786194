package fault

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"samerun/internal/text"
)

// String returns the element as one line of a story:
//
//	1.100s  cut  n0 → n1 n2  until 1.400s
//
// A "+" before a time says that it counts from the start of the incarnation that
// is named.
func (f Fault) String() string {
	l := f.line()
	return strings.TrimLeft(strings.Join(l.columns(), "  "), " ")
}

// String returns the elements as lines of a story, in columns, and the quiet
// time at the end. It has no newline after the last line.
func (s Schedule) String() string {
	lines := make([]line, 0, len(s.Faults)+1)
	for i := range s.Faults {
		lines = append(lines, s.Faults[i].line())
	}
	if s.Quiet > 0 {
		lines = append(lines, line{when: clockTime(s.Quiet), kind: "quiet"})
	}
	if len(lines) == 0 {
		return "no faults"
	}
	var when, kind, what int
	for _, l := range lines {
		when = max(when, width(l.when))
		kind = max(kind, width(l.kind))
		if l.until != "" {
			what = max(what, width(l.what))
		}
	}
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		l.when = strings.Repeat(" ", when-width(l.when)) + l.when
		l.kind += strings.Repeat(" ", kind-width(l.kind))
		if l.until != "" {
			l.what += strings.Repeat(" ", what-width(l.what))
		}
		b.WriteString(strings.TrimRight(strings.Join(l.columns(), "  "), " "))
	}
	return b.String()
}

// line is one line of a story, in its columns; when and until may be empty.
type line struct{ when, kind, what, until string }

// columns returns the columns that are filled; when stays, to keep the others in
// their place.
func (l line) columns() []string {
	columns := []string{l.when, l.kind}
	if l.what != "" {
		columns = append(columns, l.what)
	}
	if l.until != "" {
		columns = append(columns, l.until)
	}
	return columns
}

func width(s string) int { return utf8.RuneCountInString(s) }

func (f *Fault) line() line {
	info, _ := f.Kind.Info()
	l := line{kind: string(f.Kind)}
	since := ""
	if f.Boot > 0 {
		since = "+"
	}
	if info.Group != Picks && !f.picksOnDisk(info) {
		l.when = since + clockTime(f.At)
	}
	words := []string{f.target()}
	if f.Boot > 0 {
		words[0] += fmt.Sprintf(" (boot %d)", f.Boot)
	}
	l.what = strings.Join(append(words, f.details()...), "  ")
	switch end, ends := f.End(); {
	case f.Kind == CrashAt && f.For > 0:
		l.what += fmt.Sprintf(", restarts after %v", f.For)
	case ends && f.Kind == Crash:
		l.what += ", restarts " + since + clockTime(end)
	case ends:
		l.until = "until " + since + clockTime(end)
	}
	return l
}

// target says what the fault befalls.
func (f *Fault) target() string {
	if len(f.From)+len(f.To) > 0 {
		return showNames(f.From) + " → " + showNames(f.To)
	}
	return showNames(f.Nodes)
}

// details says in words what the numbers of the fault are.
func (f *Fault) details() []string {
	var words []string
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	if info, _ := f.Kind.Info(); f.picksOnDisk(info) {
		add("%s", f.Operation())
	} else if message := f.message(); message != "" {
		add("%s", message)
	}
	if f.File != "" && f.Nth == 0 {
		add("file %s", showName(f.File))
	}
	switch {
	case f.Sectors > 0:
		add("the first %s", text.Count(int(f.Sectors), "sector"))
	case f.Sectors < 0:
		add("sectors %s", bitsOf(^f.Sectors))
	}
	switch {
	case f.PPM == 0:
	case f.Kind == Drift:
		add("%+d ppm", f.PPM)
	case f.Kind == Slow:
		add("%s slower", percent(f.PPM))
	default:
		add("%s", percent(f.PPM))
	}
	if shortest, longest := f.Delay(); longest > 0 {
		how := ""
		if f.Shape != Fixed {
			how = " " + f.Shape.String()
		}
		if shortest == longest {
			add("%v%s", shortest, how)
		} else {
			add("%v to %v%s", shortest, longest, how)
		}
	}
	switch {
	case f.Kind == Bandwidth:
		add("%d bytes/s", f.Bytes)
	case f.Kind == NoSpace:
		add("%d bytes left", f.Bytes)
	case f.Kind == Short && f.Bytes > 0:
		add("%s stored", text.Count(int(f.Bytes), "byte"))
	}
	if f.Queue > 0 {
		add("queue %d", f.Queue)
	}
	if f.Period > 0 {
		add("each %v", f.Period)
	}
	if f.Offset > 0 {
		add("+%v", f.Offset)
	} else if f.Offset < 0 {
		add("%v", f.Offset)
	}
	return words
}

// message says which messages are meant: "Raft.RequestVote reply #3".
func (f *Fault) message() string {
	var words []string
	if f.Method != "" {
		words = append(words, showName(f.Method))
	}
	if f.Dir != Both {
		words = append(words, f.Dir.String())
	}
	if f.Conn > 0 {
		words = append(words, "connection "+strconv.FormatUint(f.Conn, 10))
	}
	if f.Nth > 0 {
		words = append(words, "#"+strconv.FormatUint(f.Nth, 10))
	}
	return strings.Join(words, " ")
}

// Operation says which operation of a disk the fault is about, if it picks one by its
// number: "write #2 to wal".
func (f *Fault) Operation() string {
	file := showName(f.File)
	what := "write #%d to %s"
	switch {
	case f.Kind == SyncFail:
		what = "sync #%d of %s"
	case f.Kind == CrashAt:
		what = "operation #%d on %s"
	case strings.HasSuffix(f.File, "/"):
		what = "change #%d of the names in %s"
	}
	return fmt.Sprintf(what, f.Nth, file)
}

// bitsOf lists the bits that are set, from 1: "1 3 4".
func bitsOf(mask int64) string {
	var list []string
	for i := range MaxSectors {
		if mask>>i&1 == 1 {
			list = append(list, strconv.Itoa(i+1))
		}
	}
	return cmp.Or(strings.Join(list, " "), "none")
}

// showNames writes the names with spaces between, and no more than the first ten
// of a long list.
func showNames(names []string) string {
	const most = 10
	shown := make([]string, 0, most+1)
	for i, name := range names {
		if i == most && len(names) > most+1 {
			shown = append(shown, fmt.Sprintf("… (%d nodes)", len(names)))
			break
		}
		shown = append(shown, showName(name))
	}
	return strings.Join(shown, " ")
}

// showName quotes a name that would not stand out as one word.
func showName(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsGraphic(c) || unicode.IsSpace(c) }) {
		return strconv.Quote(name)
	}
	return name
}

// clockTime writes a virtual time in seconds, with three digits or as many as it
// takes.
func clockTime(d time.Duration) string {
	sign := ""
	n := uint64(d)
	if d < 0 {
		sign, n = "-", -n
	}
	return sign + fraction(n, 1_000_000_000, 9, 3) + "s"
}

// percent writes parts per million as a percentage.
func percent(ppm int64) string {
	sign := ""
	n := uint64(ppm)
	if ppm < 0 {
		sign, n = "-", -n
	}
	return sign + fraction(n, Million/100, 4, 0) + "%"
}

// fraction writes n/unit, where unit has so many zeros, with at least so many
// digits after the point.
func fraction(n, unit uint64, zeros, least int) string {
	digits := fmt.Sprintf("%0*d", zeros, n%unit)
	for len(digits) > least && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	whole := strconv.FormatUint(n/unit, 10)
	if digits == "" {
		return whole
	}
	return whole + "." + digits
}
