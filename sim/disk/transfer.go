package disk

import "bytes"

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
	for _, c := range d.tally(n.label) {
		c.Writes++
		c.Bytes += uint64(room)
		if room < len(p) {
			c.NoSpace++
		}
	}
	if room > 0 {
		n.put(write{key: n.label.nthWrite(), off: off, data: bytes.Clone(p[:room])})
	}
	if room < len(p) {
		return room, fail("write", f.name, ErrNoSpace)
	}
	return room, nil
}

// truncate sets the size in the cache. It counts as a write.
func (d *Disk) truncate(n *inode, size int64) {
	for _, c := range d.tally(n.label) {
		c.Writes++
	}
	n.put(write{key: n.label.nthWrite(), off: size, truncate: true})
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
