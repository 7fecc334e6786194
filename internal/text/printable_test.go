package text

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLineAndBlock(t *testing.T) {
	for _, c := range []struct{ in, line, block string }{
		{"", "", ""},
		{"n0 → client0, 100 %", "n0 → client0, 100 %", "n0 → client0, 100 %"},
		{`C:\new`, `C:\new`, `C:\new`},
		{"a\nagain: rm", `a\nagain: rm`, "a\nagain: rm"},
		{"a\tb\r\n", `a\tb\r\n`, "a\tb\\r\n"},
		{"\x1b[31mred\x07\x00\x7f", `\x1b[31mred\a\x00\x7f`, `\x1b[31mred\a\x00\x7f`},
		{"\u0085\u009b31m", `\u0085\u009b31m`, `\u0085\u009b31m`}, // C1: next line, and the short form of ESC [
		{"user\u202e\u2066txt\u200f", `user\u202e\u2066txt\u200f`, `user\u202e\u2066txt\u200f`},
		{"a\u200bb\u200dc\ufeff\u00ad\u2060", `a\u200bb\u200dc\ufeff\u00ad\u2060`, `a\u200bb\u200dc\ufeff\u00ad\u2060`},
		{"a\u2028b\u2029c", `a\u2028b\u2029c`, `a\u2028b\u2029c`},
		{"\xff\xc3(", `\xff\xc3(`, `\xff\xc3(`},
		{"\ufffd", "\ufffd", "\ufffd"},
		{"\U000e0041", `\U000e0041`, `\U000e0041`}, // tags, which hide text
		{"é日本語🙂", "é日本語🙂", "é日本語🙂"},
	} {
		if got := Line(c.in); got != c.line {
			t.Errorf("Line(%q) is %q, want %q", c.in, got, c.line)
		}
		if got := Block(c.in); got != c.block {
			t.Errorf("Block(%q) is %q, want %q", c.in, got, c.block)
		}
		if got := string(AppendLine([]byte("x"), c.in)); got != "x"+c.line {
			t.Errorf("AppendLine(%q) is %q", c.in, got)
		}
	}
}

// Of all characters, and all bytes, nothing comes out that has no shape, that turns
// the writing or that ends the line; what has one comes out as it is.
func TestEveryCharacter(t *testing.T) {
	check := func(in string) {
		line, block := Line(in), Block(in)
		for _, r := range line {
			if !strconv.IsPrint(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("Line(%q) is %q", in, line)
			}
		}
		if !utf8.ValidString(block) || strings.Count(block, "\n") != strings.Count(in, "\n") {
			t.Fatalf("Block(%q) is %q", in, block)
		}
		if Line(line) != line || Block(block) != block {
			t.Fatalf("%q is changed when it is made fit again", in)
		}
	}
	for r := range rune(unicode.MaxRune + 1) {
		in := "a" + string(r) + "b"
		check(in)
		if strconv.IsPrint(r) && Line(in) != in {
			t.Fatalf("Line(%q) is %q", in, Line(in))
		}
	}
	for c := range 256 {
		check("a" + string([]byte{byte(c)}) + "b")
	}
}
