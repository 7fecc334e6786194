package disk

import (
	"slices"

	"samerun/internal/keyed"
)

// Crash is the power failure of the node: the cache is gone. What was synced is
// there afterwards; of the rest, what the picks and the faults in force let survive. Every
// File that is open returns ErrCrashed from now on.
func (d *Disk) Crash() {
	d.crashes++
	for _, c := range d.tally(d.label("")) {
		c.Crashes++
	}
	for _, c := range d.changes {
		kept := d.label("").pick(Lose, c.nth) == nil && d.survives(c.label, c.key)
		if kept {
			c.apply(&d.stored)
		} else {
			d.tell(Pick{What: Lose, File: dirName, Nth: c.nth})
		}
		for _, n := range d.tally(c.label) {
			if kept {
				n.Kept++
			} else {
				n.Lost++
			}
		}
	}
	d.changes = nil
	for _, e := range d.names {
		// The contents of a file without a name cannot be reached any more.
		if len(e.inode.pending) > 0 && !d.stored.has(e.inode) {
			for _, c := range d.tally(e.inode.label) {
				c.Lost += uint64(len(e.inode.pending))
			}
		}
	}
	for _, e := range d.stored {
		d.settle(e.inode)
		e.inode.label = d.label(e.name)
	}
	d.names = slices.Clone(d.stored)
}

// survives decides about an operation of a file that no pick names.
func (d *Disk) survives(l *label, k keyed.Key) bool {
	return d.loses || k.Chance(d.faults(l).KeepPPM)
}

// settle decides which of the waiting writes have reached the medium, and
// forgets the others.
func (d *Disk) settle(n *inode) {
	if len(n.pending) == 0 {
		return
	}
	for _, w := range n.pending {
		total, kept := d.land(n, w)
		for _, c := range d.tally(n.label) {
			switch kept {
			case 0:
				c.Lost++
			case total:
				c.Kept++
			default:
				c.Torn++
				c.TornSectors += uint64(total - kept)
			}
		}
	}
	n.forget()
}

// land carries out what survives of a write. It returns how many parts the write has, and
// how many have survived.
func (d *Disk) land(n *inode, w write) (total, kept int) {
	told := Pick{What: Lose, File: w.file.file(), Nth: w.nth}
	total = 1
	switch p := w.file.pick(Tear, w.nth); {
	case w.file.pick(Lose, w.nth) != nil:
	case p != nil:
		total, kept, told.Sectors = n.tear(w, p.Sectors)
	case d.survives(n.label, w.key.Str("keep")):
		n.stored = w.apply(n.stored)
		return 1, 1
	case d.faults(n.label).Torn:
		total, kept, told.Sectors = n.tear(w, 0)
	}
	if kept > 0 {
		told.What = Tear
	}
	if kept < total {
		d.tell(told)
	}
	return total, kept
}

// tear carries out some sectors of a write, and returns how many it has, how
// many were carried out and which, as Pick.Sectors says it. If sectors is 0 that is left to
// chance: half of the torn writes end early, as when the head moved
// in order; in the others each sector has an even chance, as in a drive that
// orders its queue by itself. On the calm key the first half survives.
func (n *inode) tear(w write, sectors int64) (total, kept int, which int64) {
	parts := w.sectors()
	if len(parts) < 2 {
		return len(parts), 0, 0
	}
	if sectors == 0 {
		if sectors = w.chance(len(parts)); sectors == 0 {
			return len(parts), 0, 0
		}
	}
	for i, part := range parts {
		survives := int64(i) < sectors
		switch {
		case sectors < 0 && i < maskSectors:
			survives = ^sectors>>i&1 == 1
		case sectors < 0:
			survives = w.key.Str("tear").Str("sector").With(uint64(i)).Below(2) == 1
		}
		if survives {
			n.stored = part.apply(n.stored)
			kept++
		}
	}
	return len(parts), kept, sectors
}

// maskSectors is how many sectors Pick.Sectors can name one by one. Of others chance
// decides, by the write.
const maskSectors = 62

// chance draws which of so many sectors survive; 0 is none.
func (w write) chance(total int) (sectors int64) {
	key := w.key.Str("tear")
	inOrder := key.Below(2) == 1
	prefix := key.Str("prefix").Below(uint64(total))
	if inOrder {
		return int64(prefix)
	}
	var mask int64
	for i := range min(total, maskSectors) {
		if key.Str("sector").With(uint64(i)).Below(2) == 1 {
			mask |= 1 << i
		}
	}
	return ^mask
}
