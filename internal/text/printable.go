package text

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Line returns s as a part of one line: without newlines, other control characters,
// marks that are not seen, and bytes that are no UTF-8. These are escaped.
func Line(s string) string { return escaped(s, false) }

// Block is Line for a text of several lines: newlines and tabs stay.
func Block(s string) string { return escaped(s, true) }

// AppendLine appends Line(s) to b.
func AppendLine(b []byte, s string) []byte {
	if plain(s, false) {
		return append(b, s...)
	}
	return append(b, Line(s)...)
}

// plain says that s can be printed as it is. Nearly all texts are ASCII, and can.
func plain(s string, lines bool) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && !(lines && (c == '\n' || c == '\t')) || c == 0x7f {
			return false
		}
	}
	return true
}

func escaped(s string, lines bool) string {
	if plain(s, lines) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(0x100|uint64(s[i]), 16)[1:])
		case strconv.IsPrint(r), lines && (r == '\n' || r == '\t'):
			b.WriteString(s[i : i+size])
		default:
			// As in a string of Go; the marks of writing direction and what has no
			// width are among those that IsPrint refuses.
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += size
	}
	return b.String()
}
