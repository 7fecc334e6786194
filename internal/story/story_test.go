package story

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// genStory draws any story that a test process could hand over.
func genStory(t *rapid.T) *Story {
	text := rapid.StringMatching(`[ -~→]{0,12}(\n[ -~]{0,12}){0,2}`)
	list := rapid.SliceOfN(rapid.StringMatching(`[a-z ]{1,12}`), 0, 3)
	lane := rapid.Custom(func(t *rapid.T) Lane {
		n := rapid.IntRange(0, 3).Draw(t, "lane")
		return Lane{n, strings.Repeat("n", n)}
	})
	s := &Story{
		Property: rapid.SampledFrom([]string{"", "one leader"}).Draw(t, "property"), At: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "at")),
		Reason: text.Draw(t, "reason"), Stack: list.Draw(t, "stack"), Shrunk: text.Draw(t, "shrunk"), Input: list.Draw(t, "input"),
		Run:    Run{Seed: rapid.Uint64().Draw(t, "seed"), Stalled: rapid.Bool().Draw(t, "stalled"), Repeats: rapid.Bool().Draw(t, "repeats"), Digest: "a", Second: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "second")},
		Beside: list.Draw(t, "beside"), Again: list.Draw(t, "again"), Unsaved: text.Draw(t, "unsaved"),

		Ending: Ending{All: rapid.IntRange(0, 20).Draw(t, "records")},
	}
	if rapid.Bool().Draw(t, "a schedule") {
		s.Faults = &Faults{All: 9, Fired: rapid.IntRange(0, 2).Draw(t, "fired"), Shown: list.Draw(t, "faults"), Left: rapid.IntRange(0, 1).Draw(t, "left")}
	}
	for range rapid.IntRange(0, 5).Draw(t, "rows") {
		s.Ending.Rows = append(s.Ending.Rows, Row{
			At: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "row")), From: lane.Draw(t, "from"), To: lane.Draw(t, "to"),
			Mark: rapid.SampledFrom([]Mark{Happens, Cross, Waits, OfLink, Remark}).Draw(t, "mark"), Text: text.Draw(t, "text"),
			Times: rapid.IntRange(0, 3).Draw(t, "times"), Until: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "until")),
		})
	}
	return s
}

// A story that came from another process reads as it would have in its own, and what
// the tool prints is what the test prints, but for commands and files.
func TestTextOfAStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(t)
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var q Story
		if err := json.Unmarshal(data, &q); err != nil {
			t.Fatal(err)
		}
		if s.String() != q.String() {
			t.Fatalf("%q became %q", s, &q)
		}
		whole := strings.Split(s.String(), "\n    ")[1:]
		told := whole[:len(whole)-len(s.advice())]
		for i := range told {
			if i > 0 {
				told[i] = strings.TrimRight(told[i], " ")
			}
		}
		if got := strings.Split(s.Head()+"\n"+s.Rest(), "\n"); !reflect.DeepEqual(got, told) {
			t.Fatalf("the tool prints\n%q\nthe test\n%q", got, told)
		}
		for _, l := range s.advice() {
			if !strings.Contains(s.String(), l) {
				t.Fatalf("%q is missing in %q", l, s)
			}
		}
	})
}

// What a diagram shows of each kind of row.
func TestDiagram(t *testing.T) {
	a, b, c := Lane{1, "a"}, Lane{2, "b"}, Lane{3, "c"}
	got := strings.Join(draw([]Row{
		{At: time.Second, From: a, To: b, Text: "asks"},
		{At: time.Second, From: c, To: a, Text: "asks across"},
		{At: time.Second, From: b, To: a, Mark: Cross, Text: "is lost"},
		{At: time.Second, From: a, To: b, Mark: Waits, Text: "is held"},
		{At: time.Second, From: a, To: c, Mark: OfLink, Text: "cut"},
		{At: time.Second, From: b, Mark: Cross, Text: "crash 1"},
		{At: time.Second, From: b, Text: "boot 2"},
		{At: time.Second, From: b, Mark: Remark, Text: "a note\non two lines"},
		{At: time.Second, Text: "quiet"},
		{At: time.Second, To: b, Text: "main → b"},
		{At: time.Second, From: b, To: a, Tos: []Lane{c}, Text: "asks all"},
		{At: time.Second, From: a, To: c, Froms: []Lane{b}, Text: "answers"},
		{At: time.Second, From: a, To: b, Mark: Leaves, Text: "leaves"},
		{Mark: Folded, Fold: []Folding{{2, "asks.All"}, {3, "fault ends"}, {2, "reply"}, {4, ""}}},
	}), "\n")
	const want = `               a       b       c
1.000000s      ├───────▶       │  asks
1.000000s      ◀───────┼───────┤  asks across
1.000000s      │╳──────┤       │  is lost
1.000000s      ├──────◇│       │  is held
1.000000s      ├┄┄┄┄┄┄┄│┄┄┄┄┄┄┄▶  cut
1.000000s      │       ╳       │  b  crash 1
1.000000s      │       ●       │  b  boot 2
1.000000s      │       │       │  b  a note on two lines
1.000000s      │       │       │  quiet
1.000000s      │       │       │  main → b
1.000000s      ◀───────●───────▶  asks all
1.000000s      ●───────●───────▶  answers
1.000000s      ├────── │       │  leaves
…              ┊       ┊       ┊  … 2 × asks.All, 3 faults end, 2 replies, 4 more …`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// Too many nodes for the width: the lines say it in words.
	var rows []Row
	for i := range 20 {
		rows = append(rows, Row{From: Lane{i + 1, "n" + strings.Repeat("x", i%3)}, To: Lane{i + 2, "m"}, Text: "asks"})
	}
	for _, l := range draw(rows) {
		if strings.ContainsAny(l, "│▶") || !strings.Contains(l, " → m  asks") {
			t.Errorf("%q", l)
		}
	}
}
