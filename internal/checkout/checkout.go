package checkout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"samerun/internal/text"
)

// Tree is a working tree of a commit.
type Tree struct {
	Dir    string // what the folder that Of was given is in the commit
	Hash   string // of the commit
	remove func()
}

// Of makes a working tree of a commit, which rev names as git does, below the folder tmp. dir is a
// folder of a package in a repository. The error is a sentence.
func Of(ctx context.Context, environ []string, dir, rev, tmp string) (*Tree, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("-commit asks git for the older code, and there is no git in PATH; install it")
	}
	g := git{environ}
	name := text.Line(rev)
	top, err := g.run(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("-commit %s: %s is in no repository of git (%w)", name, dir, err)
	}
	hash, err := g.run(ctx, top, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || hash == "" {
		return nil, fmt.Errorf("-commit %s: git knows no such commit; name one as git log does, such as HEAD~1", name)
	}
	t, err := g.checkOut(ctx, top, hash, dir, tmp)
	if err != nil {
		return nil, fmt.Errorf("-commit %s: %w", name, err)
	}
	return t, nil
}

// Remove takes the working tree away again.
func (t *Tree) Remove() { t.remove() }

// git runs git.
type git struct{ environ []string }

// run runs git in a folder, and returns what it prints. The error is what it says.
func (g git) run(ctx context.Context, dir string, args ...string) (string, error) {
	var out, said bytes.Buffer
	// What hooks of the user's would do is not asked for.
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = g.environ, &out, &said
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil && said.Len() > 0:
		return "", errors.New(strings.TrimPrefix(text.FirstLine(strings.TrimSpace(said.String())), "fatal: "))
	}
	return strings.TrimSpace(out.String()), err
}

// checkOut makes the working tree. Remove takes it away also when ctx is done.
func (g git) checkOut(ctx context.Context, top, hash, pkg, tmp string) (*Tree, error) {
	// git tells paths without symbolic links.
	pkg, err := filepath.EvalSymlinks(pkg)
	if err != nil {
		return nil, err
	}
	rest, err := filepath.Rel(top, pkg)
	if err != nil || !filepath.IsLocal(rest) {
		return nil, fmt.Errorf("the package in %s is not in the repository %s", pkg, top)
	}
	tree := filepath.Join(tmp, "commit")
	remove := func() {
		always := context.WithoutCancel(ctx)
		if _, err := g.run(always, top, "worktree", "remove", "--force", tree); err != nil {
			os.RemoveAll(tree)
			g.run(always, top, "worktree", "prune")
		}
	}
	if _, err := g.run(ctx, top, "worktree", "add", "--quiet", "--detach", tree, hash); err != nil {
		remove()
		return nil, err
	}
	dir := filepath.Join(tree, rest)
	if found, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(found) == 0 {
		remove()
		return nil, fmt.Errorf("that commit has no package in %s", filepath.ToSlash(rest))
	}
	return &Tree{Dir: dir, Hash: hash, remove: remove}, nil
}
