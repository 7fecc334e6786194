package testproc

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A pattern matches its own name, level by level, and nothing longer or shorter.
func TestTestPattern(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`Test[A-Za-z0-9_.*+|()\[\]$^#-]{1,10}(/[a-z_.*+|()\[\]$^#\\-]{1,8}){0,2}`).Draw(t, "name")
		patterns := strings.Split(Pattern(name), "/")
		levels := strings.Split(name, "/")
		if len(patterns) != len(levels) {
			t.Fatalf("%s: %d patterns for %d levels", name, len(patterns), len(levels))
		}
		for i, level := range levels {
			re, err := regexp.Compile(patterns[i])
			if err != nil || !re.MatchString(level) || re.MatchString(level+"x") || re.MatchString("x"+level) {
				t.Fatalf("%q for %q: %v", patterns[i], level, err)
			}
		}
	})
}
