package gocmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"samerun/internal/gomod"
)

// Locator finds and builds the packages that saved failures are of.
type Locator struct {
	Caller  *Caller
	Build   *Build
	Pattern string              // of the package, or empty: where a file lies, or what it names
	Program bool                // they are programs, and not tests
	Tmp     string              // for the test binaries
	built   map[string]*Package // by folder and pattern, so that several files build it once
}

// PackageOf finds and builds the package that a file is of. named is what the file
// says, as a folder from the root of its module.
func (l *Locator) PackageOf(ctx context.Context, file, named string) (*Package, error) {
	dir, pattern := l.Caller.Dir, l.Pattern
	if pattern == "" {
		var err error
		if dir, err = packageFolder(l.Caller.Dir, file, named); err != nil {
			return nil, err
		}
		pattern = "."
		if gomod.Root(dir) == gomod.Root(l.Caller.Dir) {
			// The compiler names files as seen from where it runs.
			if rel, err := filepath.Rel(l.Caller.Dir, dir); err == nil {
				dir, pattern = l.Caller.Dir, "./"+filepath.ToSlash(rel)
			}
		}
	}
	if pkg := l.built[dir+"\x00"+pattern]; pkg != nil {
		return pkg, nil
	}
	// The package may be of another module than the user's; the go command must
	// run in it then.
	there := *l.Caller
	there.Dir = dir
	pkg, err := l.find(ctx, &there, pattern)
	if err != nil {
		return nil, err
	}
	if pkg.Arg = PathFrom(l.Caller.Dir, pkg.Dir); filepath.IsLocal(pkg.Arg) && pkg.Arg != "." {
		pkg.Arg = "./" + pkg.Arg
	}
	tmp := filepath.Join(l.Tmp, strconv.Itoa(len(l.built)))
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	if pkg.Unready == nil {
		if err := l.buildOne(ctx, &there, tmp, pkg); err != nil {
			return nil, err
		}
	}
	if pkg.Unready != nil {
		return nil, pkg.Err()
	}
	if l.built == nil {
		l.built = make(map[string]*Package)
	}
	l.built[dir+"\x00"+pattern] = pkg
	return pkg, nil
}

// find finds the package of a pattern.
func (l *Locator) find(ctx context.Context, by *Caller, pattern string) (*Package, error) {
	if l.Program {
		return by.Program(ctx, l.Build, pattern)
	}
	listed, err := by.List(ctx, l.Build, []string{pattern})
	if err != nil {
		return nil, err
	}
	if n := len(listed.Packages); n != 1 {
		return nil, fmt.Errorf("-pkg %s means %d packages; name one", pattern, n)
	}
	return listed.Packages[0], nil
}

// buildOne builds it.
func (l *Locator) buildOne(ctx context.Context, by *Caller, tmp string, p *Package) error {
	if l.Program {
		return by.BuildProgram(ctx, l.Build, tmp, p)
	}
	return by.BuildAll(ctx, l.Build, 1, tmp, []*Package{p}, func() {})
}

// packageFolder is the folder above testdata/replay in which the file lies, or
// else the one that the file names, in the module of the user's directory.
func packageFolder(userDir, file, named string) (string, error) {
	dir := filepath.Dir(file)
	if filepath.Base(dir) == "replay" && filepath.Base(filepath.Dir(dir)) == "testdata" {
		return filepath.Dir(filepath.Dir(dir)), nil
	}
	root := gomod.Root(userDir)
	if root == "" {
		return "", fmt.Errorf("the file is of the package %s, and there is no module here to look in; change into it, or use -pkg", named)
	}
	dir = filepath.Join(root, filepath.FromSlash(named))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("the file is of the package %s, and this module has no such folder; say with -pkg where the test is now", named)
	}
	return dir, nil
}
