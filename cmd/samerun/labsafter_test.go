package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// after returns what a file of examples/labs is once the lab is on samerun's labrpc: its
// import path has changed, and nothing else.
func after(text string) string {
	return strings.ReplaceAll(text, "\"labs/labrpc\"\n", "\"samerun/labrpc\"\n")
}

// goFiles returns the Go files below a folder, by their path in it.
func goFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// examples/labs has one of its labs twice, and the second is the first after the change.
func TestLabsAfterIsBefore(t *testing.T) {
	labs := filepath.Join("..", "..", "examples", "labs")
	want, changed := goFiles(t, filepath.Join(labs, "kvsrv")), 0
	for name, text := range want { //samerun:allow maprange: each by itself
		want[name] = after(text)
		if want[name] != text {
			changed++
		}
	}
	if got := goFiles(t, filepath.Join(labs, "after", "kvsrv")); !maps.Equal(got, want) || changed == 0 {
		t.Errorf("examples/labs/after/kvsrv is not examples/labs/kvsrv with samerun/labrpc for labs/labrpc; make it again, as examples/labs/README.md says")
	}
}

// All labs run on samerun's labrpc after that change, and two sweeps are equal.
func TestLabsAfter(t *testing.T) {
	takesLong(t)
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := goFiles(t, filepath.Join(root, "examples", "labs"))
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, "examples", "labs", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(bytes.ReplaceAll(text, []byte("samerun => ../.."), []byte("samerun => "+root)))
	}
	for name, text := range files { //samerun:allow maprange: each by itself
		if strings.HasPrefix(name, "labrpc/") || strings.HasPrefix(name, "after/") {
			continue
		}
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(after(text)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	runs, base := sweepIn(t, dir, "-seeds 1-3 ./...", "GOMAXPROCS=1", "GOGC=10")
	if _, again := sweepIn(t, dir, "-seeds 1-3 ./...", "GOMAXPROCS=8", "GOGC=off"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	if len(runs) != 12 {
		t.Errorf("%d runs, want 3 of each of 4 packages", len(runs))
	}
}

// Faults befall the messages of a lab that has no world, and two sweeps are equal.
func TestLabsAfterFaults(t *testing.T) {
	takesLong(t)
	line := "-faults flaky -seeds 1-3 ./after/kvsrv"
	_, base := sweepLabs(t, line, "GOMAXPROCS=1", "GOGC=400")
	if _, again := sweepLabs(t, line, "GOMAXPROCS=8", "GOGC=50"); again != base {
		t.Errorf("one sweep:\n%s\nanother:\n%s", base, again)
	}
	for _, kind := range []string{"loss", "duplicate", "reorder"} {
		if !regexp.MustCompile(`"fault":"[^"]*  ` + kind + `  [^"]*","hits":[1-9]`).MatchString(base) {
			t.Errorf("no %s took effect:\n%s", kind, base)
		}
	}
}
