package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/gocmd"
)

// The run of one file is made with the code of a commit and with that of the tree: where lines have
// moved alone there is no difference, and nothing is left behind in the repository.
func TestDiffOfACommit(t *testing.T) {
	takesLong(t)
	t.Parallel()
	m := newModule(t)
	file := m.record()
	a := m.run([]string{"diff", "-commit", "HEAD", file})
	a.want(t, exitMisuse, a.stderr, "samerun diff: -commit HEAD: ", " is in no repository of git (not a git repository")
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", m.dir, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"}, args...)...)
		cmd.Env = gocmd.ChildEnviron(os.Environ())
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	if err := os.Rename(filepath.Join(m.dir, "store"), filepath.Join(m.dir, "away")); err != nil {
		t.Fatal(err)
	}
	run("init", "-q")
	run("add", "go.mod")
	run("commit", "-q", "-m", "none")
	if err := os.Rename(filepath.Join(m.dir, "away"), filepath.Join(m.dir, "store")); err != nil {
		t.Fatal(err)
	}
	run("add", ".")
	run("commit", "-q", "-m", "one")

	m.edit("// Run puts", "// Here is a line more.\n\n// Run puts")
	a = m.run([]string{"diff", "-commit", "HEAD", file})
	a.want(t, exitOK, a.stdout, "no difference: both have the same ")
	m.edit("for i := range 3 {", "for i := range 5 {")
	a = m.run([]string{"diff", "-commit", "HEAD", file})
	a.want(t, exitFailure, a.stdout, "the first difference is event ", "then in HEAD (", "then in the tree as it is:\n", "Store.Put #4")
	a = m.run([]string{"diff", "-commit", "HEAD~1", file})
	a.want(t, exitMisuse, a.stderr, "-commit HEAD~1: that commit has no package in store\n")
	a = m.run([]string{"diff", "-commit", "nonsense", file})
	a.want(t, exitMisuse, a.stderr, "-commit nonsense: git knows no such commit; name one as git log does, such as HEAD~1\n")
	a = m.run([]string{"diff", "-commit", "HEAD", file, file})
	a.want(t, exitMisuse, a.stderr, "-commit compares the runs of one saved failure: name one file, and no -seed or -pkg\n")
	if trees := run("worktree", "list"); strings.Count(trees, "\n") != 1 {
		t.Errorf("working trees are left: %s", trees)
	}
	if said := run("status", "--short"); strings.TrimSpace(said) != "M store/store.go" {
		t.Errorf("the tree has changed: %s", said)
	}
}
