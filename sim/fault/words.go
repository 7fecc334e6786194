package fault

import (
	"fmt"
	"strconv"
	"strings"

	"samerun/internal/text"
)

// The words of JSON for the small enumerations, in the order of their values.
// They are lists made anew, so that nobody can change them for another run.

func dirWords() []string   { return []string{"both", "request", "reply"} }
func shapeWords() []string { return []string{"fixed", "uniform", "exponential", "longtail"} }

func fieldWords() []string {
	words := fieldNames
	return words[:]
}

func kindWords() []string {
	words := make([]string, len(infos))
	for i := range infos {
		words[i] = string(infos[i].Kind)
	}
	return words
}

func wordOf(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return "unknown " + strconv.Itoa(i)
}

// unknownKind says that there is no such kind, and which is near.
func unknownKind(word string) string {
	if word == "" {
		return "kind is missing; it is " + choices(kindWords())
	}
	return unknown("kind", word, kindWords())
}

// unknown says that a word is not among those known, and names the nearest or,
// if none is near, all of them.
func unknown(what, word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("%s is not a known %s; did you mean %q?", text.Clip(word), what, near)
	}
	return fmt.Sprintf("%s is not a known %s; use %s", text.Clip(word), what, choices(known))
}

// choices writes "a, b or c".
func choices(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// nearest returns the known word that takes the fewest edits, if those are at
// most a third of its length, or one.
func nearest(word string, known []string) string {
	if len(word) > 40 {
		return ""
	}
	best, fewest := "", len(word)+1
	for _, k := range known {
		if d := edits(strings.ToLower(word), k); d < fewest && d <= max(1, len(k)/3) {
			best, fewest = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance, by bytes: how many insertions, deletions
// and replacements turn a into b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
