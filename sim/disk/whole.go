package disk

// tempSuffix is what WriteFile puts behind the name of its temporary file.
const tempSuffix = ".tmp"

// ReadFile returns the contents of a file. The error is fs.ErrNotExist if there
// is none.
func (d *Disk) ReadFile(name string) ([]byte, error) {
	f, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	if err := f.begin("read"); err != nil {
		return nil, err
	}
	data := make([]byte, len(f.inode.cache))
	d.readAt(f.inode, data, 0)
	return data, nil
}

// WriteFile replaces the contents of a file, or creates it, such that after a
// crash at any moment the file has its old contents or the new ones as a whole.
// When it returns nil the new ones are durable. When it returns an error the
// file has its old contents, or its new ones if only the last step failed.
//
// It does what a careful program does with the other methods: it writes a
// temporary file (the name with ".tmp" behind it), syncs it, renames it and syncs
// the directory. A crash may leave the temporary file behind. Two calls for one
// name must not run at the same time, since they would share it. To faults the
// temporary file goes by the name of the file.
func (d *Disk) WriteFile(name string, data []byte) error {
	if name == "" {
		return invalid("create", name, "the name is empty, a file needs one")
	}
	crashes, temp := d.crashes, name+tempSuffix
	err := d.writeTemp(temp, name, data)
	if err == nil {
		err = d.Rename(temp, name)
	}
	if err == nil {
		return d.SyncDir()
	}
	if n := d.names.lookup(temp); n != nil && d.crashes == crashes {
		d.change(n.label, n, "") // not Remove: tidying up takes no time and cannot fail
	}
	return err
}

func (d *Disk) writeTemp(temp, name string, data []byte) error {
	f, err := d.create(temp, name)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}
