package gocmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Package is a package with test files.
type Package struct {
	Path   string // its import path
	Dir    string // its directory, absolute; tests run there
	Arg    string // what names it in a go command typed in the user's directory
	Binary string // its test binary, once built
}

// listedPackage is the part of the output of go list that matters here.
type listedPackage struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
	Module                    *struct{ Main bool }
}

// List resolves the patterns with go list. The packages without test
// files come back by name only.
func (c *Caller) List(ctx context.Context, b *Build, patterns []string) (pkgs []*Package, untested []string, err error) {
	args := append([]string{"list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Module"}, b.Flags()...)
	args = append(append(args, "--"), patterns...)
	stdout, stderr, err := c.Go(ctx, args)
	if err != nil {
		return nil, nil, fmt.Errorf("the packages cannot be listed: %w", WithOutput(err, stderr))
	}
	dec := json.NewDecoder(strings.NewReader(stdout))
	for {
		var p listedPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		arg := commandPath(c.Dir, p)
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			untested = append(untested, arg)
			continue
		}
		pkgs = append(pkgs, &Package{Path: p.ImportPath, Dir: p.Dir, Arg: arg})
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

// WithOutput puts what a command said in the place of its bare exit status.
func WithOutput(err error, output string) error {
	if output = strings.TrimSpace(output); output != "" {
		return errors.New(withInstall(output))
	}
	return err
}
