package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// Two versions of the code are compared by the run of one file: as it is in the tree, and as it is
// in a commit, in a working tree of git's that is there for that long.

// git runs git in a folder, and returns what it prints. The error is what it says.
func git(ctx context.Context, a *app, dir string, args ...string) (string, error) {
	var out, said bytes.Buffer
	// What hooks of the user's would do is not asked for.
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = a.Environ, &out, &said
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil && said.Len() > 0:
		return "", errors.New(strings.TrimPrefix(text.FirstLine(strings.TrimSpace(said.String())), "fatal: "))
	}
	return strings.TrimSpace(out.String()), err
}

// traceCommit makes the run of a file with the code of a commit, and with that of the tree.
func (c *traceCommand) traceCommit(ctx context.Context, a *app, tmp string) ([]*tracefile.Trace, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("-commit asks git for the older code, and there is no git in PATH; install it")
	}
	file := c.files[0]
	x := c.open(a, tmp)
	now, err := x.find(ctx, file)
	if err != nil {
		return nil, err
	}
	top, err := git(ctx, a, now.pkg.Dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("-commit %s: %s is in no repository of git (%w)", text.Line(c.commit), now.pkg.Dir, err)
	}
	hash, err := git(ctx, a, top, "rev-parse", "--verify", "--quiet", "--end-of-options", c.commit+"^{commit}")
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || hash == "" {
		return nil, fmt.Errorf("-commit %s: git knows no such commit; name one as git log does, such as HEAD~1", text.Line(c.commit))
	}
	dir, remove, err := checkOut(ctx, a, top, hash, now.pkg.Dir, tmp)
	if err != nil {
		return nil, fmt.Errorf("-commit %s: %w", text.Line(c.commit), err)
	}
	defer remove()
	old, err := c.traceIn(ctx, a, dir, filepath.Join(tmp, "old"), file)
	if err != nil {
		return nil, fmt.Errorf("with the code of %s: %w", text.Line(c.commit), err)
	}
	by, ok := now.by.(runner.Tracer)
	if !ok {
		return nil, fmt.Errorf("%s is of a world of which there are no traces", file)
	}
	t, err := by.TraceReplay(ctx, now.pkg, now.path)
	if err != nil {
		return nil, fmt.Errorf("with the code as it is: %w", err)
	}
	c.names = [2]string{fmt.Sprintf("%s (%.12s)", text.Line(c.commit), hash), "the tree as it is"}
	return []*tracefile.Trace{old, t}, nil
}

// checkOut makes a working tree of a commit, and returns the folder in it that a folder of the
// repository is. remove takes it away again, also when ctx is done.
func checkOut(ctx context.Context, a *app, top, hash, pkg, tmp string) (dir string, remove func(), err error) {
	// git tells paths without symbolic links.
	if pkg, err = filepath.EvalSymlinks(pkg); err != nil {
		return "", nil, err
	}
	rest, err := filepath.Rel(top, pkg)
	if err != nil || !filepath.IsLocal(rest) {
		return "", nil, fmt.Errorf("the package in %s is not in the repository %s", pkg, top)
	}
	tree := filepath.Join(tmp, "commit")
	remove = func() {
		always := context.WithoutCancel(ctx)
		if _, err := git(always, a, top, "worktree", "remove", "--force", tree); err != nil {
			os.RemoveAll(tree)
			git(always, a, top, "worktree", "prune")
		}
	}
	if _, err := git(ctx, a, top, "worktree", "add", "--quiet", "--detach", tree, hash); err != nil {
		remove()
		return "", nil, err
	}
	dir = filepath.Join(tree, rest)
	if found, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(found) == 0 {
		remove()
		return "", nil, fmt.Errorf("that commit has no package in %s", filepath.ToSlash(rest))
	}
	return dir, remove, nil
}

// traceIn makes the run of a file with the code of a package in another folder.
func (c *traceCommand) traceIn(ctx context.Context, a *app, dir, tmp, file string) (*tracefile.Trace, error) {
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	path := a.Abs(file)
	there := *a
	there.Dir = dir
	other := c.fileCommand
	other.pkg = "."
	s, err := other.open(&there, tmp).find(ctx, path)
	if err != nil {
		return nil, err
	}
	by, ok := s.by.(runner.Tracer)
	if !ok {
		return nil, errors.New("the file is of a world of which there are no traces")
	}
	return by.TraceReplay(ctx, s.pkg, s.path)
}
