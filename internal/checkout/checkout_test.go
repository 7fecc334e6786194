package checkout

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes one with two commits of the package p, and returns the folder of that.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	top := t.TempDir()
	dir := filepath.Join(top, "p")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", top, "-c", "user.name=a", "-c", "user.email=a@b"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	in("init", "-q")
	for _, text := range []string{"package p // one\n", "package p // two\n"} {
		if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		in("add", "-A")
		in("commit", "-q", "-m", "x")
	}
	return dir
}

func TestOf(t *testing.T) {
	dir, tmp := repository(t), t.TempDir()
	tree, err := Of(t.Context(), os.Environ(), dir, "HEAD~1", tmp)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(tree.Dir, "p.go")); err != nil || string(text) != "package p // one\n" {
		t.Errorf("%q, %v", text, err)
	}
	tree.Remove()
	if _, err := os.Stat(tree.Dir); !os.IsNotExist(err) {
		t.Errorf("the tree is there: %v", err)
	}
	if out, err := exec.Command("git", "-C", dir, "worktree", "list").Output(); err != nil || strings.Count(string(out), "\n") != 1 {
		t.Errorf("git knows of %s%v", out, err)
	}
}

// Who is interrupted leaves no working tree behind.
func TestRemoveAfterInterrupt(t *testing.T) {
	dir, tmp := repository(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	tree, err := Of(ctx, os.Environ(), dir, "HEAD", tmp)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	tree.Remove()
	if _, err := os.Stat(tree.Dir); !os.IsNotExist(err) {
		t.Errorf("the tree is there: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	dir := repository(t)
	if err := os.MkdirAll(filepath.Join(filepath.Dir(dir), "q"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dir, rev, want string }{
		{dir, "nowhere", "-commit nowhere: git knows no such commit; name one as git log does, such as HEAD~1"},
		{dir, "--all", "-commit --all: git knows no such commit"},
		{filepath.Join(filepath.Dir(dir), "q"), "HEAD", "-commit HEAD: that commit has no package in q"},
		{t.TempDir(), "HEAD", "is in no repository of git"},
	} {
		if tree, err := Of(t.Context(), os.Environ(), c.dir, c.rev, t.TempDir()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %+v, %v", c.rev, tree, err)
		}
	}
}
