package main

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
)

// allFlags are the flags of each verb that has some.
func allFlags() map[string]*flags {
	return map[string]*flags{
		"test":    newTestCommand(nil).flags,
		"run":     newRunCommand(nil).flags,
		"overlay": newOverlayFlags(new(bool)),
		"replay":  newReplayCommand().flags,
		"shrink":  newShrinkCommand().flags,
		"trace":   newTraceCommand().flags,
		"diff":    newDiffCommand().flags,
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

// The pages on the verbs test and run have their flags as the help does.
func TestThePagesHaveTheFlags(t *testing.T) {
	for name, f := range map[string]*flags{"samerun-test.md": newTestCommand(nil).flags, "samerun-run.md": newRunCommand(nil).flags} {
		page, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		if want := "```text\n" + f.help() + "```\n"; !strings.Contains(string(page), want) {
			t.Errorf("docs/%s does not have the flags as the help has them:\n%s", name, want)
		}
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

// A value that a flag cannot read is told with what it takes, whatever kind it is of and
// whichever verb it is for.
func TestBadValues(t *testing.T) {
	const unit = "a time needs a unit, such as 30s, 30ms or 30us"
	for verb, f := range allFlags() {
		f.VisitAll(func(g *flag.Flag) {
			values := map[string]string{}
			switch g.Value.(flag.Getter).Get().(type) {
			case time.Duration:
				values = map[string]string{"30": unit, "-1.5": unit, "soon": "this is not a time; say one such as 30s, 1m30s or 200us", "": "this is not a time; say one such as 30s, 1m30s or 200us"}
			case int:
				values = map[string]string{"many": "say a whole number, such as 4", "1.5": "say a whole number, such as 4", "99999999999999999999": "say a whole number, such as 4"}
			case bool:
				values = map[string]string{"perhaps": "say true or false, or nothing for true"}
			}
			for value, want := range values {
				_, err := f.parse([]string{"-" + g.Name + "=" + value})
				if want = "-" + g.Name + " " + value + ": " + want; err == nil || err.Error() != want {
					t.Errorf("samerun %s -%s=%s: %v, want %s", verb, g.Name, value, err, want)
				}
			}
		})
	}
}

// A flag that is for ordinary Go alone would do nothing for simulation tests.
func TestFlagsOfTheOtherWorld(t *testing.T) {
	packages := []*gocmd.Package{{Path: "bank", Arg: "./bank"}, {Path: "desk", Arg: "./desk"}}
	values := map[string]string{"turn": "1ms", "net": "real", "date": "2026-11-29", "go": "late", "watchdog": "1s", "skip": "X", "apart": "off", "count": "2", "record": "x", "picks": "x", "leaks": "fail", "faults": "flaky", "horizon": "5s"}
	for _, name := range append(newTestCommand(nil).plain, "args") {
		line := []string{"-" + name}
		if value, ok := values[name]; ok {
			line = []string{"-" + name + "=" + value}
		}
		if name == "args" {
			line = append(line, "a")
		}
		for overlay, want := range map[string]string{
			"auto": "-" + name + " is for tests of ordinary Go, and those of bank use samerun/sim, where it would do nothing; leave it out",
			"off":  "-" + name + " is for tests of ordinary Go, and with -overlay off none are run as that; leave one of the two out",
		} {
			c := newTestCommand(nil)
			if err := c.parse(append([]string{"-overlay", overlay, "-seeds", "1"}, line...), nil); err != nil {
				t.Fatal(err)
			}
			// A test may want goroutines: then the flag is for it, and nothing is refused.
			err := c.fits(&app{}, nil, packages[:1])
			if overlay == "auto" && name != "picks" && err != nil {
				t.Errorf("%q: %v", line, err)
			}
			if err := c.ordinary.Unused; err == nil || err.Error() != want {
				t.Errorf("%q: %v, want %s", line, err, want)
			}
			if overlay == "off" && err == nil {
				t.Errorf("%q is not refused with -overlay off", line)
			}
		}
		c := newTestCommand(nil)
		if err := c.parse(append([]string{"-seeds", "1"}, line...), nil); err != nil {
			t.Fatal(err)
		}
		if err := c.fits(&app{}, packages[:1], packages[1:]); name != "args" && name != "picks" && err != nil {
			t.Errorf("%q is refused though a package is ordinary Go: %v", line, err)
		}
	}
	for _, shared := range []string{"overlay", "seeds", "run", "strategy", "timeout"} {
		if slices.Contains(newTestCommand(nil).plain, shared) {
			t.Errorf("-%s is for both worlds", shared)
		}
	}
	// Nobody gave one: nothing is refused.
	c := newTestCommand(nil)
	if err := cmp.Or(c.parse(nil, nil), c.fits(&app{}, nil, packages)); err != nil {
		t.Error(err)
	}
}

// A switch of the environment that says neither on nor off is not taken for one of them.
func TestStrictOfTheEnvironment(t *testing.T) {
	for value, want := range map[string]string{"": "off", "0": "off", "false": "off", "1": "on", "true": "on", "maybe": "refused", "2": "refused", "off": "refused", "yes": "refused", " 1": "refused"} {
		environ := []string{"SAMERUN_STRICT=" + value}
		c := newTestCommand(environ)
		err := c.parse(nil, environ)
		got := "off"
		if c.sweep.Strict {
			got = "on"
		}
		if err != nil {
			got = "refused"
			if want := "the environment variable SAMERUN_STRICT is " + strconv.Quote(value) + "; say 1 for on, or 0 for off"; err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if got != want {
			t.Errorf("SAMERUN_STRICT=%q is %s, want %s", value, got, want)
		}
	}
}
