package disk

import "slices"

// Crash is the power failure of the node: the cache is gone. What was synced is
// there afterwards; of the rest, what the faults in force let survive. Every File
// that is open returns ErrCrashed from now on.
func (d *Disk) Crash() {
	d.crashes++
	for _, c := range d.tally(d.label("")) {
		c.Crashes++
	}
	for _, c := range d.changes {
		kept := c.key.Chance(d.faults(c.label).KeepPPM)
		if kept {
			c.apply(&d.stored)
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

// settle decides which of the waiting writes have reached the medium, and
// forgets the others.
func (d *Disk) settle(n *inode) {
	if len(n.pending) == 0 {
		return
	}
	f := d.faults(n.label)
	for _, w := range n.pending {
		total, kept := 1, 0
		switch {
		case w.key.Str("keep").Chance(f.KeepPPM):
			n.stored = w.apply(n.stored)
			kept = 1
		case f.Torn:
			total, kept = n.tear(w)
		}
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

// tear carries out some sectors of a write, and returns how many it has and how
// many were carried out. Half of the torn writes end early, as when the head moved
// in order; in the others each sector has an even chance, as in a drive that
// orders its queue by itself. On the calm key the first half survives.
func (n *inode) tear(w write) (total, kept int) {
	parts := w.sectors()
	if len(parts) < 2 {
		return len(parts), 0
	}
	key := w.key.Str("tear")
	inOrder := key.Below(2) == 1
	prefix := key.Str("prefix").Below(uint64(len(parts)))
	for i, part := range parts {
		survives := uint64(i) < prefix
		if !inOrder {
			survives = key.Str("sector").With(uint64(i)).Below(2) == 1
		}
		if survives {
			n.stored = part.apply(n.stored)
			kept++
		}
	}
	return len(parts), kept
}
