package journal

import "samerun/internal/overlay/leaf/diskrule"

// journalSector is how many bytes a disk writes as one.
const journalSector = 512

// journalTear says which sectors of a torn write survive: so many from its first one on; or,
// if prefix is negative, those whose bits in mask are set, which repeat after 62.
type journalTear struct {
	prefix int64
	mask   uint64
}

const journalMaskBits = 62

// survives reports whether the i-th sector of a torn write does.
func (t journalTear) survives(i int64) bool {
	if t.prefix >= 0 {
		return i < t.prefix
	}
	return t.mask>>(uint64(i)%journalMaskBits)&1 == 1
}

// sectors is how many a write touches.
func (op *journalOp) sectors() int64 {
	if op.n == 0 {
		return 0
	}
	return (op.off+op.n-1)/journalSector - op.off/journalSector + 1
}

// judge decides what a crash makes of operations, which are in their order: what the rules say of
// each, and then what the file system makes of that.
func (j *Journal) judge(ops []*journalOp) {
	picked := false
	for _, r := range j.faults.rules {
		if !r.over && (r.Kind == diskrule.DiskLose || r.Kind == diskrule.DiskTorn && r.Nth > 0) && (r.Node == -1 || r.Node == j.Node) {
			picked = true
		}
	}
	for _, op := range ops {
		if picked {
			j.pick(op)
		} else {
			j.chance(op)
		}
	}
	switch j.Level {
	case JournalOrdered:
		closeOrdered(ops)
	case JournalStrict:
		closeStrict(ops)
	}
}

// pick lets an operation survive, unless a rule says that this one does not.
func (j *Journal) pick(op *journalOp) {
	op.fate = fateKept
	for _, r := range j.faults.rules {
		folder := len(r.File) > 0 && r.File[len(r.File)-1] == '/'
		if r.Nth != op.nth || r.Kind == diskrule.DiskLose && op.isData() == folder {
			continue
		}
		switch {
		case r.applies(diskrule.DiskLose, j, op.label()):
			op.fate = fateLost
			r.hits++
		case op.kind == opWrite && r.applies(diskrule.DiskTorn, j, op.label()):
			r.hits++
			switch {
			case r.Sectors > 0:
				op.torn(journalTear{prefix: r.Sectors})
			case r.Sectors < 0:
				op.torn(journalTear{prefix: -1, mask: ^uint64(r.Sectors)})
			default:
				op.torn(r.tear(j, op))
			}
		}
	}
}

// chance draws whether an operation survives.
func (j *Journal) chance(op *journalOp) {
	x, l := j.faults, op.label()
	salt := uint64(drawKeep)
	if !op.isData() {
		salt = drawNames
	}
	op.fate = fateLost
	index := -1
	for _, r := range x.rules {
		if r.applies(diskrule.DiskUnsynced, j, l) {
			r.hits++
			if index < 0 {
				index = r.Index
			}
			if r.chance(j, l, op.nth, salt, false) {
				op.fate = fateKept
			}
		}
	}
	if op.fate == fateKept {
		return
	}
	if op.kind == opWrite && op.sectors() > 1 {
		for _, r := range x.rules {
			if r.applies(diskrule.DiskTorn, j, l) && r.chance(j, l, op.nth, drawTorn, true) {
				t := r.tear(j, op)
				op.torn(t)
				if op.fate != fateLost {
					r.hits++
				}
				if op.fate == fateTorn {
					sectors := t.prefix
					if t.prefix < 0 {
						sectors = int64(^t.mask)
					}
					x.tell(r.Index, "torn", op.nth, "sectors", sectors, j, l)
				}
				if op.fate != fateLost {
					return
				}
			}
		}
	}
	x.tell(index, "lose", op.nth, "", 0, j, l)
}

// torn lets some sectors of an operation survive, which may be none or all of them.
func (op *journalOp) torn(t journalTear) {
	n, total := int64(0), op.sectors()
	for i := range total {
		if t.survives(i) {
			n++
		}
	}
	op.tear = t
	switch n {
	case 0:
		op.fate = fateLost
	case total:
		op.fate = fateKept
	default:
		op.fate = fateTorn
	}
}

// tear draws which sectors survive. Half of the torn writes end early, as when the head moved in
// order; in the others each sector has an even chance, as in a drive that orders its queue by
// itself. On the calm key the first half survives.
func (r *journalRule) tear(j *Journal, op *journalOp) journalTear {
	l, total := op.label(), op.sectors()
	switch {
	case r.Key == 0:
		return journalTear{prefix: total / 2}
	case r.draw(j, l, op.nth, drawInOrder)%2 == 1:
		return journalTear{prefix: int64(r.draw(j, l, op.nth, drawPrefix) % uint64(total))}
	}
	return journalTear{prefix: -1, mask: r.draw(j, l, op.nth, drawSectors) & (1<<journalMaskBits - 1)}
}

// closeStrict loses all that came behind the first operation that was lost, or torn.
func closeStrict(ops []*journalOp) {
	lost := false
	for _, op := range ops {
		if lost {
			op.fate = fateLost
		}
		lost = lost || op.fate != fateKept
	}
}

// closeOrdered loses what ext4 would have written later than something that was lost:
//
//   - changes of names and truncations are in one order, and who comes behind one that is lost is
//     lost, too; so are extensions of files then, which need that journal for the new size;
//   - of one file, extensions are in their order, and have their data: no part of a file is there
//     whose content is not;
//   - a rename over another file comes behind what was written to the file (auto_da_alloc).
//
// Extensions of one file may be lost while later changes of other things are there (delayed
// allocation), and writes in place have no order.
func closeOrdered(ops []*journalOp) {
	lost := false
	for _, op := range ops {
		f := op.file
		if op.isData() {
			if !f.nowKnown {
				f.now, f.nowKnown = op.size, true
			}
		} else if op.kind == opRename && op.over != nil {
			for _, before := range op.what.ops {
				if before.isData() && before.seq < op.seq && before.fate != fateKept {
					op.fate = fateLost
				}
			}
		}
		switch {
		case !op.isData():
			if lost {
				op.fate = fateLost
			}
			lost = lost || op.fate == fateLost
		case op.kind == opResize:
			if lost || f.sizeLost {
				op.fate = fateLost
			}
			if op.fate == fateLost {
				lost, f.sizeLost = true, true
			} else {
				f.now = op.n
			}
		case op.off+op.n > f.now: // it extends the file
			if lost || f.sizeLost {
				op.fate = fateLost
			}
			if op.fate == fateTorn {
				op.torn(journalTear{prefix: op.tear.run(op.sectors())})
			}
			switch op.fate {
			case fateKept:
				f.now = op.off + op.n
			case fateTorn:
				f.now = max(f.now, (op.off/journalSector+op.tear.prefix)*journalSector)
				f.sizeLost = true
			default:
				f.sizeLost = true
			}
		}
	}
	for _, op := range ops {
		op.file.now, op.file.nowKnown, op.file.sizeLost = 0, false, false
	}
}

// run is how many sectors from the first one on survive.
func (t journalTear) run(total int64) int64 {
	n := int64(0)
	for n < total && t.survives(n) {
		n++
	}
	return n
}
