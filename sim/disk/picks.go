package disk

import (
	"fmt"
	"slices"
)

// Pick decides about one operation what is else left to chance. Picks are how a schedule
// of faults says what happened to a disk, once chance has shown a failure.
//
// While there is a pick that loses or tears, all survives that no pick names, whatever Faults
// say: picks say what was lost, and nothing else was.
type Pick struct {
	What What
	// File is the name that faults know the file by, and "/" is the directory.
	File string
	// Nth is which operation is meant, from 1 and from the beginning of the disk: for Lose
	// and Tear the n-th write of the file (Counts.Writes) or, of the directory, the n-th
	// change (Counts.DirOps of the whole disk); for FailSync the n-th sync; for Shorten the
	// n-th write of the file.
	Nth uint64
	// Sectors says for Tear which sectors survive: if positive, so many from the first one
	// on; if negative, those that have a bit in ^Sectors, the lowest for the first one, of
	// the first 62; if 0, it is left to chance.
	Sectors int64
	// Bytes says for Shorten how many bytes the write stores, at most all but one of those
	// that it was given; if 0, it is left to chance.
	Bytes int64
}

// What is what becomes of an operation.
type What uint8

// The things that a Pick can do.
const (
	Lose     What = 1 + iota // a crash that finds it waiting loses it
	Tear                     // a crash that finds it waiting leaves some of its sectors; of less than two, none
	FailSync                 // it fails, as by Faults.SyncFailPPM
	Shorten                  // it stores a part only, as by Faults.ShortPPM; a write of one byte is stored
)

// String returns what is done in a word.
func (w What) String() string {
	switch w {
	case Lose:
		return "lose"
	case Tear:
		return "tear"
	case FailSync:
		return "failsync"
	case Shorten:
		return "shorten"
	}
	return fmt.Sprintf("what %d", uint8(w))
}

// dirName is how the directory is called where there are names of files, too.
const dirName = "/"

// SetPicks sets what is decided about single operations, in place of all that was set
// before. It returns an error, and changes nothing, if a pick does not say which.
func (d *Disk) SetPicks(picks []Pick) error {
	for _, p := range picks {
		switch {
		case p.What < Lose || p.What > Shorten:
			return fmt.Errorf("a pick of the disk has What %d, it must be Lose, Tear, FailSync or Shorten", p.What)
		case p.File == "":
			return fmt.Errorf("a pick of the disk names no file, operations are counted by file; name one, or %q for the directory", dirName)
		case p.Nth == 0:
			return fmt.Errorf("a pick of the disk, %v of %q, has Nth 0, operations count from 1", p.What, p.File)
		case p.Bytes < 0:
			return fmt.Errorf("a pick of the disk, %v of %q, has Bytes %d, less than none", p.What, p.File, p.Bytes)
		}
	}
	for _, l := range d.named {
		l.picks = nil
	}
	d.named, d.loses = d.named[:0], false
	for _, p := range picks {
		d.loses = d.loses || p.What == Lose || p.What == Tear
		name := p.File
		if name == dirName {
			name = ""
		}
		l := d.label(name)
		l.picks = append(l.picks, p)
		d.named = append(d.named, l)
	}
	return nil
}

// pick returns the pick that names an operation, or nil.
func (l *label) pick(what What, nth uint64) *Pick {
	i := slices.IndexFunc(l.picks, func(p Pick) bool { return p.What == what && p.Nth == nth })
	if i < 0 {
		return nil
	}
	return &l.picks[i]
}

// file is the name of the label in picks.
func (l *label) file() string {
	if l.name == "" {
		return dirName
	}
	return l.name
}

func (d *Disk) tell(p Pick) {
	if d.Struck != nil {
		d.Struck(p)
	}
}

// after counts an operation, in the midst of which the disk may crash.
func (d *Disk) after(op, name string, l *label) error {
	for _, c := range d.tally(l) {
		c.Ops++
	}
	if d.After == nil {
		return nil
	}
	before := d.crashes
	d.After(l.file(), l.counts.Ops)
	if d.crashes != before {
		return fail(op, name, ErrCrashed)
	}
	return nil
}
