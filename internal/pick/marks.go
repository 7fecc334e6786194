package pick

// marks are numbers of choices drawn at random, in order. Equal ones come in the
// order of their draws.
//
// Nothing is stored: the next one is found by drawing all of them again, which costs
// time in proportion to their number, as often as there are marks.
//
// Invariant: the next is the nth, at choice at; none is left if nth == end.
type marks struct {
	key      Key
	from, to uint64 // the numbers of the draws: from, to-1
	length   uint64 // the draws are below it
	at, nth  uint64
}

// newMarks draws them.
func newMarks(key Key, from, to, length uint64) marks {
	m := marks{key: key, from: from, to: max(from, to), length: length}
	m.find(0, from, true)
	return m
}

// due reports whether the next mark is at a choice.
func (m *marks) due(choice uint64) bool { return m.nth < m.to && m.at == choice }

// pass goes on to the mark behind the present one, whose number it returns.
func (m *marks) pass() uint64 {
	nth := m.nth
	m.find(m.at, nth, false)
	return nth
}

// find makes the first mark behind the nth one, at choice at, the present one; or
// the first of all.
func (m *marks) find(at, nth uint64, first bool) {
	m.nth = m.to
	for i := m.from; i < m.to; i++ {
		x := m.key.With(i).Below(m.length)
		behind := first || x > at || x == at && i > nth
		if behind && (m.nth == m.to || x < m.at) {
			m.at, m.nth = x, i
		}
	}
}
