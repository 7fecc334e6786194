package format

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Clip shortens a line for a message.
func Clip(line string, limit int) string {
	line = strings.TrimSpace(line)
	if len(line) <= limit {
		return line
	}
	return strings.ToValidUTF8(line[:limit], "") + "…"
}

// Indent sets each line that is not blank four columns in.
func Indent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "\n")
}

// FirstLine is the first line of a text.
func FirstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// A duration counts as one number: 990ms and 1.2s differ in more than digits.
var numeral = regexp.MustCompile(`0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]+)?(?:ns|µs|us|ms|s|m|h))+\b|[0-9]+(?:\.[0-9]+)?`)

// WithoutNumbers replaces each number by a mark, so that reasons that differ in
// a time or a node alone become equal.
func WithoutNumbers(text string) string {
	return numeral.ReplaceAllString(text, "#")
}

// Duration prints a duration in the precision that a waiting person needs.
func Duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*365*day:
		return "years"
	case d >= 2*day:
		return fmt.Sprintf("%d days", d/day)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	case d >= 10*time.Second:
		return fmt.Sprintf("%ds", d/time.Second)
	}
	//samerun:allow float: for people alone
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// Count is a number with its noun.
func Count(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// ShellQuote quotes a word for a POSIX shell if it needs that.
func ShellQuote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return Quote(word)
}

// Quote quotes a text for a POSIX shell, whether it needs that or not.
func Quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// Wrap breaks a text into lines of a width, with a margin before the first and one
// before the others.
func Wrap(text, first, margin string, limit int) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case i == 0:
			b.WriteString(first)
			width = len([]rune(first))
		case width+1+n > limit:
			b.WriteString("\n" + margin)
			width = len(margin)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	return b.String()
}
