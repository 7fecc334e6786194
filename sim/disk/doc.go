// Package disk is the disk of one simulated node: a small store of files with
// the failures of real disks, most of all the loss of what was never synced.
//
//	d := disk.New(47) // what its faults leave to chance hangs on this number
//	f, _ := d.Create("wal")
//	f.Write(record)
//	f.Sync()    // the contents of the file are durable
//	d.SyncDir() // and so is its name
//	d.Crash()   // the power fails: what is durable is there afterwards
//
// # The model
//
// There is one flat directory. A file is what a name leads to: it has contents
// and, once it is created, at most one name. Programs see a cache, in which every
// operation has taken effect at once. Behind it is the medium, which lags:
//
//   - Write, WriteAt and Truncate wait in the cache until Sync of that file.
//   - Create, Rename and Remove wait in the cache until SyncDir. They wait apart
//     from the contents: Sync makes no name durable, SyncDir makes no contents
//     durable.
//
// Crash empties the cache. Without faults in force the medium stays exactly as
// the syncs left it, and all that waited is lost. Faults.KeepPPM lets a share
// survive, drawn for each operation by itself: a later write may survive an
// earlier one (and leaves zeros before it), a rename may survive the contents
// that were written before it. An operation survives whole, except that with
// Faults.Torn a write of more than one sector may leave some of its sectors
// only: a prefix, or any subset. Sectors have 512 bytes and are atomic.
// Rename is atomic: after a crash the old name leads to the file or the new one
// does, never both and never neither, and a file that was to be replaced is
// there as long as the rename is not. After a crash each File from before it
// returns ErrCrashed for ever; the disk itself is used on by the next
// incarnation of the node.
//
// Real file systems promise more than this, each in its own way, and programs
// come to depend on it. Pillai et al. ("All file systems are not created equal",
// OSDI 2014, the ALICE tool) found 60 such places in eleven systems. The model
// therefore takes the weakest of what they saw, with these classical bugs:
//
//   - no Sync before an answer: the acknowledged write is gone;
//   - no Sync before a rename: the new name leads to an empty or partial file;
//   - no SyncDir after a create or a rename: the file or its new version is gone;
//   - overwriting in place, or Create over an existing file: neither old nor new;
//   - a record that is trusted without a checksum: torn writes, holes of zeros;
//   - trying Sync again after it failed (below): success, without the data.
//
// WriteFile does it right for a file that is replaced as a whole. Stronger file systems
// (sim.Ordered, sim.Strict) are for the real files of ordinary Go: a program that is
// written for this package has no reason to count on more than this model.
//
// # Failed syncs
//
// After Sync has failed nobody knows what is on the medium. The cache gives the
// waiting writes up: they are settled as a crash would settle them, the file
// reads as what the medium has, and the next Sync succeeds without them. (So did
// Linux, to the surprise of PostgreSQL in 2018, "fsyncgate"; Rebello et al., "Can
// applications recover from fsync failures?", USENIX ATC 2020.) The right answer
// of a program is to stop, and to recover from what is there. When SyncDir fails
// the changes of the directory go on waiting: names are journaled.
//
// # Picks
//
// SetPicks decides about single operations, by their numbers: the third write of a file is
// lost, and nothing else is. Struck tells what chance has done as such picks, and After
// sees each operation, so that a crash can be put between any two of them.
//
// # Chance
//
// Every decision is drawn from the key of the disk, the name of the file and the
// n-th operation of that kind on that name, so that what happens to one file does
// not matter to another. A file is known by its present name; the temporary file
// of WriteFile goes by the name that it is written for. At the calm key (seed 0)
// no chance fires, except a certainty: a million parts per million need no draw.
// What has fired is in Counts.
//
// # Reading order
//
// disk.go is the directory as programs see it, whole.go reads and writes a file
// as a whole, file.go is an open file and transfer.go moves its bytes; faults.go is what can go wrong, picks.go
// what is decided by number, crash.go how it happens; inode.go and directory.go are the cache and the medium; durable.go
// and counts.go look in from outside.
//
// The package knows nothing of worlds, nodes and time. It is not safe for
// concurrent use: in a run everything happens one after the other.
package disk
