package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// testPackage is a package with test files.
type testPackage struct {
	path   string // its import path
	dir    string // its directory, absolute; tests run there
	arg    string // what names it in a go command typed in the user's directory
	binary string // its test binary, once built
}

// listedPackage is the part of the output of go list that matters here.
type listedPackage struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
	Module                    *struct{ Main bool }
}

// listPackages resolves the patterns with go list. The packages without test
// files come back by name only.
func (c *caller) listPackages(ctx context.Context, b *build, patterns []string) (pkgs []*testPackage, untested []string, err error) {
	args := append([]string{"list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Module"}, b.flags()...)
	args = append(append(args, "--"), patterns...)
	stdout, stderr, err := c.goCommand(ctx, args)
	if err != nil {
		return nil, nil, fmt.Errorf("the packages cannot be listed: %w", withOutput(err, stderr))
	}
	dec := json.NewDecoder(strings.NewReader(stdout))
	for {
		var p listedPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		arg := commandPath(c.dir, p)
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			untested = append(untested, arg)
			continue
		}
		pkgs = append(pkgs, &testPackage{path: p.ImportPath, dir: p.Dir, arg: arg})
	}
	where := strings.Join(patterns, " ")
	switch {
	case len(pkgs)+len(untested) == 0:
		return nil, nil, fmt.Errorf("no packages match %s; name a directory such as ./examples/raft, or ./... for all below", where)
	case len(pkgs) == 0:
		return nil, nil, fmt.Errorf("%s: no test files; name a package that has simulation tests", where)
	}
	return pkgs, untested, nil
}

// commandPath names a package in the shortest way that works in dir: by its
// directory if it belongs to the user's own modules, else by its import path.
func commandPath(dir string, p listedPackage) string {
	rel, err := filepath.Rel(dir, p.Dir)
	if err != nil || p.Module == nil || !p.Module.Main {
		return p.ImportPath
	}
	rel = filepath.ToSlash(rel)
	if rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}

// withOutput puts what a command said in the place of its bare exit status.
func withOutput(err error, output string) error {
	if output = strings.TrimSpace(output); output != "" {
		return errors.New(output)
	}
	return err
}
