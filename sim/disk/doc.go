// Package disk is the disk of one simulated node: a small store of files that fails as
// real disks do. Most importantly, it loses what was never synced.
//
//	d := disk.New(47) // the key of the random decisions of its faults
//	f, _ := d.Create("wal")
//	f.Write(record)
//	f.Sync()    // the contents of the file are durable
//	d.SyncDir() // and so is its name
//	d.Crash()   // the power fails: what is durable is there afterwards
//
// # The model
//
// There is one flat directory. A file has contents and, once it is created, at most one
// name. Programs see a cache, in which every operation takes effect at once. Behind the
// cache is the medium, which lags:
//
//   - Write, WriteAt and Truncate wait in the cache until Sync of that file.
//   - Create, Rename and Remove wait in the cache until SyncDir. They are separate from the
//     contents: Sync makes no name durable, and SyncDir makes no contents durable.
//
// Crash empties the cache. Without active faults, the medium stays exactly as the syncs
// left it, and everything that waited is lost. Faults change this:
//
//   - With Faults.KeepPPM, some operations survive. This is drawn for each operation
//     separately: a later write may survive without an earlier one (and leaves zeros before it),
//     and a rename may survive without the contents that were written before it.
//   - With Faults.Torn, only some sectors of a write of more than one sector may survive: a
//     prefix, or any subset. Sectors have 512 bytes and are atomic. Any other operation
//     survives as a whole or not at all.
//
// Rename is atomic. After a crash, either the old name leads to the file or the new one
// does, never both and never neither. A file that was to be replaced is there as long as
// the rename is not. After a crash, each File from before it returns ErrCrashed for ever.
// The next incarnation of the node goes on using the disk.
//
// Real file systems promise more than this, each in its own way, and programs come to
// depend on it. Pillai et al. ("All file systems are not created equal", OSDI 2014, the
// ALICE tool) found 60 such places in eleven systems. The model takes the weakest
// behaviour that they saw, so it shows these classical bugs:
//
//   - no Sync before an answer: the acknowledged write is gone
//   - no Sync before a rename: the new name leads to an empty or partial file
//   - no SyncDir after a create or a rename: the file or its new version is gone
//   - overwriting in place, or Create over an existing file: neither old nor new contents
//   - trusting a record without a checksum: torn writes, holes of zeros
//   - trying Sync again after it failed (see below): success, without the data
//
// WriteFile is correct for a file that is replaced as a whole. Stronger file systems
// (sim.Ordered, sim.Strict) exist for the real files of ordinary Go. A program that is
// written for this package has no reason to rely on more than this model.
//
// # Failed syncs
//
// After Sync has failed, nobody knows what is on the medium. The cache gives up the waiting
// writes: each of them survives or is lost as in a crash, the file reads as the medium
// has it, and the next Sync succeeds without them. Linux behaved in this way, to the surprise of
// PostgreSQL in 2018 ("fsyncgate"; Rebello et al., "Can applications recover from fsync
// failures?", USENIX ATC 2020). A correct program stops, and recovers from what is on the disk. When SyncDir
// fails, the changes of the directory go on waiting, because names are journaled.
//
// # Picks
//
// SetPicks decides about single operations by their numbers: for example, only the third write of
// a file is lost. Struck returns the random decisions of a run as such picks. After is
// called after each operation, so that a crash can be put between any two of them.
//
// # Chance
//
// Every decision is drawn from the key of the disk, the name of the file and the n-th
// operation of that kind on that name. So what happens to one file does not affect
// another. A file is known by its present name. The temporary file of WriteFile has the
// name of the file that it is written for. At the calm key (seed 0) no random decision takes
// effect, except a certainty: a million parts per million need no draw. Counts has what
// took effect.
//
// This package does not depend on worlds, nodes or time. It is not safe for concurrent use: in
// a run, everything happens one after the other.
//
// # Reading order
//
// disk.go is the directory as programs see it, and whole.go reads and writes a file as a
// whole. file.go is an open file, and transfer.go moves its bytes. faults.go is what can go
// wrong, picks.go is what is decided by number, and crash.go is how it happens. inode.go and directory.go
// are the cache and the medium. durable.go and counts.go look in from outside.
package disk
