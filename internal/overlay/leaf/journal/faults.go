package journal

import (
	"samerun/internal/overlay/leaf/diskrule"
	"samerun/internal/overlay/leaf/mix"
)

// JournalFaults are the rules of faults on the disks of a test, and what became of them.
type JournalFaults struct {
	rules []*journalRule
	// Told is what chance has done, and was not yet passed on.
	Told []JournalTold
}

// JournalTold is that, as the pick that does the same, with the index of the rule, or -1 for what
// a crash does without any.
type JournalTold struct {
	Index int
	What  string
}

// journalToldMost is how much is told at once.
const journalToldMost = 10000

// journalRule is a rule, in force or over.
type journalRule struct {
	diskrule.DiskRule
	over bool
	hits int64
	left int64 // nospace: bytes by which files may grow
	seen []journalSeen
}

// journalSeen counts, for a rule and a disk, operations of the kind that the rule is about, on what
// it names, since the test began.
type journalSeen struct {
	j *Journal
	n int64
}

// Begin puts a rule in force.
func (x *JournalFaults) Begin(r diskrule.DiskRule) {
	x.rules = append(x.rules, &journalRule{r, false, 0, r.Bytes, nil})
}

// next counts an operation on a disk, and returns the count. What came before the rule is counted
// with it.
func (r *journalRule) next(j *Journal) int64 {
	for i := range r.seen {
		if s := &r.seen[i]; s.j == j {
			s.n++
			return s.n
		}
	}
	n := int64(0)
	for i := range j.labels {
		for l := j.labels[i]; l != nil; l = l.next {
			if !r.Concerns(j.Node, l.Name) {
				continue
			}
			switch r.Kind {
			case diskrule.DiskSyncFail:
				n += l.syncs
			case diskrule.DiskCrashAt:
				n += l.ops
			}
		}
	}
	r.seen = append(r.seen, journalSeen{j, n})
	return n
}

// End ends the rules of an index, or all for -1.
func (x *JournalFaults) End(index int) {
	for _, r := range x.rules {
		if index == -1 || r.Index == index {
			r.over = true
		}
	}
}

// Hits is how often the rules of an index took effect.
func (x *JournalFaults) Hits(index int) (hits int64) {
	for _, r := range x.rules {
		if r.Index == index {
			hits += r.hits
		}
	}
	return hits
}

// Has reports whether a rule of a kind is in force.
func (x *JournalFaults) Has(kind diskrule.DiskKind) bool {
	for _, r := range x.rules {
		if r.Kind == kind && !r.over {
			return true
		}
	}
	return false
}

// applies reports whether a rule is in force and about a name on a disk.
func (r *journalRule) applies(kind diskrule.DiskKind, j *Journal, l *JournalLabel) bool {
	return r.Kind == kind && !r.over && r.Concerns(j.Node, l.Name)
}

// Salts of draws, so that no two kinds of them meet.
const (
	drawKeep = 1 + iota
	drawNames
	drawTorn
	drawInOrder
	drawPrefix
	drawSectors
	drawSync
	drawShort
	drawStored
	drawSlow
	drawCorrupt
	drawBit
)

// draw is a number that belongs to the n-th operation of a name on a node's disk.
func (r *journalRule) draw(j *Journal, l *JournalLabel, n int64, salt uint64) uint64 {
	key := mix.Mix(mix.Mix(mix.Mix(r.Key, j.key), uint64(j.Node)), salt)
	return mix.Mix(mix.MixString(key, l.Name), uint64(n))
}

// chance reports whether the rule's chance has the n-th operation. A rule without a chance has
// each, if always is set, or none.
func (r *journalRule) chance(j *Journal, l *JournalLabel, n int64, salt uint64, always bool) bool {
	switch {
	case r.PPM == 0:
		return always
	case r.PPM >= diskrule.DiskMillion:
		return true
	case r.Key == 0:
		return false
	}
	return r.draw(j, l, n, salt)%diskrule.DiskMillion < uint64(r.PPM)
}

// tell notes what chance has done to the nth operation of a name, and how many sectors of it
// survive or bytes are stored, if that is not 0.
func (x *JournalFaults) tell(index int, what string, nth int64, of string, much int64, j *Journal, l *JournalLabel) {
	if len(x.Told) == journalToldMost {
		return
	}
	b := append(make([]byte, 0, 64+len(l.Name)), what...)
	b = appendDecimal(append(b, " nth="...), nth)
	if much != 0 {
		b = appendDecimal(append(append(append(b, ' '), of...), '='), much)
	}
	b = appendDecimal(append(b, " node="...), int64(j.Node))
	b = append(b, ` file="`...)
	for i := 0; i < len(l.Name); i++ {
		const hex = "0123456789abcdef"
		switch c := l.Name[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c == 0x7f:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	x.Told = append(x.Told, JournalTold{index, string(append(b, '"'))})
}

// Counts counts an operation on a file, and reports whether the node crashes in it.
func (j *Journal) Counts(f *JournalFile) (crashes bool) {
	x, l := j.faults, f.Label
	l.ops++
	for _, r := range x.rules {
		if r.applies(diskrule.DiskCrashAt, j, l) {
			if r.next(j) == r.Nth {
				r.hits++
				x.tell(r.Index, "crashat", l.ops, "", 0, j, l)
				crashes = true
			}
		}
	}
	return crashes
}

// SyncFails counts a sync, and reports whether it is to fail.
func (j *Journal) SyncFails(f *JournalFile) (fails bool) {
	x, l := j.faults, f.Label
	l.syncs++
	for _, r := range x.rules {
		if !r.applies(diskrule.DiskSyncFail, j, l) {
			continue
		}
		nth := r.next(j)
		switch {
		case r.Nth > 0:
			if nth != r.Nth {
				continue
			}
		case !r.chance(j, l, l.syncs, drawSync, true):
			continue
		default:
			x.tell(r.Index, "syncfail", l.syncs, "", 0, j, l)
		}
		r.hits++
		fails = true
	}
	return fails
}

// Room returns how many of n bytes can be written at off, in a file of a size.
func (j *Journal) Room(f *JournalFile, off, n, size int64) int64 {
	for _, r := range j.faults.rules {
		if !r.applies(diskrule.DiskNoSpace, j, f.Label) {
			continue
		}
		if room := max(size+max(r.left, 0), off) - off; room < n && off+n > size {
			n = room
			r.hits++
		}
	}
	return n
}

// grew notes that a file has become longer, or shorter, by n bytes.
func (x *JournalFaults) grew(j *Journal, l *JournalLabel, n int64) {
	if n == 0 {
		return
	}
	for _, r := range x.rules {
		if r.applies(diskrule.DiskNoSpace, j, l) {
			r.left -= n
		}
	}
}

// Gone notes that a file has no name any more, and was of a size.
func (j *Journal) Gone(f *JournalFile, size int64) {
	if !f.Folder {
		f.gone, f.goneSize = true, size
		j.faults.grew(j, f.Label, -size)
	}
}

// Short returns how many of n bytes the next write stores.
func (j *Journal) Short(f *JournalFile, n int64) int64 {
	x, l := j.faults, f.Label
	for _, r := range x.rules {
		if !r.applies(diskrule.DiskShort, j, l) {
			continue
		}
		switch {
		case n < 2 || r.Nth > 0 && l.data+1 != r.Nth:
			continue
		case r.Nth > 0:
		case !r.chance(j, l, l.data+1, drawShort, true):
			continue
		}
		r.hits++
		switch {
		case r.Bytes > 0:
			n = min(r.Bytes, n-1)
		case r.Key == 0:
			n = (n + 1) / 2
		default:
			n = 1 + int64(r.draw(j, l, l.data+1, drawStored)%uint64(n-1))
		}
		if r.Nth == 0 {
			x.tell(r.Index, "short", l.data+1, "bytes", n, j, l)
		}
	}
	return n
}

// Slow returns how long an operation on a file takes, in nanoseconds.
func (j *Journal) Slow(f *JournalFile) (ns int64) {
	for _, r := range j.faults.rules {
		if !r.applies(diskrule.DiskSlow, j, f.Label) {
			continue
		}
		r.hits++
		more := r.Min
		if r.Max > r.Min {
			span := uint64(r.Max-r.Min) + 1
			if r.Key == 0 {
				more += int64(span / 2)
			} else {
				more += int64(r.draw(j, f.Label, f.Label.ops+f.Label.reads, drawSlow) % span)
			}
		}
		ns += more
	}
	return ns
}

// Reads counts a read of a file.
func (j *Journal) Reads(f *JournalFile) { f.Label.reads++ }

// Corrupts flips bits of what was read at off, one in each sector that a rule has.
func (j *Journal) Corrupts(f *JournalFile, p []byte, off int64) {
	l := f.Label
	for _, r := range j.faults.rules {
		if !r.applies(diskrule.DiskCorrupt, j, l) {
			continue
		}
		for at := int64(0); at < int64(len(p)); {
			sector := (off + at) / journalSector
			n := min((sector+1)*journalSector-off-at, int64(len(p))-at)
			if r.chance(j, l, mixed(l.reads, sector), drawCorrupt, true) {
				bit := int64(r.draw(j, l, mixed(l.reads, sector), drawBit) % uint64(8*n))
				p[at+bit/8] ^= 1 << (bit % 8)
				r.hits++
			}
			at += n
		}
	}
}

// mixed makes one number of a count and a place.
func mixed(n, at int64) int64 { return int64(mix.Mix(uint64(n), uint64(at))) }
