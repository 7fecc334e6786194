package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"samerun/internal/gocmd"
	"samerun/sim/replay"
)

// Saved runs the saved failures of packages again, before there is any seed: those in
// testdata/replay that are of a world, and of tests that match run, as in go test; of a
// package that is a program, those of that. Each
// that fails, or proves nothing any more, is a target that has failed; those of a package
// that are fixed are one that is good, if all of them are. again is the line that runs
// a file once more. A file that cannot be read is nobody's and everybody's: it is a failure
// of its package. The error is that of ctx.
func Saved(ctx context.Context, by Replayer, world replay.World, run string, pkgs []*gocmd.Package, phase Phase, again func(file string) string) (all []Target, err error) {
	match, err := matcher(run)
	if err != nil {
		return nil, err
	}
	done := phase("running saved failures of", len(pkgs))
	for _, pkg := range pkgs {
		files, broken := savedFiles(pkg, world, match)
		all = append(all, broken...)
		fixed := 0
		for _, file := range files {
			v, err := by.Replay(ctx, pkg, file)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			p, _ := replay.Read(file)
			name := filepath.ToSlash(filepath.Join(pkg.Arg, "testdata", "replay", filepath.Base(file)))
			f := &Failure{Pkg: pkg, Command: again(file), From: file, Property: v.Property, Output: v.Story}
			if p != nil {
				f.Test = p.Test
			}
			switch {
			case err != nil:
				f.Reason = fmt.Sprintf("%s cannot be run: %v", name, err)
			case v.Outcome == replay.Fixed:
				fixed++
				continue
			default:
				f.Reason = fmt.Sprintf("replay of %s: %s", name, v.Words)
			}
			f.Reason, f.Output = headed(f.Reason, f.Output)
			all = append(all, Target{Pkg: pkg, Failure: f})
		}
		if fixed > 0 && fixed == len(files) {
			all = append(all, Target{Pkg: pkg, Remark: fmt.Sprintf("%s, each fixed", countFiles(fixed))})
		}
		done()
	}
	return all, nil
}

// headed keeps the first line of a reason, and puts what follows before the story.
func headed(reason, story string) (line, below string) {
	line, more, found := strings.Cut(reason, "\n")
	if found {
		story = more + "\n" + story
	}
	return line, story
}

func countFiles(n int) string {
	if n == 1 {
		return "1 saved failure"
	}
	return fmt.Sprintf("%d saved failures", n)
}

// matcher returns what says whether a test matches a -run; its levels, separated by
// slashes, are one for each level of subtests.
func matcher(run string) (func(test string) bool, error) {
	var levels []*regexp.Regexp
	for _, part := range splitPattern(run) {
		re, err := regexp.Compile(part)
		if err != nil {
			return nil, err
		}
		levels = append(levels, re)
	}
	return func(test string) bool {
		names := strings.Split(test, "/")
		for i := range min(len(levels), len(names)) {
			if !levels[i].MatchString(names[i]) {
				return false
			}
		}
		return true
	}, nil
}

// BelowTests is what a -run says of the tests below those at the top: with its slash, or
// empty for all.
func BelowTests(run string) string {
	if parts := splitPattern(run); len(parts) > 1 {
		return "/" + strings.Join(parts[1:], "/")
	}
	return ""
}

// splitPattern splits a -run at the slashes outside of brackets, as package testing does.
func splitPattern(run string) (parts []string) {
	if run == "" {
		return nil
	}
	square, round, from := 0, 0, 0
	for i := 0; i < len(run); i++ {
		switch run[i] {
		case '\\':
			i++
		case '[':
			square++
		case ']':
			square = max(0, square-1)
		case '(':
			if square == 0 {
				round++
			}
		case ')':
			if square == 0 {
				round = max(0, round-1)
			}
		case '/':
			if square == 0 && round == 0 {
				parts = append(parts, run[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, run[from:])
}

// savedFiles lists the files of a world, sorted by name; those that cannot be read are
// failures.
func savedFiles(pkg *gocmd.Package, world replay.World, match func(string) bool) (files []string, broken []Target) {
	dir := filepath.Join(pkg.Dir, "testdata", "replay")
	entries, err := os.ReadDir(dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			broken = append(broken, Target{Pkg: pkg, Failure: &Failure{Pkg: pkg, Reason: fmt.Sprintf("the folder of replay files cannot be read (%v); make %s a readable folder", err, dir)}})
		}
		return nil, broken
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		p, err := replay.Read(path)
		switch {
		case err != nil:
			broken = append(broken, Target{Pkg: pkg, Failure: &Failure{Pkg: pkg, Reason: err.Error()}})
		case p.World == world && p.Settings.Program() == pkg.Program && match(p.Test):
			files = append(files, path)
		}
	}
	return files, broken
}
