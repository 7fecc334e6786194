package text

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// VisibleJSON returns JSON of the same meaning in which every character can be seen:
// marks of writing direction and the like, which JSON allows in its strings as they are,
// are escaped there.
func VisibleJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r < 0x7f || strconv.IsPrint(r):
			out = append(out, data[:size]...)
		case r > 0xffff: // more than four digits
			a, b := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, a), b)
		default:
			out = appendEscape(out, r)
		}
		data = data[size:]
	}
	return out
}

func appendEscape(out []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
