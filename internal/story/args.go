package story

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// field is one of a struct that package fmt has written by %+v, or the whole of a text that is
// none, with no name.
type field struct{ name, value string }

// fieldsOf takes a text such as {Term:1 Entries:[a b]} apart.
func fieldsOf(args string) []field {
	inner, ok := strings.CutPrefix(args, "{")
	if !ok {
		return []field{{"", args}}
	}
	var fields []field
	for _, part := range parts(strings.TrimSuffix(inner, "}")) { // of a long one the end is missing
		name, value, ok := strings.Cut(part, ":")
		switch ok = ok && !strings.ContainsAny(name, `{["`); {
		case ok:
			fields = append(fields, field{name, value})
		case len(fields) == 0:
			return []field{{"", args}}
		default: // a value of several words, such as 172 bytes
			fields[len(fields)-1].value += " " + part
		}
	}
	return fields
}

// parts cuts a text at the blanks that are in no brackets and no quotes.
func parts(s string) (all []string) {
	depth, quoted, from := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ' ' && depth == 0:
			all = append(all, s[from:i])
			from = i + 1
		}
	}
	if from < len(s) {
		all = append(all, s[from:])
	}
	return all
}

// mostValue is how much of the value of a field is shown, in letters.
const mostValue = 40

// newFields writes of a message's fields those that are others than those of the message of
// its kind before it, or, if there is none, those that are not zero, and what is true or
// false, unless it is the same in all messages of the kind. Short fields come first, then lists
// and structs, and last those that are the same in all messages of the kind.
func newFields(args, before string, same map[string]bool) string {
	known := map[string]string{}
	if before != "" {
		for _, f := range fieldsOf(before) {
			known[f.name] = f.value
		}
	}
	var words, long, last []string
	for _, f := range fieldsOf(args) {
		old, had := known[f.name]
		decides := (f.value == "true" || f.value == "false") && f.name != "" && same != nil && !same[f.name]
		if !decides && (had && old == f.value || !had && isZero(f.value)) {
			continue
		}
		word := cutRunes(f.value, mostValue)
		if f.name != "" {
			word = f.name + ":" + word
		}
		switch {
		case same[f.name]:
			last = append(last, word)
		case strings.ContainsAny(f.value[:1], "[{"):
			long = append(long, word)
		default:
			words = append(words, word)
		}
	}
	return strings.Join(slices.Concat(words, long, last), " ")
}

// fitFields is as much of what newFields has written as there is room for: whole fields, and how
// many are left out.
func fitFields(args string, room int) string {
	if utf8.RuneCountInString(args) <= room {
		return args
	}
	all := parts(args)
	for n := len(all) - 1; n > 0; n-- {
		left := len(all) - n
		word := " +1 field"
		if left > 1 {
			word = fmt.Sprintf(" +%d fields", left)
		}
		kept := strings.Join(all[:n], " ")
		switch least := utf8.RuneCountInString(kept) + utf8.RuneCountInString(word); {
		case least > room && least-utf8.RuneCountInString(word)+2 <= room:
			return kept + " …"
		case least > room:
		case least+fewLetters < room: // and some of the next one
			return kept + " " + cutRunes(strings.Join(all[n:], " "), room-utf8.RuneCountInString(kept)-1)
		default:
			return kept + word
		}
	}
	return cutRunes(args, room)
}

// fewLetters is how much of a field is worth to be shown.
const fewLetters = 14

// NewFields writes what a message holds that another of its kind does not.
func NewFields(args, before string) string { return newFields(args, before, nil) }

// isZero says whether a value is the zero value of its type, as fmt writes it.
func isZero(value string) bool {
	switch value {
	case "", "0", "false", `""`, "nil", "[]", "{}":
		return true
	}
	return false
}

// cutRunes shortens a text to so many letters.
func cutRunes(s string, most int) string {
	if most < 1 {
		return ""
	}
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == most {
			return s[:i] + "…"
		}
	}
	return s
}
