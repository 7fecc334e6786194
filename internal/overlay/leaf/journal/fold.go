package journal

// Who writes the same place again and again, and does not sync, must not make the journal larger
// without an end: of a file, old operations on one place become one. It survives or not as a whole,
// with what was written there last.

const (
	journalOpCost   = 256     // about what an operation takes besides what it keeps
	journalFoldFrom = 1 << 20 // what a file's operations may take before anything is folded
	journalFresh    = 4       // the part of that which the latest take at most that are left as they are
)

// cost is about how much memory an operation takes.
func (op *journalOp) cost() int64 { return journalOpCost + int64(cap(op.old)) }

// Held is about how many bytes of memory the operations that wait take.
func (j *Journal) Held() (bytes int64) {
	for _, f := range j.dirty {
		bytes += f.held
	}
	return bytes
}

// fold makes the list of a file shorter, if it has become long. A disk that orders all
// operations keeps each, since one that was made of several has no place among the others.
func (j *Journal) fold(f *JournalFile) {
	if f.held < max(f.foldAt, j.foldFrom) || j.Level == JournalStrict {
		return
	}
	n, fresh := len(f.ops), int64(0)
	for n > 0 && fresh+f.ops[n-1].cost() <= j.foldFrom/journalFresh {
		n--
		fresh += f.ops[n].cost()
	}
	kept := make([]*journalOp, 0, len(f.ops)-n+16)
	cut := -1 // the place in kept of the last operation that is no write
	for begin := 0; begin < n; {
		op := f.ops[begin]
		if op.kind != opWrite {
			begin++
			if cut >= 0 && j.foldCuts(kept[cut:], op) {
				kept = kept[:cut+1]
				continue
			}
			cut = len(kept)
			kept = append(kept, op)
			continue
		}
		end := begin
		for end < n && f.ops[end].kind == opWrite {
			end++
		}
		kept = j.foldRun(f.ops[begin:end], kept)
		begin = end
	}
	kept = append(kept, f.ops[n:]...)
	j.waiting -= len(f.ops) - len(kept)
	f.ops, f.held = kept, 0
	for _, op := range kept {
		f.held += op.cost()
	}
	f.foldAt = 2 * f.held
}

// foldCuts reports whether a truncation cuts off all that was written since another one to the same
// size, as when a file is written anew again and again: then the first one is enough.
func (j *Journal) foldCuts(since []*journalOp, again *journalOp) bool {
	if since[0].n != again.n || since[0].size < since[0].n {
		return false
	}
	for _, op := range since[1:] {
		if op.off < again.n {
			return false
		}
	}
	for _, op := range since[1:] {
		j.done(op)
	}
	j.done(again)
	return true
}

// foldRun makes one of writes that overlap, and appends what there is then in the order of time.
func (j *Journal) foldRun(run, kept []*journalOp) []*journalOp {
	byPlace := append([]*journalOp(nil), run...)
	sortBy(byPlace, func(a, b *journalOp) bool { return a.off < b.off || a.off == b.off && a.seq < b.seq })
	first := len(kept)
	for begin := 0; begin < len(byPlace); {
		end, to := begin+1, byPlace[begin].off+byPlace[begin].n
		for end < len(byPlace) && byPlace[end].off < to {
			to = max(to, byPlace[end].off+byPlace[end].n)
			end++
		}
		kept = append(kept, j.foldOps(byPlace[begin:end], to))
		begin = end
	}
	sortOps(kept[first:])
	// What is one now was written when the first was. What came in between has met a file that
	// was as long.
	size := run[0].size
	for _, op := range kept[first:] {
		if grown := max(0, min(op.n, size-op.off)); op.size != size && int64(len(op.old)) < grown {
			op.old = append(make([]byte, 0, grown), op.old...)[:grown]
		}
		op.size = size
		size = max(size, op.off+op.n)
	}
	return kept
}

// foldOps makes one of writes from the place of the first on to another: it takes the place in
// time of the earliest.
func (j *Journal) foldOps(ops []*journalOp, to int64) *journalOp {
	if len(ops) == 1 {
		return ops[0]
	}
	from := ops[0].off
	sortOps(ops)
	old := make([]byte, to-from)
	for i := len(ops) - 1; i >= 0; i-- {
		op := ops[i]
		n := copy(old[op.off-from:], op.old)
		clear(old[op.off-from+int64(n) : op.off-from+op.n])
	}
	one := ops[0]
	end := max(0, min(to, one.size)-from)
	one.old = append(make([]byte, 0, end), old[:end]...)
	one.off, one.n = from, to-from
	for _, op := range ops[1:] {
		j.done(op)
	}
	return one
}

// sortBy sorts operations: a heap, since there may be many.
func sortBy(ops []*journalOp, less func(a, b *journalOp) bool) {
	sink := func(i, n int) {
		for {
			k := 2*i + 1
			if k >= n {
				return
			}
			if k+1 < n && less(ops[k], ops[k+1]) {
				k++
			}
			if !less(ops[i], ops[k]) {
				return
			}
			ops[i], ops[k] = ops[k], ops[i]
			i = k
		}
	}
	for i := len(ops)/2 - 1; i >= 0; i-- {
		sink(i, len(ops))
	}
	for n := len(ops) - 1; n > 0; n-- {
		ops[0], ops[n] = ops[n], ops[0]
		sink(0, n)
	}
}
