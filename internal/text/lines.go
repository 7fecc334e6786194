package text

import (
	"strings"
	"unicode/utf8"
)

// FirstLine is the text up to its first line break.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// Indent sets each line that is not empty four columns in.
func Indent(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = margin + line
		}
	}
	return strings.Join(lines, "\n")
}

// IndentRest sets all lines but the first four columns in, for a text that
// begins behind something else.
func IndentRest(s string) string { return strings.ReplaceAll(s, "\n", "\n"+margin) }

const margin = "    "

// Outdented returns the lines of a text without the blanks that all of them begin
// with.
func Outdented(s string) []string {
	lines := strings.Split(s, "\n")
	least := len(s)
	for _, l := range lines {
		least = min(least, len(l)-len(strings.TrimLeft(l, " ")))
	}
	for i := range lines {
		lines[i] = lines[i][least:]
	}
	return lines
}

// Cut shortens a text to at most so many bytes and marks that it did. It does not
// leave half a character behind.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}
