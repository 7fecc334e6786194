package tasks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/tracefile"
)

// The trace of a run that was stopped is how that of the whole run begins, or it is another run.
func TestSameSoFar(t *testing.T) {
	trace := func(texts ...string) *tracefile.Trace {
		var b tracefile.Builder
		for i, text := range texts {
			b.Add(tracefile.Event{At: int64(i), Kind: tracefile.Log, Text: text})
		}
		return b.Trace(tracefile.Header{World: "tasks"})
	}
	whole := trace("a", "b", "c")
	for _, c := range []struct {
		part *tracefile.Trace
		at   int
		want string
	}{
		{trace("a"), 1, ""},
		{trace("a", "b", "c"), 3, ""},
		{trace("a", "x"), 2, "event 2 differs"},
		{trace("a"), 2, "it has 1 events where there were 2"},
		{trace("a", "b"), 1, "event 2 differs"},
	} {
		file := filepath.Join(t.TempDir(), "part")
		f, err := os.Create(file)
		if err == nil {
			err = c.part.Write(f)
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		err = sameSoFar(file, whole, &whole.Events[c.at-1])
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d events at %d: %v, and not %q", len(c.part.Events), c.at, err, c.want)
		}
	}
}
