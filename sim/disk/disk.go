package disk

import (
	"io/fs"

	"samerun/internal/keyed"
)

// Disk is the disk of one node. It outlives the node's crashes.
//
// Invariants: carrying out changes on stored, in their order, gives names. A
// file has at most one name in names and at most one in stored. Only files of
// the present incarnation have unsynced writes.
//
// The zero Disk is empty and calm, as New(0) is.
type Disk struct {
	// Slow, if it is set, is called at the start of each operation that a
	// disk would take time for, with the operation (create, open, remove,
	// rename, list, read, write, truncate, sync, syncdir) and the name that
	// faults know the file by, which is empty for list and syncdir. It may put
	// the caller to sleep; if the disk crashes meanwhile, the operation does
	// nothing and returns ErrCrashed.
	Slow func(op, name string)

	// After, if it is set, is called in the midst of each operation that changes or syncs
	// something, with the name that faults know the file by, "/" for the directory, and how
	// many such operations there were on it: what the operation changes is in the cache, and
	// a sync has made nothing durable. If the disk crashes meanwhile, the operation returns
	// ErrCrashed.
	After func(name string, nth uint64)

	// Struck, if it is set, is told of each operation that a crash or a failed sync has
	// lost or torn, and of each sync that has failed, as the Pick that does the same. It
	// must only note.
	Struck func(p Pick)

	key     keyed.Key
	crashes uint64
	names   directory // the cache: what programs see
	stored  directory // the medium: what is durable
	changes []change  // what names has and stored has not
	labels  map[string]*label
	named   []*label // that have picks
	loses   bool     // a pick loses or tears something
	total   Counts
}

// New returns an empty disk. What its faults leave to chance is drawn from the key, a
// hash of whatever makes it this disk and no other in this run; two disks of one
// world must not have the same. 0 leaves nothing to chance.
func New(key uint64) *Disk { return &Disk{key: keyed.Key(key)} }

// Create opens the file for reading and writing, empty: it creates the file, or
// truncates the one that is there, in place. A new name is durable after
// SyncDir. Overwriting a file like this is safe for nothing that matters; see
// WriteFile.
func (d *Disk) Create(name string) (*File, error) { return d.create(name, name) }

// create is Create for a file that faults know by the name alias.
func (d *Disk) create(name, alias string) (*File, error) {
	if name == "" {
		return nil, invalid("create", name, "the name is empty, a file needs one")
	}
	l := d.label(alias)
	if err := d.begin("create", name, l); err != nil {
		return nil, err
	}
	n := d.names.lookup(name)
	if n == nil {
		n = &inode{label: l}
		d.change(l, n, name)
	} else {
		n.label = l
		d.truncate(n, 0)
	}
	if err := d.after("create", name, l); err != nil {
		return nil, err
	}
	return &File{disk: d, inode: n, name: name, crashes: d.crashes}, nil
}

// Open opens a file that exists for reading and writing, at its start. The error
// is fs.ErrNotExist if there is none.
func (d *Disk) Open(name string) (*File, error) {
	n, err := d.find("open", name)
	if err != nil {
		return nil, err
	}
	return &File{disk: d, inode: n, name: name, crashes: d.crashes}, nil
}

// Remove takes a file out of the directory, durably after SyncDir. Files that
// are open stay readable and writable until they are closed or the node crashes.
// The error is fs.ErrNotExist if there is no such file.
func (d *Disk) Remove(name string) error {
	n, err := d.find("remove", name)
	if err != nil {
		return err
	}
	d.change(n.label, n, "")
	return d.after("remove", name, n.label)
}

// Rename gives a file another name, in place of the file that has it now, if
// any. It is atomic, and durable after SyncDir, which does not make the contents
// durable: sync the file first. The error is fs.ErrNotExist if there is no file
// with the old name.
func (d *Disk) Rename(oldName, newName string) error {
	if newName == "" {
		return invalid("rename", oldName, "the new name is empty, a file needs one")
	}
	n, err := d.find("rename", oldName)
	if err != nil || oldName == newName {
		return err
	}
	n.label = d.label(newName)
	d.change(n.label, n, newName)
	return d.after("rename", newName, n.label)
}

// List returns the names of all files, sorted.
func (d *Disk) List() []string {
	if d.begin("list", "", d.label("")) != nil {
		return nil // the caller's incarnation is dead; there is nothing it could see
	}
	names := make([]string, len(d.names))
	for i, e := range d.names {
		names[i] = e.name
	}
	return names
}

// SyncDir makes the directory durable: all that was created, renamed and
// removed. It says nothing about the contents of files. If it fails (ErrSync)
// nothing has become durable, and it can be tried again.
func (d *Disk) SyncDir() error {
	l := d.label("")
	if err := d.begin("syncdir", ".", l); err != nil {
		return err
	}
	for _, c := range d.tally(l) {
		c.Syncs++
	}
	if err := d.after("syncdir", ".", l); err != nil {
		return err
	}
	if d.syncFails(l) {
		return fail("syncdir", ".", ErrSync)
	}
	for _, c := range d.changes {
		c.apply(&d.stored)
	}
	d.changes = nil
	return nil
}

// find looks a name up for an operation.
func (d *Disk) find(op, name string) (*inode, error) {
	l := d.label(name)
	if n := d.names.lookup(name); n != nil {
		l = n.label // not of that name, if it is the temporary file of WriteFile
	}
	if err := d.begin(op, name, l); err != nil {
		return nil, err
	}
	n := d.names.lookup(name)
	if n == nil {
		return nil, fail(op, name, fs.ErrNotExist)
	}
	return n, nil
}

// change carries out one change of the directory in the cache. An empty name
// removes the file.
func (d *Disk) change(l *label, n *inode, name string) {
	for _, c := range d.tally(l) {
		c.DirOps++
	}
	c := change{label: l, key: l.key.Str("dir").With(l.counts.DirOps), nth: d.total.DirOps, inode: n, name: name}
	c.apply(&d.names)
	d.changes = append(d.changes, c)
}

// begin starts an operation. The world may move on while Slow sleeps, so
// whatever the operation depends on is read after begin.
func (d *Disk) begin(op, name string, l *label) error {
	before := d.crashes
	if d.Slow != nil {
		d.Slow(op, l.name)
	}
	if d.crashes != before {
		return fail(op, name, ErrCrashed)
	}
	return nil
}
