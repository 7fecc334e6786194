package sim

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"samerun/internal/keyed"
	"samerun/sim/disk"
	"samerun/sim/fault"
)

// Disk returns the node's disk, for programs that are written for package disk, empty at first. It outlives crashes, and loses
// at each what was not made durable: see package disk. Its operations take no
// time unless a fault makes it slow. Ordinary programs have files: see Dir.
func (n *Node) Disk() *disk.Disk {
	n.use("Node.Disk")
	return n.theDisk()
}

func (n *Node) theDisk() *disk.Disk {
	if n.disk == nil {
		n.disk = disk.New(n.w.key.With(keyed.Ident("disk").With(n.id.Uint64()).Uint64()).Uint64())
		n.disk.Slow, n.disk.After, n.disk.Struck = n.slowDisk, n.diskOp, n.diskStruck
		if n.w.inj != nil {
			n.w.inj.setPicks()
		}
	}
	return n.disk
}

// disk begins a fault of disks.
func (x *liveFault) disk() {
	for _, n := range x.resolve(x.f.Nodes) {
		if n == x.in.w.main {
			x.miss(missMain)
			continue
		}
		d := n.theDisk()
		on := &diskHarm{disk: d, before: x.harm(d)}
		x.disks = append(x.disks, on)
		n.diskFaults = append(n.diskFaults, x)
		n.setDisk(x.f.File)
		x.beginOnDisk(n)
		x.undo = append(x.undo, func() {
			x.endOnDisk(n)
			on.count(x)
			on.over = true
			n.diskFaults = slices.DeleteFunc(n.diskFaults, func(y *liveFault) bool { return y == x })
			n.setDisk(x.f.File)
		})
	}
}

// diskHarm counts what a fault has done to one disk while it lasted.
type diskHarm struct {
	disk   *disk.Disk
	before uint64
	over   bool
}

// count brings the fault's own count up to date.
func (h *diskHarm) count(x *liveFault) {
	if h.over {
		return
	}
	now := x.harm(h.disk)
	x.fired += now - h.before
	h.before = now
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
	case fault.Short:
		return c.Short
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
			case fault.Short:
				f.ShortPPM = max(f.ShortPPM, x.f.PPM)
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

// slowDisk is called before each operation of the disk. How long it takes is
// drawn for the node, the file and the n-th operation on that file.
func (n *Node) slowDisk(op, name string) {
	if n.diskOps == nil {
		n.diskOps = map[string]uint64{}
	}
	n.diskOps[name]++
	var d time.Duration
	for _, x := range n.diskFaults {
		if x.f.Kind == fault.SlowDisk && cmp.Or(x.f.File, name) == name {
			lo, hi := x.f.Delay()
			nth := n.diskOps[name]
			more := x.key.With(n.id.Uint64()).Str(name).With(nth).Between(int64(lo), int64(hi))
			if x.watched() {
				x.note(fmt.Sprintf("%s %s #%d", n.name, name, nth), "takes", more)
			}
			d = plus(d, time.Duration(more))
			x.fire()
		}
	}
	if d > 0 && n.w.s.Current() != nil {
		n.w.s.Sleep(d)
	}
}
