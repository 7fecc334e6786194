package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A story says that a started goroutine went before the next step of the one that started it,
// if that lost its turn by a deviation, and only then.
func TestStoryOfOneThatGoesFirst(t *testing.T) {
	const (
		head   = "test TestX seed 7\nturn 1 0.000000000s 0/1 00000000000000aa x.TestX:1\n"
		starts = "go 1 00000000000000bb 00000000000000aa x.TestX:34\n"
		start  = "draw 1 start 1@TestX 0000000000000000 00000000000000aa x.TestX:34\n"
		point  = "draw 1 point 1@TestX 0000000000000000 00000000000000aa x.TestX:35\n"
		stall  = "draw 1 stall 1@TestX 00000000000000ff 00000000000000aa x.TestX:35\n"
		new2   = "turn 2 0.000000000s 0/2 00000000000000bb x.f:40\n"
		old2   = "turn 2 0.000000000s 0/2 00000000000000aa x.TestX:35\n"
		third  = "turn 2 0.000000000s 0/2 00000000000000cc x.g:50\n"
		new3   = "turn 3 0.000000000s 0/2 00000000000000bb x.f:40\n"
		want   = "x.f, started at x.TestX:34, went before the next step of the one that started it; plain Go does this rarely (" + Rarely + ")"
	)
	for _, c := range []struct {
		name, record string
		told         bool
	}{
		{"by a start", starts + start + new2, true},
		{"by a point", starts + point + new2, true},
		{"by a stall", starts + stall + new2, true},
		{"behind a third", starts + point + third + new3, true},
		{"the starter goes on", starts + point + old2 + new3, false},
		{"it waits of its own", starts + new2, false},
		{"it was started in another turn", starts + third + "draw 2 point 1@TestX 0000000000000000 00000000000000aa x.TestX:35\n" + new3, false},
	} {
		file := filepath.Join(t.TempDir(), "record")
		if err := os.WriteFile(file, []byte(head+c.record), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := ReadDeviations(file)
		if err != nil {
			t.Fatal(err)
		}
		if story := d.Story(); strings.Contains(story, want) != c.told {
			t.Errorf("%s: the story is\n%s", c.name, story)
		}
	}
}
