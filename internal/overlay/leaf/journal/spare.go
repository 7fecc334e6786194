package journal

// What a journal keeps of operations that have become durable, so that a program that syncs after each
// write or two allocates nothing.
const (
	journalSpareOps     = 64
	journalSpareBuffers = 64
	journalSpareBytes   = 1 << 20
	journalSpareLeast   = 4096
)

// Buffer returns a buffer of n bytes, with anything in it, for what was in the place of something
// that is about to be written.
func (j *Journal) Buffer(n int64) []byte {
	if last := len(j.spares) - 1; last >= 0 {
		b := j.spares[last]
		j.spares[last] = nil
		j.spares = j.spares[:last]
		j.spared -= int64(cap(b))
		if int64(cap(b)) >= n {
			return b[:n]
		}
	}
	return make([]byte, n, max(n, journalSpareLeast))
}

// op returns an operation of which nothing is set.
func (j *Journal) op() *journalOp {
	if last := len(j.spare) - 1; last >= 0 {
		op := j.spare[last]
		j.spare[last] = nil
		j.spare = j.spare[:last]
		return op
	}
	return new(journalOp)
}

// done takes an operation on the content of a file back that is durable.
func (j *Journal) done(op *journalOp) {
	j.Unused(op.old)
	if len(j.spare) < journalSpareOps {
		*op = journalOp{}
		j.spare = append(j.spare, op)
	}
}

// Unused takes a buffer back.
func (j *Journal) Unused(b []byte) {
	if n := int64(cap(b)); n >= journalSpareLeast && len(j.spares) < journalSpareBuffers && j.spared+n <= journalSpareBytes {
		j.spares = append(j.spares, b)
		j.spared += n
	}
}
