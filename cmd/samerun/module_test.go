package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Packages of a module in a folder below the user's are run in that module, and
// named as the user would.
func TestNestedModule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	for _, c := range []struct {
		line string
		code int
		want string // on either output
	}{
		{"test -seeds 1-3 ./testdata/unmodified/calm", exitOK, "ok    ./testdata/unmodified/calm  all tests  3 seeds\n"},
		{"test -seeds 1-2 ./testdata/unmodified/c...", exitMisuse, "c..."},
		{"test -seeds 1-2 -skip . ./testdata/unmodified/...", exitOK, "ok    ./testdata/unmodified/bank  all tests  2 seeds\n"},
		{"test -seeds 1-60 -shrink 0 ./testdata/unmodified/bank", exitFailure, "again: samerun test -seeds 14 -run '^TestMoves$' ./testdata/unmodified/bank\n"},
		{"test ./testdata/unmodified/calm .", exitMisuse, "./testdata/unmodified/calm and . are of two modules; name the packages of one module at a time"},
	} {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		a := &app{stdout: &out, stderr: &out, dir: dir, environ: childEnviron(os.Environ()), self: "samerun"}
		if code := a.main(t.Context(), strings.Fields(c.line)); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit status %d, want %d and %q:\n%s", c.line, code, c.code, c.want, out.String())
		}
	}
}

// A go command for a package of another module changes there.
func TestGoWords(t *testing.T) {
	a := &app{dir: "/home/ann", goDir: "/home/ann/examples/labs"}
	begin, pkg := a.goWords("test", &testPackage{dir: "/home/ann/examples/labs/raft", arg: "./examples/labs/raft"})
	if got := strings.Join(append(begin, pkg), " "); got != "go -C examples/labs test ./raft" {
		t.Error(got)
	}
	a.goDir = ""
	begin, pkg = a.goWords("test", &testPackage{dir: "/home/ann/raft", arg: "./raft"})
	if got := strings.Join(append(begin, pkg), " "); got != "go test ./raft" {
		t.Error(got)
	}
}

func TestInWorkspace(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "below")
	a := &app{dir: below, environ: []string{}}
	if a.inWorkspace() {
		t.Skip("the folder for temporary files is in a workspace")
	}
	if err := os.WriteFile(filepath.Join(dir, "go.work"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if !a.inWorkspace() {
		t.Error("go.work was not seen")
	}
	a.environ = []string{"GOWORK=off"}
	if a.inWorkspace() {
		t.Error("GOWORK=off was not seen")
	}
}
