package text

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWithoutNumbers(t *testing.T) {
	same := [][]string{
		{"n0 and n3 lead term 4", "n10 and n2 lead term 17"},
		{"late by 990ms", "late by 1.2s", "late by 1m30.5s"},
		{"digest 0x2f", "digest 0xdeadbeef"},
	}
	for _, group := range same {
		for _, other := range group[1:] {
			if a, b := WithoutNumbers(group[0]), WithoutNumbers(other); a != b {
				t.Errorf("%q and %q differ: %q, %q", group[0], other, a, b)
			}
		}
	}
	if WithoutNumbers("no leader") == WithoutNumbers("no quorum") || WithoutNumbers("5 months") == WithoutNumbers("5") {
		t.Error("words must count")
	}
}

// A cut text is a beginning of the text that is no longer than asked, and valid if
// the text was.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, most := rapid.String().Draw(t, "text"), rapid.IntRange(0, 40).Draw(t, "most")
		got := Cut(s, most)
		if len(s) <= most {
			if got != s {
				t.Fatalf("%q became %q", s, got)
			}
			return
		}
		kept, ok := strings.CutSuffix(got, "…")
		if !ok || !strings.HasPrefix(s, kept) || len(kept) > most || len(kept) < most-utf8.UTFMax+1 || !utf8.ValidString(got) {
			t.Fatalf("%q, at most %d bytes, became %q", s, most, got)
		}
	})
	if got := Cut("\x80\x80\x80", 2); got != "…" {
		t.Errorf("%q", got)
	}
}

func TestLines(t *testing.T) {
	for _, c := range [][2]string{
		{Indent("a\n\n  b\n"), "    a\n\n      b\n"},
		{IndentRest("a\nb\n\nc"), "a\n    b\n    \n    c"},
		{strings.Join(Outdented("  a\n   b"), "|"), "a| b"},
		{strings.Join(Outdented("  a\n\n   b"), "|"), "  a||   b"},
		{FirstLine("a\nb"), "a"}, {FirstLine(""), ""},
		{Count(1, "fault"), "1 fault"}, {Count(uint64(0), "fault"), "0 faults"},
		{Clip("a\n\x1b[31m"), `"a\n\x1b[31m"`},
		{JSON("a → <b>\n"), `"a → <b>\n"`},
		{string(Fill(AppendTime(nil, 61*time.Second+2*time.Microsecond), 12)) + "|", "61.000002s  |"},
		{string(Fill(AppendTime(nil, 100_000*time.Hour), 12)) + "|", "360000000.000000s |"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

// A shell gives a quoted word back as it was.
func TestShellQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell here")
	}
	for _, word := range []string{"plain", "./a/b-c_1.json", "", "a b", "it's", "$HOME `x` \"y\" \\", "*", "a\nb", "é"} {
		out, err := exec.Command(sh, "-c", "printf %s "+ShellQuote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q came back as %q (%v)", word, out, err)
		}
	}
	if ShellQuote("plain") != "plain" || AlwaysShellQuote("plain") != "'plain'" {
		t.Error("plain words need no quotes, and can have them")
	}
}

// Each level of the pattern matches its level of the name, and no other name.
func TestTestPattern(t *testing.T) {
	for _, name := range []string{"TestX", "TestX/a.b", "TestX/[x]+/(y"} {
		levels := strings.Split(TestPattern(name), "/")
		for i, level := range strings.Split(name, "/") {
			re := regexp.MustCompile(levels[i])
			if !re.MatchString(level) || re.MatchString(level+"x") || re.MatchString("x"+level) {
				t.Errorf("%s does not stand for %s alone", levels[i], level)
			}
		}
	}
}
