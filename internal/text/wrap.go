package text

import "strings"

// Wrap breaks a text into lines of a width, with a margin before the first and one
// before the others.
func Wrap(s, first, margin string, limit int) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(s) {
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
