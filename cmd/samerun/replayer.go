package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/gomod"
	"samerun/sim/replay"
)

// replayer runs the files of one call of the verb replay.
type replayer struct {
	app    *app
	opts   *testOptions
	pkg    string // pattern of the package, or empty
	tmp    string
	screen *screen
	built  map[string]*testPackage // by folder, so that several files build it once
}

// replay runs one file.
func (x *replayer) replay(ctx context.Context, file string) *replayed {
	r := &replayed{File: file}
	if err := x.run(ctx, r); err != nil {
		r.set(notRunnable, "not runnable: "+err.Error())
	}
	if ctx.Err() != nil {
		r.set(interrupted, "interrupted")
	}
	return r
}

// run does the work of replay. The error says why the file cannot be run.
func (x *replayer) run(ctx context.Context, r *replayed) error {
	path := r.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(x.app.dir, path)
	}
	p, err := replay.Read(path)
	if err != nil {
		return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), path, r.File))
	}
	r.Test, r.Seed, r.Recorded = p.Test, &p.Seed, p.Digest
	pkg, err := x.packageOf(ctx, path, p)
	if err != nil {
		return err
	}
	r.Package, r.arg = pkg.path, pkg.arg
	results := filepath.Join(x.tmp, "results.jsonl")
	defer os.Remove(results)
	proc := &process{
		pkg:     pkg,
		args:    []string{"-test.run=" + testPattern(p.Test)},
		environ: childEnviron(x.app.environ, "SAMERUN_REPLAY="+path, "SAMERUN_RESULTS="+results, "SAMERUN_OUT="+filepath.Join(x.tmp, "replay")),
		timeout: x.opts.timeout,
		exec:    x.opts.exec,
	}
	end, err := proc.run(ctx)
	if err != nil {
		return err
	}
	lines, err := readResults(results)
	if err != nil {
		return err
	}
	return x.judge(r, lines, end)
}

// judge enters what a test process made of a file.
func (x *replayer) judge(r *replayed, lines []outcome, end ending) error {
	lines = slices.DeleteFunc(lines, func(o outcome) bool { return o.Test != r.Test || o.Outcome == "" })
	if len(lines) == 0 {
		if end.ok {
			return fmt.Errorf("the test is gone: %s has no simulation test %s that runs (was it renamed, or is it skipped?); rename it in the file, or delete the file", r.arg, r.Test)
		}
		x.died(r, end)
		return nil
	}
	// A test that calls sim.Test twice writes two lines: a failure counts.
	o := slices.MinFunc(lines, func(a, b outcome) int { return cmp.Compare(rank(a.Outcome), rank(b.Outcome)) })
	r.set(o.Outcome, o.Words)
	r.Digest, r.Property, r.Error, r.Unmet, r.Story = o.Digest, o.Property, o.Error, o.Unmet, storyText(o.Story)
	// The run was good. Was the process? An unmet key alone fails the test.
	if o.OK && !end.ok && (o.Outcome != replay.Unmet || end.timedOut || !strings.HasPrefix(end.reason(x.opts.timeout), "the process ended")) {
		x.died(r, end)
	}
	return nil
}

// rank orders outcomes by how much they say about the recorded failure.
func rank(o replay.Outcome) int { return slices.Index(replay.Outcomes(), o) }

// died enters a failure that the process itself is the witness of.
func (x *replayer) died(r *replayed, end ending) {
	r.Error = end.reason(x.opts.timeout)
	r.set(replay.Other, "another failure, outside of the run: "+r.Error)
	r.Story = excerpt(end.output)
}

// packageOf finds and builds the package that a file is of.
func (x *replayer) packageOf(ctx context.Context, path string, p *replay.File) (*testPackage, error) {
	dir, pattern := x.app.dir, x.pkg
	if pattern == "" {
		var err error
		if dir, err = packageFolder(x.app.dir, path, p.Package); err != nil {
			return nil, err
		}
		pattern = "."
		if gomod.Root(dir) == gomod.Root(x.app.dir) {
			// The compiler names files as seen from where it runs.
			if rel, err := filepath.Rel(x.app.dir, dir); err == nil {
				dir, pattern = x.app.dir, "./"+filepath.ToSlash(rel)
			}
		}
	}
	if pkg := x.built[dir+"\x00"+pattern]; pkg != nil {
		return pkg, nil
	}
	// The package may be of another module than the user's; the go command must
	// run in it then.
	there := *x.app
	there.dir = dir
	opts := *x.opts
	opts.packages = []string{pattern}
	pkgs, _, err := listPackages(ctx, &there, &opts)
	if err != nil {
		return nil, err
	}
	if len(pkgs) != 1 {
		return nil, fmt.Errorf("-pkg %s means %d packages; name one", pattern, len(pkgs))
	}
	pkg := pkgs[0]
	if pkg.arg = pathFrom(x.app.dir, pkg.dir); filepath.IsLocal(pkg.arg) && pkg.arg != "." {
		pkg.arg = "./" + pkg.arg
	}
	tmp := filepath.Join(x.tmp, strconv.Itoa(len(x.built)))
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	if err := buildAll(ctx, &there, &opts, tmp, pkgs, func() {}); err != nil {
		return nil, err
	}
	if x.built == nil {
		x.built = make(map[string]*testPackage)
	}
	x.built[dir+"\x00"+pattern] = pkg
	return pkg, nil
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
