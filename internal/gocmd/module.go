package gocmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/gomod"
	"samerun/internal/text"
)

// EnterModule lets the go command run in the module that the packages are of, if
// they are named by folders and that is another module than the user's: one in a
// folder below, as a repository often has for its examples. It returns the
// packages as they are named from there.
func (c *Caller) EnterModule(packages []string) ([]string, error) {
	here := gomod.Root(c.Dir)
	if c.inWorkspace() {
		return packages, nil
	}
	roots := make([]string, len(packages))
	for i, p := range packages {
		roots[i] = here
		if dir, ok := c.folderOf(p); ok {
			roots[i] = gomod.Root(dir)
		}
	}
	root := roots[0]
	if root != here || slices.ContainsFunc(roots, func(r string) bool { return r != root }) {
		if off, err := c.withoutModules(); off || err != nil {
			return packages, err
		}
	}
	if i := slices.IndexFunc(roots, func(r string) bool { return r != root }); i >= 0 {
		return nil, fmt.Errorf("%s and %s are of two modules; name the packages of one module at a time", packages[0], packages[i])
	}
	if root == here || root == "" {
		return packages, nil
	}
	there := make([]string, len(packages))
	for i, p := range packages {
		rel, err := filepath.Rel(root, c.Abs(p))
		if err != nil {
			return nil, fmt.Errorf("the folder %s cannot be named from its module %s: %w", p, root, err)
		}
		there[i] = "./" + filepath.ToSlash(rel)
	}
	c.goDir = root
	return there, nil
}

// withoutModules reports whether the go command looks for packages in GOPATH, and in
// folders beside each other, whatever go.mod there is.
func (c *Caller) withoutModules() (bool, error) {
	stdout, stderr, err := c.Go(context.Background(), []string{"env", "GO111MODULE"})
	if err != nil {
		return false, fmt.Errorf("the settings of the go command cannot be read: %w", WithOutput(err, stderr))
	}
	return strings.TrimSpace(stdout) == "off", nil
}

// folderOf is the folder that a pattern of packages names, which must be there;
// it reports false for an import path.
func (c *Caller) folderOf(pattern string) (string, bool) {
	dir := strings.TrimSuffix(strings.TrimSuffix(pattern, "..."), "/")
	if !filepath.IsAbs(dir) && dir != "." && dir != ".." && !strings.HasPrefix(dir, "./") && !strings.HasPrefix(dir, "../") {
		return "", false
	}
	dir = c.Abs(dir)
	info, err := os.Stat(dir)
	return dir, err == nil && info.IsDir()
}

// Abs is the absolute form of a path that was typed in the user's folder.
func (c *Caller) Abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}

// inWorkspace reports whether a go.work says which modules there are.
func (c *Caller) inWorkspace() bool {
	switch work, _ := LookupEnv(c.Environ, "GOWORK"); work {
	case "off":
		return false
	case "":
	default:
		return true
	}
	for dir := c.Dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return true
		}
		if filepath.Dir(dir) == dir {
			return false
		}
	}
}

// GoWords begin a command line with the go command, and end it with a package:
// in another module the go command is told to change there.
func (c *Caller) GoWords(verb string, p *Package) (begin []string, pkg string) {
	if c.goDir == "" {
		return []string{"go", verb}, p.Arg
	}
	pkg = PathFrom(c.goDir, p.Dir)
	if filepath.IsLocal(pkg) && pkg != "." {
		pkg = "./" + pkg
	}
	return []string{"go", "-C", text.ShellQuote(PathFrom(c.Dir, c.goDir)), verb}, pkg
}

// PathFrom is a path as typed in dir, if that is shorter than the whole.
func PathFrom(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || len(rel) >= len(path) {
		return path
	}
	return filepath.ToSlash(rel)
}
