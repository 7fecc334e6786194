package gocmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A go command for a package of another module changes there.
func TestGoWords(t *testing.T) {
	a := &Caller{Dir: "/home/ann", goDir: "/home/ann/examples/labs"}
	begin, pkg := a.GoWords("test", &Package{Dir: "/home/ann/examples/labs/raft", Arg: "./examples/labs/raft"})
	if got := strings.Join(append(begin, pkg), " "); got != "go -C examples/labs test ./raft" {
		t.Error(got)
	}
	a.goDir = ""
	begin, pkg = a.GoWords("test", &Package{Dir: "/home/ann/raft", Arg: "./raft"})
	if got := strings.Join(append(begin, pkg), " "); got != "go test ./raft" {
		t.Error(got)
	}
}

func TestInWorkspace(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "below")
	a := &Caller{Dir: below, Environ: []string{}}
	if a.inWorkspace() {
		t.Skip("the folder for temporary files is in a workspace")
	}
	if err := os.WriteFile(filepath.Join(dir, "go.work"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if !a.inWorkspace() {
		t.Error("go.work was not seen")
	}
	a.Environ = []string{"GOWORK=off"}
	if a.inWorkspace() {
		t.Error("GOWORK=off was not seen")
	}
}
