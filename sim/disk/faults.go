package disk

import (
	"fmt"
	"math"

	"samerun/internal/keyed"
)

// Faults is what goes wrong with a file or a whole disk. Chances are in parts
// per million. The zero Faults is a disk that loses at a crash all that was not
// synced, and has no other failures.
type Faults struct {
	// Torn lets a crash tear each write of more than one sector that would
	// else be lost whole: some of its sectors survive, by chance all or none.
	Torn bool

	// KeepPPM is the chance of an unsynced operation to survive a crash whole:
	// of a write, of a truncation, of a change of the directory.
	KeepPPM int64

	// SyncFailPPM is the chance of Sync to fail, and of SyncDir when it is set
	// for the whole disk.
	SyncFailPPM int64

	// CorruptPPM is the chance, for each sector in each read, that one bit of
	// what is read is wrong. The medium stays as it is.
	CorruptPPM int64

	// ShortPPM is the chance of a write to store a part of what it was given only, and
	// to return io.ErrShortWrite.
	ShortPPM int64

	// NoSpace bounds the disk, or the file, to Capacity bytes more than it has
	// when this is set. Removing and truncating make room again. If NoSpace
	// is false Capacity must be 0.
	NoSpace  bool
	Capacity int64
}

// SetFaults sets the faults in force from now on for the file of this name,
// which need not exist yet, in place of those of the whole disk; or, if the name
// is empty, for all files without faults of their own, and for the directory. The
// zero Faults takes the setting back. If NoSpace and Capacity stay the same, the
// room left stays the same too.
//
// It returns an error, and changes nothing, if a chance is not in 0 to 1,000,000
// or the capacity is negative.
func (d *Disk) SetFaults(file string, f Faults) error {
	for _, c := range [...]struct {
		field string
		ppm   int64
	}{{"KeepPPM", f.KeepPPM}, {"SyncFailPPM", f.SyncFailPPM}, {"CorruptPPM", f.CorruptPPM}, {"ShortPPM", f.ShortPPM}} {
		if c.ppm < 0 || c.ppm > keyed.Million {
			return fmt.Errorf("disk faults for %q: %s is %d, it must be in 0 to %d parts per million", file, c.field, c.ppm, keyed.Million)
		}
	}
	if f.Capacity < 0 {
		return fmt.Errorf("disk faults for %q: Capacity is %d, it must be 0 or more bytes", file, f.Capacity)
	}
	if f.Capacity > 0 && !f.NoSpace {
		return fmt.Errorf("disk faults for %q: Capacity is %d without NoSpace, set NoSpace to put it in force", file, f.Capacity)
	}
	l := d.label(file)
	same := l.faults.NoSpace == f.NoSpace && l.faults.Capacity == f.Capacity
	l.faults = f
	if f.NoSpace && !same {
		l.limit = math.MaxInt64
		if used := d.used(l); f.Capacity <= math.MaxInt64-used {
			l.limit = used + f.Capacity
		}
	}
	return nil
}

// label is what the disk knows about a name: of a file, whether it exists or
// not, or the empty name for the directory and the disk as a whole.
type label struct {
	name   string
	key    keyed.Key
	counts Counts
	faults Faults
	limit  int64 // with faults.NoSpace: bytes that the files of the label may have
	picks  []Pick
}

func (d *Disk) label(name string) *label {
	l := d.labels[name]
	if l == nil {
		if d.labels == nil {
			d.labels = make(map[string]*label)
		}
		l = &label{name: name, key: d.key.Str(name)}
		d.labels[name] = l
	}
	return l
}

// nthWrite makes w the write that was counted last.
func (l *label) nthWrite(w write) write {
	w.file, w.nth = l, l.counts.Writes
	w.key = l.key.Str("write").With(w.nth)
	return w
}

// ruler is the label whose faults are in force for this one.
func (d *Disk) ruler(l *label) *label {
	if l.faults == (Faults{}) {
		return d.label("")
	}
	return l
}

// faults are those in force for the label.
func (d *Disk) faults(l *label) *Faults { return &d.ruler(l).faults }

// room is the number of bytes by which files of the label may grow.
func (d *Disk) room(l *label) int64 {
	r := d.ruler(l)
	if !r.faults.NoSpace {
		return math.MaxInt64
	}
	return max(0, r.limit-d.used(r))
}

// used is the size of the files of the label, of all files for the empty name.
// It is counted anew each time: it only matters while space is short, and cannot
// be wrong after a crash.
func (d *Disk) used(l *label) int64 {
	sum := int64(0)
	for _, e := range d.names {
		if l.name == "" || e.inode.label == l {
			sum += int64(len(e.inode.cache))
		}
	}
	return sum
}

// syncFails decides whether the sync that was counted last fails.
func (d *Disk) syncFails(l *label) bool {
	nth := l.counts.Syncs
	if l.pick(FailSync, nth) == nil && !l.key.Str("sync").With(nth).Chance(d.faults(l).SyncFailPPM) {
		return false
	}
	d.tell(Pick{What: FailSync, File: l.file(), Nth: nth})
	for _, c := range d.tally(l) {
		c.FailedSyncs++
	}
	return true
}
