package overlay

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is wrong in the cache, after a full disk or a crash of the machine, is made again.
func TestDamagedCacheIsMended(t *testing.T) {
	t.Parallel()
	tc, cache := installed(t), t.TempDir()
	list, err := Build(tc, cache)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(list)
	want := tree(t, dir)
	if len(want) < 50 {
		t.Fatalf("the overlay has %d files", len(want))
	}
	damage := func(name string, how func(string) error) {
		t.Helper()
		if err := how(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	mended := func() {
		t.Helper()
		again, err := Build(tc, cache)
		if err != nil || again != list {
			t.Fatalf("%s, %v", again, err)
		}
		if got := tree(t, dir); !maps.Equal(got, want) {
			t.Errorf("%d files are not what they were, %d files", len(got), len(want))
		}
	}
	damage("runtime/proc.go", func(file string) error { return os.Truncate(file, 100) })
	damage("runtime/select.go", func(file string) error { return os.Truncate(file, 0) })
	damage("runtime/chan.go", os.Remove)
	damage("runtime/time.go", func(file string) error { return os.WriteFile(file, make([]byte, 4096), 0o666) })
	damage("net", os.RemoveAll)
	damage("overlay.json", func(file string) error { return os.Truncate(file, 10) })
	mended()
	damage("overlay.json", os.Remove)
	mended()

	// What cannot be mended is told where it is, and stays.
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(list, "theirs"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Build(tc, cache); err == nil || !strings.Contains(err.Error(), "in "+dir+" is damaged and cannot be mended: ") {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(list, "theirs")); err != nil {
		t.Error(err)
	}
}

// tree returns the files below a folder with what is in them.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
