package testproc

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What tests write into the folder of their package is seen; what other packages have, or
// samerun saves, is not theirs.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	look := func() Folder {
		t.Helper()
		f, err := LookAt(dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	write("mr.go", "package mr\n")
	write("mr-out-1", "a 1\n")
	write("gone", "")
	write("testdata/in", "a\n")
	write("other/other.go", "package other\n")
	before := look()
	if got := before.Written(look()); len(got) != 0 {
		t.Errorf("nothing was written, and it says %q", got)
	}
	write("mr-out-1", "a 1\nb 2\n")
	write("mr-0-0", "")
	write("testdata/out/x", "")
	write("testdata/replay/TestX-1.json", "{}")
	write("other/log", "")
	if err := os.Remove(filepath.Join(dir, "gone")); err != nil {
		t.Fatal(err)
	}
	if got, want := before.Written(look()), []string{"gone", "mr-0-0", "mr-out-1", "testdata/out/x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := LookAt(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that is not there was read")
	}
}
