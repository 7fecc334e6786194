package main

import (
	"path/filepath"

	"samerun/sim"
)

// save copies the replay file of a failure from the tool's temporary folder into
// its package, where it stays and is run by go test. It never overwrites another.
func (s *sweep) save(f *failure) {
	if f.replay == "" || f.saved != "" {
		return
	}
	p, err := sim.ReadReplay(f.replay)
	if err == nil {
		var path string
		if path, err = p.Save(filepath.Join(f.pkg.dir, "testdata", "replay")); err == nil {
			f.saved = pathFrom(s.app.dir, path)
		}
	}
	f.unsaved = err
}

// pathFrom is a path as typed in dir, if that is shorter than the whole.
func pathFrom(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || len(rel) >= len(path) {
		return path
	}
	return filepath.ToSlash(rel)
}
