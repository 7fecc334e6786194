package disk

// Counts tells what a disk, or one of its files, has done and which of its
// faults have fired, since it was made. Operations count when they are tried.
type Counts struct {
	Reads  uint64 // Read, ReadAt, ReadFile
	Writes uint64 // Write, WriteAt, Truncate, Create over a file
	Bytes  uint64 // that were written
	DirOps uint64 // files created, renamed and removed
	Syncs  uint64 // Sync, SyncDir

	Crashes     uint64 // of the disk; 0 for a file
	Lost        uint64 // unsynced writes and changes of the directory of which nothing survived
	Kept        uint64 // those that survived whole, by chance
	Torn        uint64 // writes of which some sectors survived
	TornSectors uint64 // sectors that torn writes lost
	FailedSyncs uint64 // of Syncs
	NoSpace     uint64 // writes and truncations that failed with ErrNoSpace
	Corrupted   uint64 // sectors that were read with a wrong bit
}

// Counts returns what was counted for the file of this name, or for the whole
// disk if the name is empty.
func (d *Disk) Counts(file string) Counts {
	if file == "" {
		return d.total
	}
	if l := d.labels[file]; l != nil {
		return l.counts
	}
	return Counts{}
}

// tally returns the counts that an event of the label belongs to.
func (d *Disk) tally(l *label) [2]*Counts { return [2]*Counts{&l.counts, &d.total} }
