package notes

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// What was added is there, or somebody was told that it is not.
func TestNotes(t *testing.T) {
	n, err := Open(filepath.Join(t.TempDir(), "notes"))
	if err != nil {
		t.Skip(err)
	}
	for i := range 20 {
		line := fmt.Sprint("line ", i)
		if err := n.Add(line); err != nil {
			t.Skip(err)
		}
		lines, err := n.Lines()
		if err != nil {
			t.Skip(err)
		}
		if !slices.Contains(lines, line) {
			t.Fatalf("%s was added, and is not there", line)
		}
	}
}
