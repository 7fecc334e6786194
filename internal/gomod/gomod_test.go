package gomod

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRoot(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := Root(deep); got != "" {
		t.Skipf("the folder for temporary files is in the module %s", got)
	}
	for _, root := range []string{dir, filepath.Join(dir, "a")} {
		if err := os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := Root(deep); got != root {
			t.Errorf("the module of %s is at %q, want %q", deep, got, root)
		}
	}
}
