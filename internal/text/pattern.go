package text

import (
	"regexp"
	"strings"
)

// TestPattern is what -run takes to run the test or subtest of this name, as
// testing.T.Name gives it, and no other.
func TestPattern(name string) string {
	levels := strings.Split(name, "/")
	for i, level := range levels {
		levels[i] = "^" + regexp.QuoteMeta(level) + "$"
	}
	return strings.Join(levels, "/")
}
