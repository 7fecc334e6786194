package disk

import (
	"slices"
	"strings"

	"samerun/internal/keyed"
)

// directory is a list of files by name.
//
// Invariants: sorted by name; no name and no file is in it twice.
type directory []entry

type entry struct {
	name  string
	inode *inode
}

func (d directory) search(name string) (int, bool) {
	return slices.BinarySearchFunc(d, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
}

// lookup returns the file of that name, or nil.
func (d directory) lookup(name string) *inode {
	if i, ok := d.search(name); ok {
		return d[i].inode
	}
	return nil
}

// has reports whether the file has a name.
func (d directory) has(n *inode) bool {
	return slices.ContainsFunc(d, func(e entry) bool { return e.inode == n })
}

// change is one operation on the directory: the file gets this name, or none if
// it is empty. It is about a file rather than about names: should an earlier
// rename of the file be lost, a later one still finds it, and it never takes
// away another file but the one that it replaces.
type change struct {
	label *label
	key   keyed.Key // whether it survives a crash is drawn from it
	nth   uint64    // among all changes of the directory
	inode *inode
	name  string
}

func (c change) apply(d *directory) {
	*d = slices.DeleteFunc(*d, func(e entry) bool { return e.inode == c.inode })
	if c.name == "" {
		return
	}
	i, ok := d.search(c.name)
	if ok {
		(*d)[i].inode = c.inode
		return
	}
	*d = slices.Insert(*d, i, entry{c.name, c.inode})
}
