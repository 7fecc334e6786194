//go:build linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// On a full disk a failure is told as not saved, and leaves nothing behind; when there is
// room again it is saved, and the command that repeats it does.
func TestFailuresOnAFullDisk(t *testing.T) {
	takesLong(t)
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "desk"), os.DirFS(filepath.Join("testdata", "unmodified", "desk"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module unmodified\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(dir, "desk", "testdata", "replay")
	if err := os.MkdirAll(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("no disk that could be full: to mount one takes the rights of the administrator: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 1<<20), 0o666); err == nil {
		t.Fatal("the disk is not full")
	}
	files := func() (names []string) {
		all, err := os.ReadDir(disk)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			names = append(names, e.Name())
		}
		return names
	}

	a := runToolIn(t, dir, "test -seeds 1-60 ./desk")
	a.want(t, exitFailure, a.stdout, "FAIL  ./desk  TestNumbers\n", "    not saved: ", "no space left on device\n", "    again: samerun test -seeds ")
	if all := files(); len(all) != 1 || strings.Contains(a.stdout, " saved: desk") && !strings.Contains(a.stdout, "not saved: desk") {
		t.Errorf("there is %q\n%s", all, a.stdout)
	}

	a = runToolIn(t, dir, "test -seeds 1 -record "+filepath.Join(disk, "record")+" ./desk")
	a.want(t, exitMisuse, a.stderr, "samerun test: the record cannot be written whole: ")
	if all := files(); len(all) != 1 {
		t.Errorf("there is %q", all)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	a = runToolIn(t, dir, "test -seeds 1-60 ./desk")
	a.want(t, exitFailure, a.stdout, "FAIL  ./desk  TestNumbers\n", "    saved: desk/testdata/replay/", "    again: samerun ")
	if all := files(); len(all) != 1 {
		t.Errorf("there is %q", all)
	}
	again := regexp.MustCompile(`    again: samerun (.*)\n`).FindStringSubmatch(a.stdout)
	if a := runToolIn(t, dir, again[1]); a.code == exitOK || a.code == exitMisuse {
		t.Errorf("%s: exit status %d\n%s\n%s", again[1], a.code, a.stdout, a.stderr)
	}
}
