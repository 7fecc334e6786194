package sim

import (
	"cmp"
	"slices"
	"time"

	"samerun/internal/keyed"
	"samerun/sim/disk"
	"samerun/sim/fault"
)

// Disk returns the node's disk, empty at first. It outlives crashes, and loses
// at each what was not made durable: see package disk. Its operations take no
// time unless a fault makes it slow.
func (n *Node) Disk() *disk.Disk {
	n.w.s.Caller("Node.Disk")
	return n.theDisk()
}

func (n *Node) theDisk() *disk.Disk {
	if n.disk == nil {
		n.disk = disk.New(n.w.key.With(keyed.Ident("disk").With(n.id.Uint64()).Uint64()))
		n.disk.Slow = n.slowDisk
	}
	return n.disk
}

// disk begins a fault of disks.
func (x *liveFault) disk() {
	for _, n := range x.resolve(x.f.Nodes) {
		d := n.theDisk()
		before := x.harm(d)
		n.diskFaults = append(n.diskFaults, x)
		n.setDisk(x.f.File)
		count := func() {
			for range x.harm(d) - before {
				x.fire()
			}
			before = x.harm(d)
		}
		x.counts = append(x.counts, count)
		x.undo = append(x.undo, func() {
			count()
			n.diskFaults = slices.DeleteFunc(n.diskFaults, func(y *liveFault) bool { return y == x })
			n.setDisk(x.f.File)
		})
	}
}

// harm is how often the disk has done what the fault makes it do.
func (x *liveFault) harm(d *disk.Disk) uint64 {
	c := d.Counts(x.f.File)
	switch x.f.Kind {
	case fault.Torn:
		return c.Torn
	case fault.SyncFail:
		return c.FailedSyncs
	case fault.NoSpace:
		return c.NoSpace
	case fault.Corrupt:
		return c.Corrupted
	case fault.Unsynced:
		return c.Lost + c.Kept
	}
	return 0 // slowdisk counts by itself
}

// setDisk tells the disk what the faults in force come to, for one file or, with
// an empty name, for all that have none of their own. A file's own settings
// stand in place of the disk's, so that they are joined here.
func (n *Node) setDisk(file string) {
	set := func(file string) {
		var f disk.Faults
		for _, x := range n.diskFaults {
			if x.f.File != "" && x.f.File != file {
				continue
			}
			switch x.f.Kind {
			case fault.Torn:
				f.Torn = true
			case fault.Unsynced:
				f.KeepPPM = max(f.KeepPPM, x.f.PPM)
			case fault.SyncFail:
				f.SyncFailPPM = max(f.SyncFailPPM, x.f.PPM)
			case fault.Corrupt:
				f.CorruptPPM = max(f.CorruptPPM, x.f.PPM)
			case fault.NoSpace:
				if !f.NoSpace || x.f.Bytes < f.Capacity {
					f.NoSpace, f.Capacity = true, x.f.Bytes
				}
			}
		}
		if err := n.disk.SetFaults(file, f); err != nil {
			n.w.fail(err) // Validate lets nothing through that the disk refuses
		}
	}
	if file != "" {
		if !slices.Contains(n.diskFiles, file) {
			n.diskFiles = append(n.diskFiles, file)
		}
		set(file)
		return
	}
	set("")
	for _, file := range n.diskFiles {
		set(file)
	}
}

// slowDisk is called before each operation of the disk.
func (n *Node) slowDisk(op, name string) {
	var d time.Duration
	for _, x := range n.diskFaults {
		if x.f.Kind == fault.SlowDisk && cmp.Or(x.f.File, name) == name {
			n.diskOps++
			d = plus(d, x.delay(x.key.With(n.id.Uint64()).With(n.diskOps)))
			x.fire()
		}
	}
	if d > 0 && n.w.s.Current() != nil {
		n.w.s.Sleep(d)
	}
}
