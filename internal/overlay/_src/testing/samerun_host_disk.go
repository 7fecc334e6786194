package testing

// Disk makes a folder the disk of a node. It panics where that cannot be done.
func (*samerunHost) Disk(node int, dir string, level int, key uint64) {
	panic("samerun: this overlay has no disks of ordinary Go")
}

// DiskRule begins a rule of a fault on disks.
func (*samerunHost) DiskRule(nums []int64, file string) {}

// EndDiskRule ends the rules of an index, -1 all.
func (*samerunHost) EndDiskRule(index int) {}

// DiskHits returns how often the rules of an index took effect.
func (*samerunHost) DiskHits(index int) int64 { return 0 }

// OnDisk has fn called when chance has done something to a disk.
func (*samerunHost) OnDisk(fn func(index int, what string)) {}

// DiskNotes returns how the process went past the disks.
func (*samerunHost) DiskNotes() []string { return nil }
