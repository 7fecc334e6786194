package gocmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Package is a package with test files, or a program, or one that cannot be built.
type Package struct {
	Path   string // its import path
	Dir    string // its directory, absolute; tests run there
	Arg    string // what names it in a go command typed in the user's directory
	Binary string // its test binary, once built

	Simulates bool     // its tests use samerun/sim, and not just by way of samerun/labrpc
	Program   bool     // it is run as a program, and not its tests; Binary is that (Caller.Program)
	Unready   *Unready // why its tests cannot be run; nil if nothing speaks against it so far

	Copies []LabCopy // the copies of labrpc that it uses, once built with the overlay
	deps   []string  // the import paths of what its tests use
	module listedModule
}

// Listing is what go list says of some patterns, in its order.
type Listing struct {
	Packages []*Package // with test files, and those that are known not to build
	Untested []string   // the names of those without test files
	LeftOut  []string   // of those whose test files are all left out by build constraints: a sentence on each
}

// Ready returns those packages of which nothing is known that keeps them from being run.
func Ready(pkgs []*Package) (ready []*Package) {
	return slices.DeleteFunc(slices.Clone(pkgs), func(p *Package) bool { return p.Unready != nil })
}

// Ordinary returns those packages whose tests are run as ordinary Go: none with choice
// "off", all with "on", and with "auto" those that do not use samerun/sim.
func Ordinary(pkgs []*Package, choice string) (ordinary []*Package) {
	if choice == "off" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(pkgs), func(p *Package) bool { return p.Simulates && choice != "on" })
}

// listedPackage is the part of the output of go list that matters here.
type listedPackage struct {
	ImportPath, Dir, Name, ForTest            string
	TestGoFiles, XTestGoFiles, IgnoredGoFiles []string
	Deps, Imports, Match                      []string
	Module                                    *listedModule
	Standard                                  bool
	Error                                     *listError
	DepsErrors                                []*listError
}

// listedModule is the part of that about a module.
type listedModule struct {
	Path, Dir string
	Main      bool
	Replace   *struct{ Path string }
}

// listError is an error of go list.
type listError struct {
	ImportStack []string
	Pos, Err    string
}

// isTest reports whether it stands for the program that is made of the tests of a package.
func (p *listedPackage) isTest() bool {
	return p.Name == "main" && p.ForTest == "" && len(p.Match) == 0 && strings.HasSuffix(p.ImportPath, ".test")
}

// List resolves the patterns with go list. The error means that nothing can be run: there
// are no such packages, none has tests, or the module itself is not in order.
func (c *Caller) List(ctx context.Context, b *Build, patterns []string) (*Listing, error) {
	listed, err := c.list(ctx, b, patterns)
	if err != nil {
		return nil, err
	}
	tests := make(map[string]*listedPackage) // by the path of the package
	for _, p := range listed {
		if p.isTest() {
			tests[strings.TrimSuffix(p.ImportPath, ".test")] = p
		}
	}
	l := new(Listing)
	for _, p := range listed {
		if p.isTest() || p.ForTest != "" {
			continue
		}
		if p.Dir == "" && p.Error != nil {
			return nil, fmt.Errorf("the packages cannot be listed: %w", WithOutput(errors.New(p.ImportPath), p.Error.text()))
		}
		pkg := &Package{Path: p.ImportPath, Dir: p.Dir, Arg: commandPath(c.Dir, *p)}
		test := tests[p.ImportPath]
		pkg.Unready = unlisted(p, test)
		pkg.knows(p, test)
		left := slices.DeleteFunc(p.IgnoredGoFiles, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
		switch {
		case pkg.Unready != nil || len(p.TestGoFiles)+len(p.XTestGoFiles) > 0:
			l.Packages = append(l.Packages, pkg)
		case len(left) > 0:
			l.LeftOut = append(l.LeftOut, fmt.Sprintf("%s: build constraints leave out all of its test files (%s); -tags or GOOS and GOARCH decide that", pkg.Arg, strings.Join(left, ", ")))
		default:
			l.Untested = append(l.Untested, pkg.Arg)
		}
	}
	if err := c.markSimulating(ctx, b, l.Packages, tests); err != nil {
		return nil, err
	}
	c.tellUnlisted(ctx, b, l.Packages)
	where := strings.Join(patterns, " ")
	switch {
	case len(l.Packages) > 0:
		return l, nil
	case len(l.LeftOut) > 0:
		return nil, errors.New(strings.Join(l.LeftOut, "\n"))
	case len(l.Untested) == 0:
		return nil, fmt.Errorf("no packages match %s; name a directory such as ./examples/raft, or ./... for all below", where)
	}
	return nil, fmt.Errorf("%s: no test files; name a package that has tests", where)
}

// knows notes what go list says of the package, and of its test, which may be nil.
func (p *Package) knows(of, test *listedPackage) {
	if of.Module != nil && of.Module.Main {
		p.module = *of.Module
	}
	p.deps = of.Deps
	if test != nil {
		p.deps = test.Deps
	}
}

// list runs go list for the patterns and for the tests of what they mean. What is wrong
// with one package is in its entry.
func (c *Caller) list(ctx context.Context, b *Build, patterns []string, more ...string) (all []*listedPackage, err error) {
	args := append([]string{"list", "-e", "-test", "-json=ImportPath,Dir,Name,ForTest,TestGoFiles,XTestGoFiles,IgnoredGoFiles,Deps,Imports,Match,Module,Standard,Error,DepsErrors"}, b.Flags()...)
	stdout, stderr, err := c.Go(ctx, slices.Concat(args, more, []string{"--"}, patterns))
	if err != nil {
		return nil, fmt.Errorf("the packages cannot be listed: %w", WithOutput(err, stderr))
	}
	dec := json.NewDecoder(strings.NewReader(stdout))
	for {
		p := new(listedPackage)
		if err := dec.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		all = append(all, p)
	}
}

// commandPath names a package in the shortest way that works in dir: by its
// directory if it belongs to the user's own modules, or to none, else by its import path.
func commandPath(dir string, p listedPackage) string {
	rel, err := filepath.Rel(dir, p.Dir)
	own := p.Module != nil && p.Module.Main || p.Module == nil && !p.Standard && p.Dir != ""
	if err != nil || !own {
		return p.ImportPath
	}
	rel = filepath.ToSlash(rel)
	if rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}

// GoArg names a package for a go command that c runs. The import path of a package that
// is in no module and in no GOPATH is none that the go command would take.
func (c *Caller) GoArg(p *Package) string {
	if !strings.HasPrefix(p.Path, "_/") {
		return p.Path
	}
	from := c.Dir
	if c.goDir != "" {
		from = c.goDir
	}
	rel, err := filepath.Rel(from, p.Dir)
	if err != nil {
		return p.Dir
	}
	if rel = filepath.ToSlash(rel); rel != ".." && !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return rel
}

// WithOutput puts what a command said in the place of its bare exit status.
func WithOutput(err error, output string) error {
	if output = strings.TrimSpace(output); output != "" {
		return errors.New(withInstall(output))
	}
	return err
}
