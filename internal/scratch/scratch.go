package scratch

import (
	"os"
	"path/filepath"
	"strings"
)

const (
	prefix = "samerun-"
	owner  = "owner.lock" // locked as long as the process lives
)

// Dir is a folder of this process.
type Dir struct {
	Path string
	lock *os.File // nil where there are no locks
}

// Make makes a folder in the system's folder for temporary files, and removes those that killed
// processes have left there. What cannot be removed stays, without an error.
func Make() (*Dir, error) {
	path, err := os.MkdirTemp("", prefix)
	if err != nil {
		return nil, err
	}
	d := &Dir{Path: path}
	if err := d.claim(); err != nil {
		os.RemoveAll(path)
		return nil, err
	}
	removeLeft(filepath.Dir(path))
	return d, nil
}

// Remove removes the folder with all that is in it.
func (d *Dir) Remove() {
	os.RemoveAll(d.Path)
	if d.lock != nil {
		d.lock.Close()
	}
}

// claim locks the folder's file. It gets its name when it is locked, so that nobody finds it free.
func (d *Dir) claim() error {
	f, err := os.CreateTemp(d.Path, "new-")
	if err != nil {
		return err
	}
	if !lock(f) { // there are none here
		f.Close()
		return os.Remove(f.Name())
	}
	d.lock = f
	return os.Rename(f.Name(), filepath.Join(d.Path, owner))
}

// removeLeft removes the folders below temp whose processes have died.
func removeLeft(temp string) {
	entries, err := os.ReadDir(temp)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		dir := filepath.Join(temp, e.Name())
		f, err := os.OpenFile(filepath.Join(dir, owner), os.O_RDWR, 0)
		if err != nil {
			continue // it is somebody else's, or not of this kind
		}
		if lock(f) {
			os.RemoveAll(dir)
		}
		f.Close()
	}
}
