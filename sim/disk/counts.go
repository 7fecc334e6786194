package disk

// Counts tells what a disk, or one of its files, has done and which of its
// faults have fired, since it was made. Operations count when they are tried.
type Counts struct {
	Reads  uint64 // Read, ReadAt, ReadFile
	Writes uint64 // Write, WriteAt, Truncate, Create over a file
	Bytes  uint64 // that were written
	DirOps uint64 // files created, renamed and removed
	Syncs  uint64 // Sync, SyncDir

	Ops uint64 // that change or sync something: see Disk.After

	Crashes     uint64 // of the disk; 0 for a file
	Lost        uint64 // unsynced writes and changes of the directory of which nothing survived
	Kept        uint64 // those that survived whole, by chance
	Torn        uint64 // writes of which some sectors survived
	TornSectors uint64 // sectors that torn writes lost
	FailedSyncs uint64 // of Syncs
	NoSpace     uint64 // writes and truncations that failed with ErrNoSpace
	Short       uint64 // writes that stored a part only, by chance
	Corrupted   uint64 // sectors that were read with a wrong bit
}

// Counts returns what was counted for the file of this name, for the whole disk if the
// name is empty, or for the directory alone if it is "/": its changes, and SyncDir.
func (d *Disk) Counts(file string) Counts {
	switch file {
	case "":
		return d.total
	case dirName:
		c := d.label("").counts
		c.DirOps = d.total.DirOps
		return c
	}
	if l := d.labels[file]; l != nil {
		return l.counts
	}
	return Counts{}
}

// tally returns the counts that an event of the label belongs to.
func (d *Disk) tally(l *label) [2]*Counts { return [2]*Counts{&l.counts, &d.total} }
