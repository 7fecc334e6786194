package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"samerun/internal/keyed"
)

// FileSystem says what the file system of a disk of ordinary Go promises about the order in which
// what is not synced reaches the disk. What is synced is there in any case.
type FileSystem uint8

// The file systems, the weakest first.
const (
	// Posix promises nothing: of what is not synced any part may be there after a crash.
	Posix FileSystem = iota
	// Ordered is as ext4 mounts by default (data=ordered, auto_da_alloc): changes of names and
	// sizes reach the disk in their order, a sync of a file brings the changes of names before it
	// along, what was written to a file is there if it is as long as that, and a rename over
	// another file comes behind what was written to the file.
	Ordered
	// Strict brings everything to the disk in its order: from the first operation that a crash
	// loses, all are lost.
	Strict
)

// String returns the name in one word.
func (f FileSystem) String() string {
	if f > Strict {
		return fmt.Sprintf("file system %d", uint8(f))
	}
	return [...]string{"posix", "ordered", "strict"}[f]
}

// Dir returns the folder that is the node's disk, in a world of goroutines (see Goroutines): a real
// one, empty at first, in which programs have real files. A crash of the node loses what was
// done below it and not synced, by the model of package disk, and faults of disks befall it. It is
// the same after a restart, and is removed when the test has ended.
//
// The disk that Disk returns is another one, for programs that are written for that; both suffer
// the same faults, and each counts its own operations.
func (n *Node) Dir() string {
	if n.w.over("Node.Dir") {
		return n.dir
	}
	if problem := n.noDir("Node.Dir"); problem != nil {
		n.w.fail(problem)
		return ""
	}
	if n.dir == "" {
		if err := n.makeDir(); err != nil {
			n.w.fail(fmt.Errorf("the folder of node %s cannot be its disk: %w", n.name, err))
			return ""
		}
	}
	return n.dir
}

// FileSystem says what the file system below Dir promises; without it, it is Posix. It is called
// before Dir.
func (n *Node) FileSystem(f FileSystem) {
	if n.w.over("Node.FileSystem") {
		return
	}
	problem := n.noDir("Node.FileSystem")
	switch {
	case problem != nil:
	case f > Strict:
		problem = fmt.Errorf("Node.FileSystem of %s was given %v; it is Posix, Ordered or Strict", n.name, f)
	case n.dir != "":
		problem = fmt.Errorf("Node.FileSystem of %s was called after Node.Dir, when its files were of %v already; call it before", n.name, n.fileSystem)
	}
	if problem != nil {
		n.w.fail(problem)
		return
	}
	n.fileSystem = f
}

// noDir says why the node cannot have a folder.
func (n *Node) noDir(op string) error {
	switch {
	case n.w.host == nil:
		return fmt.Errorf("%s was called on %s, which runs tasks, and those have no real files; use Node.Disk, or sim.Goroutines", op, n.name)
	case n == n.w.main:
		return fmt.Errorf("%s was called on the main node, which is the scenario itself and never crashes; use another node, or t.TempDir", op)
	}
	return nil
}

// makeDir makes the folder.
func (n *Node) makeDir() (err error) {
	w := n.w
	if w.dirs == "" {
		// The disk knows files by paths without links.
		temp, err := filepath.EvalSymlinks(os.TempDir())
		if err == nil {
			w.dirs, err = os.MkdirTemp(temp, "disks-")
		}
		if err != nil {
			return err
		}
		if w.cfg.cleanup != nil {
			dirs := w.dirs
			w.cfg.cleanup(func() { os.RemoveAll(dirs) })
		}
	}
	dir := filepath.Join(w.dirs, fmt.Sprintf("%d-%s", n.machine, plain(n.name)))
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	// The host panics where there can be no disks.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s", strings.TrimPrefix(fmt.Sprint(p), "samerun: "))
		}
	}()
	w.host.Disk(n.machine, dir, int(n.fileSystem), w.key.With(keyed.Ident("dir").With(n.id.Uint64()).Uint64()).Uint64())
	n.dir = dir
	return nil
}

// plain is a name without what no file may have in its own.
func plain(name string) string {
	const most = 100
	return strings.Map(func(r rune) rune {
		if r == '/' || r < ' ' {
			return '_'
		}
		return r
	}, name[:min(len(name), most)])
}
