package text

import (
	"strings"
	"testing"
)

func TestAnd(t *testing.T) {
	for words, want := range map[string]string{"": "", "a": "a", "a b": "a and b", "a b c": "a, b and c"} {
		if got := And(strings.Fields(words)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
