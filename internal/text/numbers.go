package text

import "regexp"

// numbers is what may differ between two failures that are the same: a
// duration, too, counts as one number, because 990ms and 1.2s differ in more than
// digits.
var numbers = regexp.MustCompile(`0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]+)?(?:ns|µs|us|ms|s|m|h))+\b|[0-9]+(?:\.[0-9]+)?`)

// WithoutNumbers puts a mark in the place of each number, so that texts that
// differ in a time or in a node's number alone become equal.
func WithoutNumbers(s string) string { return numbers.ReplaceAllString(s, "#") }
