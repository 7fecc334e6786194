package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
	}
}
