package text

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ASCII writes a text with nothing but ASCII, for a terminal that shows no more. The lines and
// arrows of a diagram become signs of the same width, so that its columns stay where they are;
// what has no such sign is escaped as in a string of Go.
func ASCII(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch short := plainSign(r); {
		case r < utf8.RuneSelf:
			b.WriteByte(s[i])
		case r == '…' && strings.HasPrefix(s[i+size:], "   "):
			b.WriteString("...") // at the beginning of a row, where a time would stand
			size += 2
		case short != "":
			b.WriteString(short)
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i]), 16))
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += size
	}
	return b.String()
}

// plainSign stands for what the tool itself writes; it is empty for other characters.
func plainSign(r rune) string {
	switch r {
	case '│':
		return "|"
	case '┊':
		return ":"
	case '├', '┤', '┼':
		return "+"
	case '─', '╴', '–', '—':
		return "-"
	case '┄', '·':
		return "."
	case '▶':
		return ">"
	case '◀':
		return "<"
	case '●':
		return "*"
	case '╳', '×':
		return "x"
	case '◇':
		return "o"
	case '→':
		return "->"
	case '←':
		return "<-"
	case '⇄':
		return "<>"
	case '…':
		return "..."
	case 'µ', 'μ':
		return "u"
	case '≤':
		return "<="
	case '≥':
		return ">="
	case '‘', '’':
		return "'"
	case '“', '”':
		return `"`
	}
	return ""
}
