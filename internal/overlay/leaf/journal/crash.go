package journal

import "samerun/internal/overlay/leaf/diskrule"

// Crash makes the files what a crash leaves of them. All that was known of files is forgotten: the
// machine is to ask for each anew.
func (j *Journal) Crash() {
	var ops []*journalOp
	for _, f := range j.dirty {
		for _, op := range f.ops {
			if op.file == f { // else it is in the list of another folder, too
				ops = append(ops, op)
			}
		}
	}
	sortOps(ops)
	j.judge(ops)
	j.settle(ops)
	j.Over()
}

// SyncFailed makes the content of a file what a crash would leave of it: what waited for a sync
// that has failed is given up. Names are not: those of a folder go on waiting.
func (j *Journal) SyncFailed(f *JournalFile) {
	if f.Folder || len(f.ops) == 0 {
		return
	}
	ops := f.ops
	f.ops = nil
	j.clean(f)
	j.waiting -= len(ops)
	j.judge(ops)
	j.settle(ops)
}

// settle undoes operations, and carries those out once more that survive.
func (j *Journal) settle(ops []*journalOp) {
	counts := j.faults.Has(diskrule.DiskNoSpace)
	if counts {
		for _, op := range ops {
			if f := op.file; op.isData() && !f.nowKnown && !f.gone {
				f.now, f.nowKnown = j.m.Size(f.FD), true
			}
		}
	}
	for i := len(ops) - 1; i >= 0; i-- {
		if op := ops[i]; op.isData() {
			j.undoData(op)
		} else {
			j.undoName(op)
		}
	}
	for _, op := range ops {
		switch {
		case op.fate == fateLost:
		case op.isData():
			j.redoData(op)
		default:
			j.redoName(op)
		}
	}
	if counts {
		for _, op := range ops {
			if f := op.file; op.isData() && f.nowKnown {
				j.faults.grew(j, f.Label, j.m.Size(f.FD)-f.now)
				f.now, f.nowKnown = 0, false
			}
		}
		for i := len(ops) - 1; i >= 0; i-- {
			if op := ops[i]; op.fate == fateLost {
				j.countsBack(op)
			}
		}
	}
}

// countsBack counts the room that a file takes again whose removal is lost, or does not take any
// more whose creation is.
func (j *Journal) countsBack(op *journalOp) {
	f := op.what
	if op.kind == opRename {
		f = op.over
	}
	if op.isData() || f == nil || f.Folder || f.gone == (op.kind == opAdd) {
		return
	}
	size := f.goneSize
	if f.FD >= 0 {
		size = j.m.Size(f.FD)
	}
	if f.gone = !f.gone; f.gone {
		size = -size
	}
	j.faults.grew(j, f.Label, size)
}

// undoData gives a file the content that it had before, and takes what survives of the new one.
func (j *Journal) undoData(op *journalOp) {
	f := op.file
	if op.kind == opResize {
		j.m.Resize(f.FD, op.size)
		if len(op.old) > 0 {
			j.m.WriteAt(f.FD, op.old, op.n)
		}
		return
	}
	if op.fate != fateLost {
		op.fresh = make([]byte, op.n)
		op.fresh = op.fresh[:j.m.ReadAt(f.FD, op.fresh, op.off)]
	}
	if op.off+op.n > op.size {
		j.m.Resize(f.FD, op.size)
	}
	if len(op.old) > 0 {
		j.m.WriteAt(f.FD, op.old, op.off)
	}
}

func (j *Journal) redoData(op *journalOp) {
	f := op.file
	switch {
	case op.kind == opResize:
		j.m.Resize(f.FD, op.n)
	case op.fate == fateKept:
		j.m.WriteAt(f.FD, op.fresh, op.off)
	default:
		at := int64(0)
		for i := range op.sectors() {
			end := min((op.off/journalSector+i+1)*journalSector-op.off, int64(len(op.fresh)))
			if op.tear.survives(i) && at < end {
				j.m.WriteAt(f.FD, op.fresh[at:end], op.off+at)
			}
			at = end
		}
	}
	op.fresh = nil
}

// is reports whether a name in a folder is that of a file.
func (j *Journal) is(dir *JournalFile, name string, f *JournalFile) bool {
	dev, ino, found := j.m.Identity(dir.FD, name)
	return found && ino == f.Ino && dev == f.Dev
}

// takeAway takes a name from a file, which is kept.
func (j *Journal) takeAway(dir *JournalFile, name string, f *JournalFile) {
	f.at = nil
	switch {
	case !j.is(dir, name, f):
	case f.Folder:
		f.kept = ""
		j.Keep(dir.FD, name, f)
	case j.Keep(dir.FD, name, f):
		j.m.Unlink(dir.FD, name)
	}
}

// bring gives a file that is kept a name, if nobody has that, or in place of another file.
func (j *Journal) bring(f *JournalFile, dir *JournalFile, name string, replace bool) {
	if f.kept == "" {
		return
	}
	if dev, ino, found := j.m.Identity(dir.FD, name); found {
		if ino == f.Ino && dev == f.Dev || !replace {
			return
		}
		if !f.Folder {
			j.m.Unlink(dir.FD, name)
		}
	}
	switch {
	case !f.Folder:
		j.m.Link(j.m.Kept(), f.kept, dir.FD, name)
	case j.m.Rename(j.m.Kept(), f.kept, dir.FD, name):
		f.kept = ""
	}
	f.at, f.atName = dir, name
}

// again makes a folder once more that is gone.
func (j *Journal) again(f *JournalFile, dir *JournalFile, name string, mode uint32) {
	if f.kept != "" {
		j.bring(f, dir, name, false)
		return
	}
	if !j.m.Mkdir(dir.FD, name, mode) {
		return
	}
	if dev, ino, found := j.m.Identity(dir.FD, name); found {
		j.moved(f, dev, ino)
	}
	if f.FD >= 0 {
		j.m.Close(f.FD)
	}
	f.FD = j.m.OpenFolder(dir.FD, name)
}

func (j *Journal) undoName(op *journalOp) {
	switch op.kind {
	case opAdd:
		j.takeAway(op.file, op.name, op.what)
	case opRemove:
		if op.what.Folder {
			j.again(op.what, op.file, op.name, op.mode)
		} else {
			j.bring(op.what, op.file, op.name, false)
		}
	case opRename:
		if j.is(op.file, op.name, op.what) {
			j.m.Rename(op.file.FD, op.name, op.from.FD, op.fromName)
			op.what.at, op.what.atName = op.from, op.fromName
		}
		if over := op.over; over != nil {
			if over.Folder {
				j.again(over, op.file, op.name, op.overMode)
			} else {
				j.bring(over, op.file, op.name, false)
			}
		}
	case opSwap:
		j.m.Swap(op.file.FD, op.name, op.from.FD, op.fromName)
	}
}

// redoName is about files rather than names: should an earlier change of a file have been lost, a
// later one still finds it.
func (j *Journal) redoName(op *journalOp) {
	what := op.what
	switch op.kind {
	case opAdd:
		j.bring(what, op.file, op.name, true)
	case opRemove:
		if !what.Folder {
			j.takeAway(op.file, op.name, what)
		} else if j.is(op.file, op.name, what) {
			j.m.Rmdir(op.file.FD, op.name)
		}
	case opRename:
		from, fromName := op.from, op.fromName
		if !j.is(from, fromName, what) && what.at != nil {
			from, fromName = what.at, what.atName
		}
		if j.is(from, fromName, what) {
			if op.over != nil && !op.over.Folder {
				j.takeAway(op.file, op.name, op.over)
			}
			j.m.Rename(from.FD, fromName, op.file.FD, op.name)
			what.at, what.atName = op.file, op.name
		} else {
			j.bring(what, op.file, op.name, true)
		}
	case opSwap:
		if j.is(op.from, op.fromName, what) && j.is(op.file, op.name, op.over) {
			j.m.Swap(op.file.FD, op.name, op.from.FD, op.fromName)
		}
	}
}

// sortOps sorts operations by when they were carried out.
func sortOps(ops []*journalOp) {
	sortBy(ops, func(a, b *journalOp) bool { return a.seq < b.seq })
}
