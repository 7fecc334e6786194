package text

import "strings"

// And joins words as a sentence does: "a", "a and b", "a, b and c". It is empty for none.
func And(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
