package gocmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/gomod"
	"samerun/internal/labcopy"
)

// LabCopy is a copy of the course's labrpc in the user's own tree, which the tests of a package use.
type LabCopy struct {
	Path  string        // its import path
	Dir   string        // its folder
	Level labcopy.Level // how much its messages tell; 0 for nothing
	Why   string        // why they do not tell all
}

// withCopies looks for such copies in what the packages use, and returns b with an overlay in
// which they tell the runtime of their calls; b itself if there is none. What cannot be read is left
// to the go command, which has words for it.
func (c *Caller) withCopies(ctx context.Context, b *Build, tmp string, pkgs []*Package) *Build {
	found := make(map[string]*LabCopy) // by folder; nil for what is no copy
	replace := make(map[string]string)
	for _, p := range pkgs {
		p.Copies = nil
		for _, dir := range c.ownFolders(ctx, b, p) {
			l, known := found[dir]
			if !known {
				l = c.copyIn(ctx, b, tmp, dir, len(found), replace)
				found[dir] = l
			}
			if l != nil {
				p.Copies = append(p.Copies, *l)
			}
		}
	}
	if len(replace) == 0 {
		return b
	}
	own := *b
	var err error
	if own.Overlay, err = moreOverlay(b.Overlay, filepath.Join(tmp, "labrpc.json"), replace); err != nil {
		return b
	}
	return &own
}

// ownFolders are the folders, of a package and of what its tests use, that belong to the user, and
// that have a file which may be of a copy.
func (c *Caller) ownFolders(ctx context.Context, b *Build, p *Package) (dirs []string) {
	look := func(dir string) {
		if !slices.Contains(dirs, dir) && mayHaveCopy(dir) {
			dirs = append(dirs, dir)
		}
	}
	look(p.Dir)
	if c.hasOthers(p) {
		for _, dep := range c.dependencies(ctx, b, p) {
			look(dep.Dir)
		}
		return dirs
	}
	for _, path := range p.deps {
		path, _, _ = strings.Cut(path, " [")
		if dir, ok := strings.CutPrefix(path, "_/"); ok {
			look("/" + dir)
		} else if rest, ok := strings.CutPrefix(path, p.module.Path+"/"); ok && p.module.Path != "" && path != labrpcPath {
			look(filepath.Join(p.module.Dir, filepath.FromSlash(rest)))
		} else if path == p.module.Path {
			look(p.module.Dir)
		}
	}
	return dirs
}

// hasOthers reports whether folders of the user's can be in other modules than that of the package,
// or in none: then only the go command knows where they are.
func (c *Caller) hasOthers(p *Package) bool {
	if p.module.Path == "" {
		return !strings.HasPrefix(p.Path, "_/") && len(p.deps) > 0
	}
	if c.inWorkspace() {
		return true
	}
	text, err := os.ReadFile(filepath.Join(gomod.Root(p.Dir), "go.mod"))
	return err == nil && (bytes.Contains(text, []byte("=> .")) || bytes.Contains(text, []byte("=> /")))
}

// dependencies asks the go command for the packages that the tests of a package, or a program,
// use, but for those of the standard library and of this module.
func (c *Caller) dependencies(ctx context.Context, b *Build, p *Package) (deps []*listedPackage) {
	stdout, _, err := c.Go(ctx, slices.Concat([]string{"list", "-e", "-test", "-deps", "-json=ImportPath,Dir,Standard,Module"}, b.Flags(), []string{"--", c.GoArg(p)}))
	if err != nil {
		return nil
	}
	for dec := json.NewDecoder(strings.NewReader(stdout)); ; {
		d := new(listedPackage)
		if dec.Decode(d) != nil {
			return deps
		}
		if !d.Standard && d.Dir != "" && d.ImportPath != labrpcPath && (d.Module == nil || d.Module.Main || d.Module.Replace != nil) {
			deps = append(deps, d)
		}
	}
}

// mayHaveCopy reports whether a file of a folder may be of a copy.
func mayHaveCopy(dir string) bool {
	files, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, f := range files {
		if isSource(f.Name()) {
			if text, err := os.ReadFile(filepath.Join(dir, f.Name())); err == nil && labcopy.MayBe(text) {
				return true
			}
		}
	}
	return false
}

func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// copyIn looks at a package in a folder. If it is a copy, its changed files are written below tmp,
// and entered into replace. It returns nil for what is no copy.
func (c *Caller) copyIn(ctx context.Context, b *Build, tmp, dir string, nth int, replace map[string]string) *LabCopy {
	from := *c
	from.Dir, from.goDir = dir, ""
	stdout, _, err := from.Go(ctx, slices.Concat([]string{"list", "-e", "-json=ImportPath,Dir,GoFiles,Standard"}, b.Flags(), []string{"."}))
	var p struct {
		ImportPath string
		GoFiles    []string
		Standard   bool
	}
	if err != nil || json.Unmarshal([]byte(stdout), &p) != nil || p.ImportPath == labrpcPath || p.Standard || build.IsLocalImport(p.ImportPath) {
		return nil
	}
	sources := make(map[string][]byte)
	for _, name := range p.GoFiles {
		if sources[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil
		}
	}
	found, err := labcopy.Recognise(sources)
	l := &LabCopy{Path: p.ImportPath, Dir: dir}
	switch {
	case err != nil:
		l.Why = err.Error()
		return l
	case found == nil:
		return nil
	}
	l.Level, l.Why = found.Level, found.Lacking
	out := filepath.Join(tmp, "labrpc"+strconv.Itoa(nth))
	if err := os.MkdirAll(out, 0o777); err != nil {
		return nil
	}
	files := make(map[string]string)
	for name, text := range found.Files { //samerun:allow maprange: each is written by itself
		files[filepath.Join(dir, name)] = filepath.Join(out, name)
		if err := os.WriteFile(filepath.Join(out, name), text, 0o666); err != nil {
			return nil
		}
	}
	for name, by := range files { //samerun:allow maprange: into a map
		replace[name] = by
	}
	return l
}

// String is what a report says of a copy.
func (l *LabCopy) String() string {
	switch {
	case l.Level == 0:
		return fmt.Sprintf("%s is like the course's labrpc, but %s: reports have no messages of it", l.Path, l.Why)
	case l.Level == labcopy.Calls:
		return fmt.Sprintf("%s is a copy of the course's labrpc: reports have its calls, but not what became of messages, since %s", l.Path, l.Why)
	}
	return fmt.Sprintf("%s is a copy of the course's labrpc: reports have its messages by method", l.Path)
}

// notBuilt says of the copies of a package that what was added to them does not build.
func (p *Package) notBuilt() {
	for i := range p.Copies {
		p.Copies[i].Level, p.Copies[i].Why = 0, "it does not build with the lines that tell of its messages"
	}
}

// moreOverlay writes a file for -overlay, with what is in another one and more.
func moreOverlay(with, file string, more map[string]string) (string, error) {
	data, err := os.ReadFile(with)
	if err != nil {
		return "", err
	}
	var list struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &list); err != nil {
		return "", err
	}
	for name, by := range more { //samerun:allow maprange: into a map
		list.Replace[name] = by
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(list); err != nil {
		return "", err
	}
	return file, os.WriteFile(file, out.Bytes(), 0o666)
}
