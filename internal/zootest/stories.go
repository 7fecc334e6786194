package zootest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"samerun/sim"
	"samerun/sim/replay"
)

// Limits of a story: what a terminal shows without scrolling.
const (
	mostLines   = 40
	mostColumns = 100
)

// StoriesFolder has for each bug of a package what is told of its failure, for docs/zoo.md.
// go test -run TestStories -stories writes it.
const StoriesFolder = "testdata/stories"

var writeStories = flag.Bool("stories", false, "write "+StoriesFolder+" anew")

// Stories checks of each saved failure that its story fits on a screen and has what
// must be in it: the words of the event that caused the failure, in this order.
func (x Example[B]) Stories(t *testing.T, must map[B][]string) {
	if len(must) != len(x.Bugs) {
		t.Errorf("the list has %d bugs of %d", len(must), len(x.Bugs))
	}
	for _, bug := range x.Bugs {
		t.Run(string(bug), func(t *testing.T) {
			story := x.Story(t, bug)
			if n := strings.Count(strings.Trim(story, "\n"), "\n") + 1; n > mostLines {
				t.Errorf("%d lines; %d fit on a screen:\n%s", n, mostLines, story)
			}
			for line := range strings.Lines(story) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > mostColumns && strings.ContainsAny(line, "│┊") {
					t.Errorf("a row of %d columns: %s", n, line)
				}
			}
			rest := story
			for _, word := range must[bug] {
				_, after, ok := strings.Cut(rest, word)
				if !ok {
					t.Errorf("%q is missing, or comes before what must be told first:\n%s", word, story)
					break
				}
				rest = after
			}
			kept(t, filepath.Join(StoriesFolder, string(bug)+".txt"), story)
		})
	}
}

// kept compares a story with the one that is kept in a file, or writes that. What depends on how
// the test was built is left out: the commands.
func kept(t *testing.T, file, story string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(strings.Trim(story, "\n")) {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "    "), "\n")
		if !strings.HasPrefix(line, "again: ") && !strings.HasPrefix(line, "replay of ") {
			lines = append(lines, line)
		}
	}
	got := strings.Join(lines, "\n") + "\n"
	if *writeStories {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("the story is not that of %s (%v); if it should be, go test -run TestStories -stories writes it:\n%s", file, err, got)
	}
}

// Story is what sim.Test tells of the saved failure of a bug.
func (x Example[B]) Story(t *testing.T, bug B) string {
	file := filepath.Join(Folder, string(bug)+".json")
	p, err := replay.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	// The tool that runs this test has asks of its own for simulation tests, and this is none.
	for _, name := range []string{"SAMERUN_LIST", "SAMERUN_RESULTS", "SAMERUN_TRIALS", "SAMERUN_SEED", "SAMERUN_SEEDS", "SAMERUN_STRATEGY", "SAMERUN_OUT"} {
		t.Setenv(name, "")
	}
	t.Setenv("SAMERUN_REPLAY", file)
	said := &listener{name: p.Test}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		sim.Test(said, func(w *sim.World) { x.Scenario(w, bug) })
	}()
	<-ended
	return said.text
}

// listener is a test that keeps what it is told.
type listener struct {
	name, text string
	failed     bool
}

func (l *listener) Name() string { return l.name }
func (l *listener) Helper()      {}
func (l *listener) Errorf(format string, args ...any) {
	l.text += fmt.Sprintf(format, args...) + "\n"
	l.failed = true
}
func (l *listener) Failed() bool  { return l.failed }
func (l *listener) FailNow()      { runtime.Goexit() }
func (l *listener) Skipped() bool { return false }
func (l *listener) SkipNow()      { runtime.Goexit() }
