package sweep

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/runner"
	"samerun/internal/safefile"
)

// A failure is saved when it is first told, as it is then, so that whoever kills the tool
// keeps what it has found. A better one of its group, which is that of a lower seed or the
// minimised one, takes its place: the new files are written first, and then those of the
// old one are removed, if it is this sweep that made them.

// keep has the failure that stands for a group saved, unless it is.
func (s *Sweep) keep(g *group) {
	f := &g.first
	if f.Saved != "" {
		return
	}
	there := fileNames(folderOf(f))
	s.slots[g.at.test].by.Save(f)
	for _, path := range files(f) {
		if !slices.Contains(there, filepath.Base(path)) {
			g.made = append(g.made, path)
		}
	}
}

// replace has the failure that stands for a group saved in the place of old, which stood
// for it before, with the files that were made for that.
func (s *Sweep) replace(g *group, old runner.Failure) {
	made := g.made
	g.made = nil
	s.keep(g)
	if g.first.Saved == "" {
		g.made = made
		if g.first.Seed != nil && old.Seed != nil && *g.first.Seed == *old.Seed {
			g.first.Saved, g.first.Attached = old.Saved, old.Attached // of the same failure, before it was minimised
		}
		return
	}
	(&group{made: made}).discard(files(&g.first))
	g.made = takeName(&g.first, made, g.made)
}

// takeName gives the files of a failure, which are among made, the name of those that are
// gone, if theirs is that one and a number: they had to stand beside them for a while. It
// returns made with the new names.
func takeName(f *runner.Failure, gone, made []string) []string {
	if len(gone) == 0 || !slices.Contains(made, files(f)[0]) {
		return made
	}
	is, was := stem(f.Saved), stem(gone[0])
	number, ok := strings.CutPrefix(is, was+"-")
	if !ok || strings.Trim(number, "0123456789") != "" {
		return made
	}
	rename := func(path string) string {
		name := was + strings.TrimPrefix(filepath.Base(path), is)
		from, to := filepath.Join(folderOf(f), filepath.Base(path)), filepath.Join(folderOf(f), name)
		if safefile.Move(from, to) != nil {
			return path // it is as good under its own name
		}
		if i := slices.Index(made, from); i >= 0 {
			made[i] = to
		}
		return filepath.ToSlash(filepath.Join(filepath.Dir(path), name))
	}
	f.Saved = rename(f.Saved)
	for i, path := range f.Attached {
		f.Attached[i] = rename(path)
	}
	return made
}

// stem is the name of a replay file without its ending.
func stem(path string) string { return strings.TrimSuffix(filepath.Base(path), ".json") }

// discard removes the files that were made for a group, but for some.
func (g *group) discard(but []string) {
	for _, path := range g.made {
		if !slices.Contains(but, path) {
			_ = os.Remove(path) // one that stays is a true failure, too
		}
	}
	g.made = nil
}

// forget makes a failure one that was not saved.
func forget(f runner.Failure) runner.Failure {
	f.Saved, f.Attached, f.Unsaved = "", nil, nil
	return f
}

// folderOf is where a failure is saved.
func folderOf(f *runner.Failure) string { return filepath.Join(f.Pkg.Dir, "testdata", "replay") }

// files are the absolute paths of the files of a failure that was saved.
func files(f *runner.Failure) (paths []string) {
	if f.Saved == "" {
		return nil
	}
	for _, path := range append([]string{f.Saved}, f.Attached...) {
		paths = append(paths, filepath.Join(folderOf(f), filepath.Base(path)))
	}
	return paths
}

// fileNames lists a folder, which there may not be.
func fileNames(folder string) (names []string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
