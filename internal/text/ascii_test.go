package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain\n\x1b[31m": "plain\n\x1b[31m",
		"  0.013500s    ◀────────┤     Add #1, after 13.5ms": "  0.013500s    <--------+     Add #1, after 13.5ms",
		"  0.013500s    ├───────╳│     Add reply #1 is lost": "  0.013500s    +-------x|     Add reply #1 is lost",
		"  …            ┊        ┊     … 3 boots …":          "  ...          :        :     ... 3 boots ...",
		"cut c → p1, 20µs":  "cut c -> p1, 20us",
		"naïve \xff日本":      `na\u00efve \xff\u65e5\u672c`,
		"arrives (▶) or ╴◇": "arrives (>) or -o",
	} {
		if got := ASCII(in); got != want {
			t.Errorf("%q is %q, and not %q", in, got, want)
		}
	}
}

// Whatever it is of, it is ASCII, has as many lines, and stays as it is when that is done again.
func TestASCIIOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		got := ASCII(s)
		for i := 0; i < len(got); i++ {
			if got[i] >= utf8.RuneSelf {
				t.Fatalf("%q", got)
			}
		}
		if ASCII(got) != got || strings.Count(got, "\n") != strings.Count(s, "\n") {
			t.Fatalf("%q of %q", got, s)
		}
	})
}
