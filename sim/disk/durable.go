package disk

import (
	"bytes"

	"samerun/internal/keyed"
)

// Stored is a file on the medium.
type Stored struct {
	Name string
	Data []byte // a copy
}

// Durable returns what is durable now, sorted by name: the files that would be
// there after a crash that no unsynced operation survives. It is for tests and
// reports; it takes no time and meets no faults.
func (d *Disk) Durable() []Stored {
	files := make([]Stored, len(d.stored))
	for i, e := range d.stored {
		files[i] = Stored{e.name, bytes.Clone(e.inode.stored)}
	}
	return files
}

// digest returns a hash of what programs see and of what is durable: two disks
// with the same names and contents have the same digest.
func (d *Disk) digest() keyed.Digest {
	var sum keyed.Digest
	sum.Add(uint64(len(d.names)))
	for _, e := range d.names {
		sum.AddBytes([]byte(e.name))
		sum.AddBytes(e.inode.cache)
	}
	sum.Add(uint64(len(d.stored)))
	for _, e := range d.stored {
		sum.AddBytes([]byte(e.name))
		sum.AddBytes(e.inode.stored)
	}
	return sum
}
