package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// testPackage is a package with test files.
type testPackage struct {
	path   string   // its import path
	dir    string   // its directory, absolute; tests run there
	arg    string   // what names it in a go command typed in the user's directory
	binary string   // its test binary, once built
	tests  []string // its simulation tests, sorted, once discovered
}

// listedPackage is the part of the output of go list that matters here.
type listedPackage struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
	Module                    *struct{ Main bool }
}

// listPackages resolves the patterns with go list. The packages without test
// files come back by name only.
func listPackages(ctx context.Context, a *app, opts *testOptions) (pkgs []*testPackage, untested []string, err error) {
	args := append([]string{"list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Module"}, opts.buildFlags()...)
	args = append(append(args, "--"), opts.packages...)
	stdout, stderr, err := a.goCommand(ctx, args)
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
		arg := commandPath(a.dir, p)
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			untested = append(untested, arg)
			continue
		}
		pkgs = append(pkgs, &testPackage{path: p.ImportPath, dir: p.Dir, arg: arg})
	}
	patterns := strings.Join(opts.packages, " ")
	switch {
	case len(pkgs)+len(untested) == 0:
		return nil, nil, fmt.Errorf("no packages match %s; name a directory such as ./examples/raft, or ./... for all below", patterns)
	case len(pkgs) == 0:
		return nil, nil, fmt.Errorf("%s: no test files; name a package that has simulation tests", patterns)
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

// buildFlags are the flags that go list and go test -c must agree on.
func (o *testOptions) buildFlags() []string {
	var flags []string
	if o.race {
		flags = append(flags, "-race")
	}
	for _, f := range o.codeFlags() {
		flags = append(flags, "-"+f[0]+"="+f[1])
	}
	if o.overlayFile != "" {
		flags = append(flags, "-overlay="+o.overlayFile)
	}
	return flags
}

// codeFlags are the flags, beside -race, that decide which code there is, with
// their values.
func (o *testOptions) codeFlags() (given [][2]string) {
	for _, f := range [][2]string{{"tags", o.tags}, {"mod", o.mod}, {"modfile", o.modfile}, {"ldflags", o.ldflags}, {"gcflags", o.gcflags}} {
		if f[1] != "" {
			given = append(given, f)
		}
	}
	return given
}

// goCommand runs the go command in the user's directory, or in the module of the
// packages.
func (a *app) goCommand(ctx context.Context, args []string) (stdout, stderr string, err error) {
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, cmp.Or(a.goName, "go"), args...)
	cmd.Dir, cmd.Env = cmp.Or(a.goDir, a.dir), a.environ
	cmd.Stdout, cmd.Stderr = &out, &errOut
	ownGroup(cmd)
	err = cmd.Run()
	return out.String(), errOut.String(), err
}

// withOutput puts what a command said in the place of its bare exit status.
func withOutput(err error, output string) error {
	if output = strings.TrimSpace(output); output != "" {
		return errors.New(withInstall(output))
	}
	return err
}
