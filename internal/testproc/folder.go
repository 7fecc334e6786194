package testproc

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folder is what is in the folder of a package and below, but for the folders of other
// packages, at one moment: files by their names from there, and folders, with a slash
// behind. Tests run in that folder, all seeds in the same one.
type Folder map[string]fileState

// fileState is what changes when a file is written to.
type fileState struct{ size, time int64 }

// folderFiles is how many files of a folder are looked at.
const folderFiles = 5000

// LookAt notes the files in a folder. What samerun itself saves there does not count.
func LookAt(dir string) (Folder, error) {
	f := make(Folder)
	if err := f.add(dir, ""); err != nil {
		return nil, fmt.Errorf("the folder of a package cannot be read: %w", err)
	}
	return f, nil
}

// add notes the files in a folder below dir.
func (f Folder) add(dir, below string) error {
	entries, err := os.ReadDir(filepath.Join(dir, below))
	if err != nil {
		return err
	}
	isGo := func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".go") }
	if below != "" && slices.ContainsFunc(entries, isGo) {
		return nil
	}
	if info, err := os.Stat(filepath.Join(dir, below)); err == nil {
		f[filepath.ToSlash(below)+"/"] = fileState{0, info.ModTime().UnixNano()}
	}
	for _, e := range entries {
		name := filepath.Join(below, e.Name())
		switch {
		case len(f) >= folderFiles:
			return nil
		case e.IsDir() && (e.Name() == ".git" || name == filepath.Join("testdata", "replay") || name == filepath.Join("testdata", "corpus")):
		case e.IsDir():
			// Who may not read it, or comes too late, has nothing to compare.
			_ = f.add(dir, name)
		case e.Type().IsRegular():
			if info, err := e.Info(); err == nil {
				f[filepath.ToSlash(name)] = fileState{info.Size(), info.ModTime().UnixNano()}
			}
		}
	}
	return nil
}

// Written lists the files that are new in a later look at the folder, or that were written
// to or removed, sorted by name.
func (f Folder) Written(later Folder) []string {
	return slices.DeleteFunc(f.changed(later), func(name string) bool { return strings.HasSuffix(name, "/") })
}

// Touched reports whether anything was written by a later look, even if it is gone by then:
// a folder shows that something was made or removed in it.
func (f Folder) Touched(later Folder) bool { return len(f.changed(later)) > 0 }

func (f Folder) changed(later Folder) (names []string) {
	for name, is := range later { //samerun:allow maprange: the names are sorted below
		if was, ok := f[name]; !ok || was != is {
			names = append(names, name)
		}
	}
	for name := range f { //samerun:allow maprange: the names are sorted below
		if _, ok := later[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
