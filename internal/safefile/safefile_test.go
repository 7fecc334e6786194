package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// failAfter lets writes fail behind n bytes, as on a full disk.
func failAfter(t *testing.T, n int) {
	old := put
	t.Cleanup(func() { put = old })
	put = func(w io.Writer, data []byte) error {
		if len(data) <= n {
			return old(w, data)
		}
		if err := old(w, data[:n]); err != nil {
			return err
		}
		return syscall.ENOSPC
	}
}

// names lists what a folder has.
func names(t *testing.T, folder string) (all []string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// Wherever the disk is full, there is the whole file or none, and no other.
func TestFullDisk(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	for n := 0; n <= len(data); n += 4096 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			failAfter(t, n)
			folder := t.TempDir()
			path := filepath.Join(folder, "x.json")
			err := Create(path, data)
			if n == len(data) {
				if got, _ := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%v, %d bytes", err, len(got))
				}
				return
			}
			if !errors.Is(err, syscall.ENOSPC) || len(names(t, folder)) != 0 {
				t.Errorf("%v, and there is %q", err, names(t, folder))
			}
			if _, err := Save(folder, func(n int) string { return fmt.Sprint(n) }, data, nil); !errors.Is(err, syscall.ENOSPC) || len(names(t, folder)) != 0 {
				t.Errorf("%v, and there is %q", err, names(t, folder))
			}
		})
	}
}

// A file that is there stays as it is, with and without links.
func TestNeverInThePlaceOfAnother(t *testing.T) {
	for _, linked := range []bool{true, false} {
		if !linked {
			old := link
			t.Cleanup(func() { link = old })
			link = func(string, string) error { return syscall.EPERM }
		}
		folder := t.TempDir()
		path := filepath.Join(folder, "deeper", "x")
		for range 2 {
			if err := Create(path, []byte("whole")); err != nil {
				t.Fatal(err)
			}
		}
		for _, other := range []string{"", "who", "whole and more", "other"} {
			if err := Create(path, []byte(other)); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%q: %v", other, err)
			}
		}
		if got, err := Read(path, 5); err != nil || string(got) != "whole" {
			t.Errorf("%q, %v", got, err)
		}
		name := func(n int) string { return []string{"", "x", "x-2", "x-3"}[n] }
		for i, content := range []string{"whole", "other", "third", "other"} {
			got, err := Save(filepath.Dir(path), name, []byte(content), nil)
			if want := []string{"x", "x-2", "x-3", "x-2"}[i]; err != nil || filepath.Base(got) != want {
				t.Errorf("%q: %s, %v; want %s", content, got, err, want)
			}
		}
		if all := names(t, filepath.Dir(path)); !slices.Equal(all, []string{"x", "x-2", "x-3"}) {
			t.Errorf("there is %q", all)
		}
	}
}

// A truncated copy is not taken for the file.
func TestCopy(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "a.svg"), filepath.Join(folder, "b.svg")
	os.WriteFile(from, []byte("<svg></svg>"), 0o666)
	os.WriteFile(to, []byte("<svg>"), 0o666)
	if err := Copy(from, to, 1<<20); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	os.Remove(to)
	for range 2 {
		if err := Copy(from, to, 1<<20); err != nil {
			t.Error(err)
		}
	}
	if err := Copy(from, filepath.Join(folder, "c"), 5); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Error(err)
	}
}

// What is no regular file is refused at once.
func TestRegularFilesOnly(t *testing.T) {
	folder := t.TempDir()
	cases := map[string]string{folder: "it is a directory, not a regular file", filepath.Join(folder, "none"): "no such file"}
	if runtime.GOOS != "windows" {
		cases["/dev/null"] = "it is a device, not a regular file"
	}
	if pipe := filepath.Join(folder, "pipe"); makePipe(pipe) == nil {
		cases[pipe] = "it is a named pipe, not a regular file"
		// So is the one that a symbolic link leads to.
		if by := filepath.Join(folder, "by"); os.Symlink(pipe, by) == nil {
			cases[by] = cases[pipe]
		}
	}
	for path, want := range cases {
		if _, err := Read(path, 10); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// A file that moves never takes the place of another.
func TestMove(t *testing.T) {
	dir := t.TempDir()
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	for path, text := range map[string]string{a: "one", b: "two"} {
		if err := Create(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Move(a, b); err == nil {
		t.Error("a file took the place of another")
	}
	if err := Move(a, c); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("there is %q", got)
	}
	for path, want := range map[string]string{b: "two", c: "one"} {
		if data, err := os.ReadFile(path); string(data) != want {
			t.Errorf("%s has %q, %v", path, data, err)
		}
	}
}

// A file is replaced whole or stays as it is, and nothing else is left in its folder.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	for _, c := range []struct {
		text, want string
		err        error
	}{
		{"one", "one", nil},
		{"two", "two", nil},
		{"half", "two", syscall.ENOSPC},
	} {
		err := Replace(path, func(w io.Writer) error {
			if _, err := io.WriteString(w, c.text); err != nil {
				return err
			}
			return c.err
		})
		data, reading := os.ReadFile(path)
		if !errors.Is(err, c.err) || reading != nil || string(data) != c.want {
			t.Errorf("%s: %v, and the file has %q (%v)", c.text, err, data, reading)
		}
	}
	if err := Replace(filepath.Join(dir, "none", "x"), func(io.Writer) error { return nil }); err == nil || !strings.Contains(err.Error(), "cannot be written: no such file or directory") {
		t.Error(err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}
