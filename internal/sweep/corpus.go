package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/guide"
	"samerun/sim/replay"
)

// The corpus of a package is a folder of it: one file for each entry, in the format of replay
// files. Files are added and never changed; who wants them gone deletes them.

func corpusFolder(pkg *gocmd.Package) string { return filepath.Join(pkg.Dir, "testdata", "corpus") }

// corpusFiles are the paths of the entries of a package, sorted.
func corpusFiles(pkg *gocmd.Package) (paths []string, err error) {
	list, err := os.ReadDir(corpusFolder(pkg))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the corpus cannot be read (%w); make %s a readable folder", err, corpusFolder(pkg))
	}
	for _, e := range list {
		if !strings.HasPrefix(e.Name(), ".") && filepath.Ext(e.Name()) == ".json" {
			paths = append(paths, filepath.Join(corpusFolder(pkg), e.Name()))
		}
	}
	return paths, nil
}

// readCorpus reads the entries of a test: what base says of them must be so.
func readCorpus(pkg *gocmd.Package, base *replay.File) (list []*replay.File, err error) {
	paths, err := corpusFiles(pkg)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		p, err := replay.ReadEntry(path)
		if err != nil {
			return nil, err
		}
		if p.Test != base.Test {
			continue
		}
		if p.World != base.World {
			return nil, fmt.Errorf("the entry %s of a corpus is of %s, and %s is a test of %s now; delete it", path, p.World, p.Test, base.World)
		}
		list = append(list, p)
	}
	return list, nil
}

// tellStrangers tells of entries that are of no test that is searched, if all tests are.
func (s *Sweep) tellStrangers(known map[string]bool) error {
	if s.opts.Some {
		return nil
	}
	var seen []string
	for i := range s.slots {
		pkg := s.slots[i].Pkg
		if slices.Contains(seen, pkg.Dir) {
			continue
		}
		seen = append(seen, pkg.Dir)
		paths, err := corpusFiles(pkg)
		if err != nil {
			return err
		}
		for _, path := range paths {
			p, err := replay.ReadEntry(path)
			if err != nil {
				return err
			}
			if !known[pkg.Dir+"\x00"+p.Test] {
				s.screen.Note(fmt.Sprintf("the entry %s is of %s, a test that is not there: it is left alone", filepath.ToSlash(filepath.Join(pkg.Arg, "testdata", "corpus", filepath.Base(path))), p.Test))
			}
		}
	}
	return nil
}

// save adds what a search has found to the corpus of its package.
func (x *searched) save(j *hunt, search *guide.Search) {
	best, _ := search.Best()
	folder := corpusFolder(j.slot.Pkg)
	for _, p := range best {
		if _, err := p.Save(folder); err != nil {
			x.Unsaved = err.Error()
			break
		}
	}
	base := j.by.Base(&j.slot.Target, j.test)
	if list, err := readCorpus(j.slot.Pkg, &base); err == nil {
		x.Saved = len(list)
	}
}
