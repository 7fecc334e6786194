package journal

// journalKind is what an operation does.
type journalKind uint8

const (
	opWrite journalKind = iota
	opResize
	opAdd    // a name for a file: created, linked, made
	opRemove // a name is gone
	opRename
	opSwap
)

// journalOp is an operation that is not durable.
type journalOp struct {
	seq   uint64
	nth   int64 // of its label: of writes and truncations, or of changes of names
	kind  journalKind
	fate  journalFate
	file  *JournalFile // whose content; or the folder whose names, of two that into which the file went
	off   int64
	n     int64  // how many bytes; of a truncation the new size
	size  int64  // before it
	old   []byte // what was in the place of it
	fresh []byte // what is, if that survives

	what           *JournalFile // a change of names: whose
	name           string       // in the folder
	from           *JournalFile // of a rename: the other folder, or the same
	fromName       string
	over           *JournalFile // what it has replaced, or nil
	mode, overMode uint32       // of folders that are gone
	tear           journalTear
}

// journalFate is what a crash makes of an operation.
type journalFate uint8

const (
	fateLost journalFate = iota
	fateKept
	fateTorn
)

func (op *journalOp) isData() bool { return op.kind <= opResize }

// label is what the operation is known by.
func (op *journalOp) label() *JournalLabel { return op.file.Label }

// wait lets an operation wait for a sync.
func (j *Journal) wait(op *journalOp) {
	j.seq++
	op.seq = j.seq
	j.waiting++
	j.append(op.file, op)
	l := op.label()
	if op.isData() {
		l.data++
		op.nth = l.data
		return
	}
	l.names++
	op.nth = l.names
	op.what.pins++
	op.file.pins++
	if op.from != nil && op.from != op.file {
		j.append(op.from, op)
		op.from.pins++
	}
	if op.kind == opRemove && !op.what.Folder {
		op.what.keeps++
	}
	if op.over != nil {
		op.over.pins++
		if op.kind == opRename && !op.over.Folder {
			op.over.keeps++
		}
	}
}

func (j *Journal) append(f *JournalFile, op *journalOp) {
	if len(f.ops) == 0 {
		j.dirty = append(j.dirty, f)
		f.dirty = len(j.dirty)
	}
	f.ops = append(f.ops, op)
	f.held += op.cost()
}

// clean notes that nothing waits for a sync of a file.
func (j *Journal) clean(f *JournalFile) {
	clear(f.ops)
	f.ops, f.held, f.foldAt = f.ops[:0], 0, 0
	if cap(f.ops) > 64 {
		f.ops = nil
	}
	if f.dirty == 0 {
		return
	}
	last := len(j.dirty) - 1
	j.dirty[f.dirty-1] = j.dirty[last]
	j.dirty[f.dirty-1].dirty = f.dirty
	j.dirty[last] = nil
	j.dirty = j.dirty[:last]
	f.dirty = 0
}

// Wrote notes that n bytes were written at off, in a file that was of a size. old is what was
// there before, as far as the file went.
func (j *Journal) Wrote(f *JournalFile, off, n, size int64, old []byte) {
	if !f.gone {
		j.faults.grew(j, f.Label, max(0, off+n-size))
	}
	op := j.op()
	op.kind, op.file, op.off, op.n, op.size, op.old = opWrite, f, off, n, size, old
	j.wait(op)
	j.fold(f)
}

// Resized notes that a file has a new size. old is what was cut off.
func (j *Journal) Resized(f *JournalFile, size, to int64, old []byte) {
	if !f.gone {
		j.faults.grew(j, f.Label, to-size)
	}
	j.wait(&journalOp{kind: opResize, file: f, n: to, size: size, old: old})
	j.fold(f)
}

// Added notes that a file has a name: it was created, linked or made.
func (j *Journal) Added(dir *JournalFile, name string, what *JournalFile) {
	j.wait(&journalOp{kind: opAdd, file: dir, name: name, what: what})
}

// Keep is called before a name of a file goes, so that the file can be there again. It reports
// whether it can.
func (j *Journal) Keep(dir int, name string, f *JournalFile) bool {
	if f.kept != "" {
		return true
	}
	kept := j.m.Kept()
	if kept < 0 {
		return false
	}
	j.id++
	as := string(appendDecimal([]byte{'k'}, int64(j.id)))
	if f.Folder && !j.m.Rename(dir, name, kept, as) || !f.Folder && !j.m.Link(dir, name, kept, as) {
		return false
	}
	f.kept = as
	return true
}

// letGo removes what was kept of a file, if nothing needs it any more.
func (j *Journal) letGo(f *JournalFile) {
	if f.keeps == 0 && f.kept != "" {
		j.m.Unlink(j.m.Kept(), f.kept)
		f.kept = ""
	}
}

// Removed notes that a name is gone: Keep was called before, unless what had it is a folder,
// of a mode.
func (j *Journal) Removed(dir *JournalFile, name string, what *JournalFile, mode uint32) {
	j.wait(&journalOp{kind: opRemove, file: dir, name: name, what: what, mode: mode})
}

// Renamed notes that a file has another name. What it has replaced, if anything, was kept, or
// is a folder of a mode.
func (j *Journal) Renamed(from *JournalFile, fromName string, dir *JournalFile, name string, what, over *JournalFile, overMode uint32) {
	j.wait(&journalOp{kind: opRename, file: dir, name: name, from: from, fromName: fromName, what: what, over: over, overMode: overMode})
}

// Swapped notes that two files have each other's name.
func (j *Journal) Swapped(from *JournalFile, fromName string, dir *JournalFile, name string, what, other *JournalFile) {
	j.wait(&journalOp{kind: opSwap, file: dir, name: name, from: from, fromName: fromName, what: what, over: other})
}

// Synced notes that a file was synced, or the names in a folder; dataOnly is for fdatasync.
func (j *Journal) Synced(f *JournalFile, dataOnly bool) {
	switch {
	case j.Level == JournalStrict:
		j.SyncedAll()
		return
	case j.Level == JournalOrdered && f.commits(dataOnly):
		for i := len(j.dirty) - 1; i >= 0; i-- {
			if i < len(j.dirty) && j.dirty[i].Folder {
				j.durable(j.dirty[i])
			}
		}
	}
	j.durable(f)
}

// commits reports whether a sync of the file makes ext4 commit its journal, and with it all changes of
// names: the file itself must be in that. It is with each write, by its time, but fdatasync passes
// over the time.
func (f *JournalFile) commits(dataOnly bool) bool {
	if f.Folder || f.pins > 0 || !dataOnly {
		return f.Folder || f.pins > 0 || len(f.ops) > 0
	}
	for _, op := range f.ops {
		if op.kind == opResize || op.off+op.n > op.size {
			return true
		}
	}
	return false
}

// SyncedAll notes that the whole disk was.
func (j *Journal) SyncedAll() {
	for len(j.dirty) > 0 {
		j.durable(j.dirty[len(j.dirty)-1])
	}
}

// durable forgets how to undo what was done to a file, or to the names in a folder.
func (j *Journal) durable(f *JournalFile) {
	if len(f.ops) == 0 {
		return
	}
	ops := f.ops
	f.ops = nil
	j.clean(f)
	for _, op := range ops {
		j.waiting--
		if op.isData() {
			j.done(op)
		} else {
			j.release(op, f)
		}
	}
	if !f.Folder {
		clear(ops)
		f.ops = ops[:0] // a log syncs after each write
	}
	j.Forget(f)
}

// release takes a change of names out of the list of the other folder, and lets go of what it
// was about.
func (j *Journal) release(op *journalOp, synced *JournalFile) {
	other := op.file
	if other == synced {
		other = op.from
	}
	if other != nil && other != synced {
		kept := other.ops[:0]
		for _, x := range other.ops {
			if x != op {
				kept = append(kept, x)
			}
		}
		other.held -= op.cost()
		clear(other.ops[len(kept):])
		if other.ops = kept; len(kept) == 0 {
			j.clean(other)
		}
	}
	if op.kind == opRemove && !op.what.Folder {
		op.what.keeps--
	}
	if op.over != nil && op.kind == opRename && !op.over.Folder {
		op.over.keeps--
	}
	for _, f := range [...]*JournalFile{op.what, op.over} {
		if f != nil {
			f.pins--
			j.letGo(f)
			j.Forget(f)
		}
	}
	op.file.pins--
	if op.from != nil && op.from != op.file {
		op.from.pins--
		if op.from != synced {
			j.Forget(op.from)
		}
	}
	if op.file != synced {
		j.Forget(op.file)
	}
}

// appendDecimal appends a number.
func appendDecimal(b []byte, x int64) []byte {
	u := uint64(x)
	if x < 0 {
		b, u = append(b, '-'), -u
	}
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + u%10)
		if u /= 10; u == 0 {
			return append(b, digits[i:]...)
		}
	}
}
