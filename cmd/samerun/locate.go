package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// locator finds and builds the packages that saved failures are of.
type locator struct {
	by      *caller
	build   *build
	pattern string                  // of the package, or empty: where a file lies, or what it names
	tmp     string                  // for the test binaries
	built   map[string]*testPackage // by folder and pattern, so that several files build it once
}

// packageOf finds and builds the package that a file is of. named is what the file
// says, as a folder from the root of its module.
func (l *locator) packageOf(ctx context.Context, file, named string) (*testPackage, error) {
	dir, pattern := l.by.dir, l.pattern
	if pattern == "" {
		var err error
		if dir, err = packageFolder(l.by.dir, file, named); err != nil {
			return nil, err
		}
		pattern = "."
		if moduleRoot(dir) == moduleRoot(l.by.dir) {
			// The compiler names files as seen from where it runs.
			if rel, err := filepath.Rel(l.by.dir, dir); err == nil {
				dir, pattern = l.by.dir, "./"+filepath.ToSlash(rel)
			}
		}
	}
	if pkg := l.built[dir+"\x00"+pattern]; pkg != nil {
		return pkg, nil
	}
	// The package may be of another module than the user's; the go command must
	// run in it then.
	there := *l.by
	there.dir = dir
	pkgs, _, err := there.listPackages(ctx, l.build, []string{pattern})
	if err != nil {
		return nil, err
	}
	if len(pkgs) != 1 {
		return nil, fmt.Errorf("-pkg %s means %d packages; name one", pattern, len(pkgs))
	}
	pkg := pkgs[0]
	if pkg.arg = pathFrom(l.by.dir, pkg.dir); filepath.IsLocal(pkg.arg) && pkg.arg != "." {
		pkg.arg = "./" + pkg.arg
	}
	tmp := filepath.Join(l.tmp, strconv.Itoa(len(l.built)))
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	if err := there.buildAll(ctx, l.build, 1, tmp, pkgs, func() {}); err != nil {
		return nil, err
	}
	if l.built == nil {
		l.built = make(map[string]*testPackage)
	}
	l.built[dir+"\x00"+pattern] = pkg
	return pkg, nil
}

// packageFolder is the folder above testdata/replay in which the file lies, or
// else the one that the file names, in the module of the user's directory.
func packageFolder(userDir, file, named string) (string, error) {
	dir := filepath.Dir(file)
	if filepath.Base(dir) == "replay" && filepath.Base(filepath.Dir(dir)) == "testdata" {
		return filepath.Dir(filepath.Dir(dir)), nil
	}
	root := moduleRoot(userDir)
	if root == "" {
		return "", fmt.Errorf("the file is of the package %s, and there is no module here to look in; change into it, or use -pkg", named)
	}
	dir = filepath.Join(root, filepath.FromSlash(named))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("the file is of the package %s, and this module has no such folder; say with -pkg where the test is now", named)
	}
	return dir, nil
}
