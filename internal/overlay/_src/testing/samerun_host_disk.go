package testing

import (
	"slices"
	_ "unsafe" // for go:linkname
)

// These are in package runtime.

//go:linkname samerunSetDisk
func samerunSetDisk(node int, dir string, level int, key uint64) (problem string)

//go:linkname samerunDisksOver
func samerunDisksOver()

//go:linkname samerunOnDisk
func samerunOnDisk(fn func(index int, what string))

//go:linkname samerunBeginDiskRule
func samerunBeginDiskRule(nums []int64, file string) (problem string)

//go:linkname samerunEndDiskRule
func samerunEndDiskRule(index int)

//go:linkname samerunDiskHits
func samerunDiskHits(index int) int64

//go:linkname samerunDiskNotes
func samerunDiskNotes() []string

// Disk makes a folder the disk of a node, 0 for the test itself, until the test ends: at a crash of
// the node, what was done to files below it and not synced is lost. dir exists, is absolute and has
// no symbolic link in its path. level is what the file system orders: 0 nothing, 1 as ext4
// does, 2 all. Draws are made by key and by those of the rules. It panics where this cannot be
// done.
func (*samerunHost) Disk(node int, dir string, level int, key uint64) {
	if problem := samerunSetDisk(node, dir, level, key); problem != "" {
		panic("samerun: " + problem)
	}
}

// DiskRule begins a rule of a fault on disks, in the flat form of samerun/internal/overlay/leaf/diskrule.
func (*samerunHost) DiskRule(nums []int64, file string) {
	if problem := samerunBeginDiskRule(nums, file); problem != "" {
		panic("samerun: " + problem)
	}
}

// EndDiskRule ends the rules of an index, -1 all.
func (*samerunHost) EndDiskRule(index int) { samerunEndDiskRule(index) }

// DiskHits returns how often the rules of an index took effect.
func (*samerunHost) DiskHits(index int) int64 { return samerunDiskHits(index) }

// OnDisk has fn called when chance has done something to a disk, with the index of the rule and with
// the pick that does the same, and when a crash that a rule asks for is due. It is called in the
// middle of things, must only note, and must not wait.
func (*samerunHost) OnDisk(fn func(index int, what string)) { samerunOnDisk(fn) }

// DiskNotes returns, sorted, how the process went past the journals of its disks.
func (*samerunHost) DiskNotes() []string {
	notes := slices.Clone(samerunDiskNotes())
	slices.Sort(notes)
	return notes
}
