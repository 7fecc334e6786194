package story

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What is told of the nearest run that passes has the width of a story, however long its words.
func TestNeighbourLines(t *testing.T) {
	n := &Neighbour{
		Less:    "the fault 2.1s cut n1 → n2 until 2.4s",
		With:    Course{At: 2200 * time.Millisecond, Words: "AppendEntries reply #3 from n2 to n1 is lost"},
		Without: Course{At: 2201 * time.Millisecond, Words: "it arrives", Then: "n2 says: nothing new", ThenAt: 2300 * time.Millisecond},
	}
	want := []string{
		"nearest run that passes: without the fault 2.1s cut n1 → n2 until 2.4s",
		"  with it:     2.200000s AppendEntries reply #3 from n2 to n1 is lost",
		"  without it:  2.201000s it arrives; then, never with it: 2.300000s n2 says: nothing new",
	}
	if got := n.Lines(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	long := strings.Repeat("wörter und ", 30)
	n = &Neighbour{Less: long, With: Course{Words: long, Then: long}, Without: Course{Words: long, Then: long}}
	lines := n.Lines()
	if len(lines) != 6 {
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, l := range lines {
		if utf8.RuneCountInString(l) > Width-4 || strings.Contains(l, "\n") {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(l), l)
		}
	}
	s := &Story{Reason: "r", Neighbour: &Neighbour{Less: "x", With: Course{Words: "a"}, Without: Course{Words: "b"}}}
	if told := s.String(); !strings.Contains(told, "\n    nearest run that passes: without x\n      with it:     a\n      without it:  b") {
		t.Errorf("the story does not tell it:%s", told)
	}
}

// A story that has got too long leaves out messages of its beginning, and no fault and not its end.
func TestFit(t *testing.T) {
	a, b := Lane{Index: 1, Name: "a"}, Lane{Index: 2, Name: "b"}
	s := &Story{Reason: "it fails", Neighbour: &Neighbour{Less: "x"}}
	for i := range 40 {
		r := Row{At: time.Duration(i) * time.Millisecond, From: a, To: b, Text: "Ping"}
		if i%10 == 5 {
			r = Row{At: r.At, Text: "fault  cut"}
		}
		s.Ending.Rows = append(s.Ending.Rows, r)
	}
	s.Ending.All = 40
	s.Fit()
	told := s.String()
	if s.Lines() != Most || strings.Count(told, "fault  cut") != 4 || !strings.HasSuffix(told, "Ping") || !strings.Contains(told, "what led to it (") {
		t.Errorf("%d lines:%s", s.Lines(), told)
	}
	folded := 0
	for _, r := range s.Ending.Rows {
		for _, f := range r.Fold {
			folded += f.Times
		}
	}
	if shown := s.Ending.shown(); shown+folded != 40 {
		t.Errorf("%d events are shown and %d folded", shown, folded)
	}
	before := told
	if s.Fit(); s.String() != before {
		t.Error("one that fits is changed")
	}
}
