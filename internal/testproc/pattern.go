package testproc

import (
	"regexp"
	"strings"
)

// Pattern returns the argument of -run that matches the test of this name
// and no other: each level between slashes is a pattern of its own.
func Pattern(name string) string {
	levels := strings.Split(name, "/")
	for i, level := range levels {
		levels[i] = "^" + regexp.QuoteMeta(level) + "$"
	}
	return strings.Join(levels, "/")
}
