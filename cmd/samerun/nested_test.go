package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// Packages of a module in a folder below the user's are run in that module, and
// named as the user would.
func TestNestedModule(t *testing.T) {
	takesLong(t)
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module outer\n\ngo 1.25\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "outer_test.go"), []byte("package outer\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "testdata", "unmodified"), os.DirFS(filepath.Join("testdata", "unmodified"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line string
		code int
		want string // on either output
	}{
		{"test -seeds 1-3 ./testdata/unmodified/calm", exitOK, "ok    ./testdata/unmodified/calm  all tests  3 seeds\n"},
		{"test -seeds 1-2 ./testdata/unmodified/c...", exitMisuse, "c..."},
		{"test -seeds 1-2 -skip . ./testdata/unmodified/...", exitMisuse, "./testdata/unmodified/bad: all tests: no tests to run\n"},
		{"test -seeds 1-2 -run ^TestFirst$ ./testdata/unmodified/...", exitOK, "ok    ./testdata/unmodified/mains  -run ^TestFirst$    2 seeds\n"},
		{"test -seeds 1-60 -shrink 0 ./testdata/unmodified/bank", exitFailure, "again: samerun replay testdata/unmodified/bank/testdata/replay/TestMoves-"},
		{"test ./testdata/unmodified/calm .", exitMisuse, "./testdata/unmodified/calm and . are of two modules; name the packages of one module at a time"},
	} {
		var out bytes.Buffer
		a := &app{&out, &out, gocmd.Caller{Dir: dir, Environ: gocmd.ChildEnviron(os.Environ()), Self: "samerun"}}
		if code := a.main(t.Context(), strings.Fields(c.line)); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit status %d, want %d and %q:\n%s", c.line, code, c.code, c.want, out.String())
		}
	}
}
