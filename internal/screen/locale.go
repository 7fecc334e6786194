package screen

import (
	"io"
	"strings"
)

// UTF8 reports whether a locale has UTF-8: that of LC_ALL or else LC_CTYPE or else LANG, as C
// programs find it. Where none is set, terminals have it nearly everywhere, and it is taken to be
// so; "C" and "POSIX" say that there is none.
func UTF8(lookup func(name string) (value string, ok bool)) bool {
	for _, name := range [...]string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value, _ := lookup(name); value != "" {
			value = strings.ToLower(value)
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return true
}

// OnlyASCII reports whether an output must be written with nothing but ASCII: it is a terminal
// whose locale has no UTF-8. Files and pipes get UTF-8.
func OnlyASCII(w io.Writer, lookup func(name string) (value string, ok bool)) bool {
	return isTerminal(w) && !UTF8(lookup)
}
