package disk

import (
	"bytes"
	"io"
)

// writeAt writes what has room of p into the cache.
func (d *Disk) writeAt(f *File, p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, invalid("write", f.name, "the offset is %d, offsets count from 0", off)
	}
	if off > maxFileSize-int64(len(p)) {
		return 0, invalid("write", f.name, "%d bytes at %d do not fit, a file has at most %d bytes", len(p), off, maxFileSize)
	}
	n, room := f.inode, len(p)
	size := int64(len(n.cache))
	if grow := off + int64(len(p)) - size; grow > 0 {
		if left := d.room(n.label); grow > left {
			room = int(max(0, size+left-off))
		}
	}
	full := room < len(p)
	part := d.shortened(n.label, room)
	short := part < room
	room = part
	for _, c := range d.tally(n.label) {
		c.Writes++
		c.Bytes += uint64(room)
		switch {
		case short:
			c.Short++
		case full:
			c.NoSpace++
		}
	}
	if room > 0 {
		n.put(n.label.nthWrite(write{off: off, data: bytes.Clone(p[:room])}))
	}
	if err := d.after("write", f.name, n.label); err != nil {
		return room, err
	}
	switch {
	case short:
		return room, fail("write", f.name, io.ErrShortWrite)
	case full:
		return room, fail("write", f.name, ErrNoSpace)
	}
	return room, nil
}

// shortened is how many of so many bytes the next write of the file stores.
func (d *Disk) shortened(l *label, bytes int) int {
	nth, ppm := l.counts.Writes+1, d.faults(l).ShortPPM
	pick := l.pick(Shorten, nth)
	if ppm == 0 && pick == nil || bytes < 2 {
		return bytes
	}
	k := l.key.Str("short").With(nth)
	if pick == nil && !k.Chance(ppm) {
		return bytes
	}
	stored := 1 + int(k.Str("bytes").Below(uint64(bytes-1)))
	if pick != nil && pick.Bytes > 0 {
		stored = int(min(pick.Bytes, int64(bytes-1)))
	}
	d.tell(Pick{What: Shorten, File: l.file(), Nth: nth, Bytes: int64(stored)})
	return stored
}

// truncate sets the size in the cache. It counts as a write.
func (d *Disk) truncate(n *inode, size int64) {
	for _, c := range d.tally(n.label) {
		c.Writes++
	}
	n.put(n.label.nthWrite(write{off: size, truncate: true}))
}

// readAt reads from the cache, with what corruption is in force.
func (d *Disk) readAt(n *inode, p []byte, off int64) int {
	got := 0
	if off < int64(len(n.cache)) {
		got = copy(p, n.cache[off:])
	}
	l := n.label
	for _, c := range d.tally(l) {
		c.Reads++
	}
	ppm := d.faults(l).CorruptPPM
	if ppm == 0 {
		return got
	}
	nth := l.key.Str("corrupt").With(l.counts.Reads)
	for _, s := range (write{off: off, data: p[:got]}).sectors() {
		k := nth.With(uint64(s.off / SectorSize))
		if !k.Chance(ppm) {
			continue
		}
		bit := k.Str("bit").Below(8 * uint64(len(s.data)))
		s.data[bit/8] ^= 1 << (bit % 8) // s.data is a part of p
		for _, c := range d.tally(l) {
			c.Corrupted++
		}
	}
	return got
}
