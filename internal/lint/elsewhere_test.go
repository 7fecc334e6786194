package lint

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What the documentation shows, everybody can compile: the example files of the
// public packages are copied into a module of their own, as a user would, and
// checked there.
func TestExamplesCompileElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the go command")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	// What this module requires, the other one may use too: there is no network.
	_, requires, _ := strings.Cut(string(mod), "\nrequire")
	files := map[string]string{
		"go.mod": "module elsewhere\n\ngo 1.26\n\nrequire samerun v0.0.0\n\nreplace samerun => " + root + "\n\nrequire" + requires,
		"go.sum": string(sums),
	}
	examples, err := filepath.Glob(filepath.Join(root, "*", "example*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob(filepath.Join(root, "*", "*", "example*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range append(examples, deeper...) {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		if isInternal(pkg) || strings.HasPrefix(pkg, "examples/") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[rel] = string(text)
		seen[pkg] = true
	}
	for _, pkg := range []string{"clock", "sched", "sim", "sim/disk", "sim/fault", "sim/replay", "sim/shrink", "labrpc", "labrpc/labgob", "proptest", "proptest/linear"} {
		if !seen[pkg] {
			t.Errorf("%s has no example that everybody can compile", pkg)
		}
	}
	cmd := exec.Command("go", "vet", "-mod=mod", "./...")
	cmd.Dir = writeModule(t, files)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("the examples cannot be compiled by others: %v\n%s", err, &out)
	}
}
