package text

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Clip quotes a text as Go does, and shortens a long one: for a sentence that
// names what it found.
func Clip(s string) string { return strconv.Quote(Cut(s, mostQuoted)) }

// mostQuoted is how much of a text a sentence quotes, in bytes.
const mostQuoted = 60

// JSON writes a text as JSON, arrows and angle brackets as they are.
func JSON(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// ShellQuote quotes a word for a POSIX shell if it needs that.
func ShellQuote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return AlwaysShellQuote(word)
}

// AlwaysShellQuote quotes a word for a POSIX shell, needed or not: patterns look
// better so.
func AlwaysShellQuote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
