package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The mistakes that can be planted in the examples that are programs are found, with the
// faults that they need and no more; nothing is found without them, and the failures that are
// saved there fail with the mistake, and are fixed without.
func TestPlantedInProgramsEverywhere(t *testing.T) {
	t.Parallel()
	takesLong(t)
	for _, c := range []struct{ example, test, property string }{
		{"httprpc", "TestRightAnswerOrError", "an answer when all is well"},
		{"jsonrpc", "TestNoSaleTwice", "no sale is entered twice"},
		{"labrpc", "TestNobodyHasTwoSeats", "nobody has two seats"},
		{"labrpc", "TestNobodyHasTwoSeatsOfGoroutines", "nobody has two seats"},
	} {
		m := newModule(t)
		if err := os.CopyFS(filepath.Join(m.dir, c.example), os.DirFS(filepath.Join("..", "..", "examples", c.example))); err != nil {
			t.Fatal(err)
		}
		saved := filepath.Join(m.dir, c.example, "testdata", "replay")
		files, err := filepath.Glob(filepath.Join(saved, c.test+"-*.json"))
		if err != nil || len(files) != 1 {
			t.Errorf("%s has %q saved: %v", c.test, files, err)
			continue
		}
		a := runToolIn(t, m.dir, "replay -tags bug "+files[0])
		if a.code != exitSame && a.code != exitLike || !strings.Contains(a.stdout, c.property) {
			t.Errorf("%s: exit status %d\n%s%s", c.test, a.code, a.stdout, a.stderr)
		}
		a = runToolIn(t, m.dir, "test -strict -seeds 1-40 -run ^"+c.test+"$ ./"+c.example)
		a.want(t, exitOK, a.stdout, "1 saved failure, each fixed\n")
		if err := os.RemoveAll(saved); err != nil {
			t.Fatal(err)
		}
		a = runToolIn(t, m.dir, "test -tags bug -seeds 1-40 -run ^"+c.test+"$ ./"+c.example)
		a.want(t, exitFailure, a.stdout, "FAIL  ./"+c.example+"  "+c.test+"\n    property \""+c.property+"\" broken at ", "saved: ")
		if !regexp.MustCompile(` faults? → [12],`).MatchString(a.stdout) {
			t.Errorf("%s needs more than two faults:\n%s", c.test, a.stdout)
		}
		// As it was drawn, with all of its faults, it is the same run, too.
		if err := os.RemoveAll(saved); err != nil {
			t.Fatal(err)
		}
		runToolIn(t, m.dir, "test -tags bug -shrink 0 -seeds 1-40 -run ^"+c.test+"$ ./"+c.example)
		files, err = filepath.Glob(filepath.Join(saved, c.test+"-*.json"))
		if err != nil || len(files) != 1 {
			t.Errorf("%s has %q saved: %v", c.test, files, err)
			continue
		}
		a = runToolIn(t, m.dir, "replay -tags bug "+files[0])
		a.want(t, exitSame, a.stdout, "the same run to the bit")
	}
}

// The saved failures of the programs are the same runs to the bit after comments were added to
// every function, and their stories show what the nodes sent each other, by methods, and what
// became of it, in rows of a hundred columns, without scrolling.
func TestSavedOfProgramsOutliveCommentsEverywhere(t *testing.T) {
	t.Parallel()
	takesLong(t)
	for _, c := range []struct {
		example, test string
		rows          []string
	}{
		{"httprpc", "TestRightAnswerOrError", []string{"├───────▶  200 Connected to Go RPC #1.1\n", "◀───────┤  Arith.Multiply #1.3\n", "├──────◇│  Arith.Multiply reply #1.3 held\n", "├───────▶  Arith.Multiply reply #1.3, released, after "}},
		{"jsonrpc", "TestNoSaleTwice", []string{"│╳──────┤  dial #1 cut off\n", "◀───────┤  Till.Sell #1.1\n", "├───────▶  result 96 #1.1\n"}},
		{"labrpc", "TestNobodyHasTwoSeats", []string{"◀────────┤  Theatre.Book #1", "├───────╳│  Theatre.Book reply #1 lost", "◀────────┤  Theatre.Book #2"}},
		{"labrpc", "TestNobodyHasTwoSeatsOfGoroutines", []string{"◀────────┤  Theatre.Book #1", "├───────╳│  Theatre.Book reply #1 lost", "◀────────┤  Theatre.Book #2"}},
	} {
		m := newModule(t)
		dir := filepath.Join(m.dir, c.example)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", c.example))); err != nil {
			t.Fatal(err)
		}
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(sources) < 5 {
			t.Fatal(sources, err)
		}
		comments := 0
		for _, file := range sources {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			comments += strings.Count(string(text), ") {\n")
			text = []byte(strings.ReplaceAll(string(text), ") {\n", ") {\n// It is so.\n"))
			if err := os.WriteFile(file, text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		files, err := filepath.Glob(filepath.Join(dir, "testdata", "replay", c.test+"-*.json"))
		if err != nil || len(files) != 1 || comments < 5 {
			t.Errorf("%s: %d comments, and %q are saved: %v", c.test, comments, files, err)
			continue
		}
		a := runToolIn(t, m.dir, "replay -tags bug "+files[0])
		a.want(t, exitSame, a.stdout, append([]string{"the same run to the bit\n", " took effect:\n", ", each message where it arrives (▶)"}, c.rows...)...)
		if n := strings.Count(a.stdout, "\n"); n > 40 {
			t.Errorf("%s: the story has %d lines:\n%s", c.test, n, a.stdout)
		}
		for line := range strings.Lines(a.stdout) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 && strings.Contains(line, "│") {
				t.Errorf("%s: a row of %d columns: %s", c.test, n, line)
			}
		}
	}
}
