package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// allFlags are the flags of each verb that has some.
func allFlags() map[string]*flags {
	return map[string]*flags{
		"test":    newTestCommand(nil).flags,
		"overlay": newOverlayFlags(new(bool)),
		"replay":  newReplayCommand().flags,
		"shrink":  newShrinkCommand().flags,
		"doctor":  newDoctorCommand(nil).flags,
	}
}

// Each flag is in the help of its verb, with words, and the help has no other ones.
func TestHelpHasTheFlags(t *testing.T) {
	for _, v := range verbs() {
		f, ok := allFlags()[v.name]
		if !ok {
			if v.name != "goflags" {
				t.Errorf("the flags of %s are not looked at", v.name)
			}
			continue
		}
		told := make(map[string]int)
		for line := range strings.Lines(v.help()) {
			if name, ok := strings.CutPrefix(line, "  -"); ok {
				name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
				told[name]++
			}
		}
		f.VisitAll(func(g *flag.Flag) {
			if told[g.Name] != 1 {
				t.Errorf("the help of %s has -%s %d times", v.name, g.Name, told[g.Name])
			}
			delete(told, g.Name)
		})
		delete(told, "args") // for which package flag has no kind
		for name := range told {
			t.Errorf("the help of %s has -%s, which it does not know", v.name, name)
		}
		for _, l := range f.lines {
			if strings.TrimSpace(l.text) == "" {
				t.Errorf("%s %s has no words", v.name, l.head)
			}
		}
		for line := range strings.Lines(f.help()) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > helpWidth {
				t.Errorf("the help of %s has a line of %d columns: %s", v.name, n, line)
			}
		}
	}
}

// The page on the verb test has its flags as the help does.
func TestThePageHasTheFlags(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "samerun-test.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "```text\n" + newTestCommand(nil).flags.help() + "```\n"; !strings.Contains(string(page), want) {
		t.Errorf("docs/samerun-test.md does not have the flags as the help has them:\n%s", want)
	}
}

func TestExplain(t *testing.T) {
	f := newFlags("x")
	var text string
	var n int
	var d time.Duration
	var b bool
	f.text(&text, "word", "test", "W", "a word")
	f.text(&text, "other", "auto", "W", "a word (default: what the environment says)")
	f.number(&n, "count", 3, "how often")
	f.paragraph("Some more:")
	f.duration(&d, "time", 90*time.Minute, "how long")
	f.duration(&d, "none", 0, "how long")
	f.yes(&b, "yes", true, "whether")
	f.text(&text, "long-name", "", "FILE", strings.Repeat("word ", 16))
	const want = `  -word W       a word (default test)
  -other W      a word (default: what the environment says)
  -count N      how often (default 3)

Some more:

  -time D       how long (default 1h30m)
  -none D       how long
  -yes          whether
  -long-name FILE
                word word word word word word word word word word word word word
                word word word
`
	if got := f.help(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Flags may stand anywhere, and what is not one of them is told.
func TestParseMixed(t *testing.T) {
	f := newFlags("x")
	var n int
	f.number(&n, "n", 1, "a number")
	words, err := f.parse(strings.Fields("a -n 2 b -n 3 c"))
	if err != nil || strings.Join(words, " ") != "a b c" || n != 3 || !f.given("n") {
		t.Errorf("%q, %d, %v", words, n, err)
	}
	if _, err := newFlags("x").parse([]string{"a", "-m"}); err == nil || err.Error() != `there is no flag -m; "samerun help x" lists the flags` {
		t.Error(err)
	}
}
