package runtime

import _ "unsafe" // for go:linkname

// What a run has seen, for a guided search: at which places of the program a goroutine came to a
// point behind another goroutine at which place. The places are those of points
// (samerun_point.go): locks, channels, package sync/atomic. Of which lock is not looked at, since
// what has its address next depends on when garbage is collected.

// samerunSawMost is how many pairs of places are told apart, a power of two: three quarters are
// used.
const samerunSawMost = 1 << 12

// samerunSaw are the pairs of the test.
//
// Invariant: pair is a hash table with open addressing, n of its entries are not 0, and at has
// when each was seen first.
var samerunSaw struct {
	on   bool
	n    int
	last uint64 // the place of the last point
	by   uint64 // who was there
	pair [samerunSawMost]uint64
	at   [samerunSawMost]int64
}

// samerunSees begins to look, in the test that begins next and those behind it.
//
//go:linkname samerunSees testing.samerunSees
func samerunSees() { samerunSaw.on = true }

// samerunSawBegin is called when a test begins.
func samerunSawBegin() {
	w := &samerunSaw
	if w.on {
		w.n, w.last, w.by = 0, 0, 0
		w.pair = [samerunSawMost]uint64{}
	}
}

// sees notes that gp comes to a point.
func (s *samerunTurn) sees(gp *g, place uint64) {
	w := &samerunSaw
	if !s.test {
		return
	}
	last, by := w.last, w.by
	w.last, w.by = place, gp.samerun.who
	if by == 0 || by == gp.samerun.who || w.n >= samerunSawMost/4*3 {
		return
	}
	h := samerunMix(last, place) | 1
	i := h >> 32 % samerunSawMost
	for w.pair[i] != 0 {
		if w.pair[i] == h {
			return
		}
		i = (i + 1) % samerunSawMost
	}
	w.pair[i], w.at[i] = h, samerunWorld.now-s.first
	w.n++
}

// samerunSawAt tells package testing of the pair in the i-th place of the table, 0 if there is
// none, of the test that ended last.
//
//go:linkname samerunSawAt testing.samerunSawAt
func samerunSawAt(i int) (pair uint64, at int64, ok bool) {
	if i >= samerunSawMost || !samerunSaw.on {
		return 0, 0, false
	}
	return samerunSaw.pair[i], samerunSaw.at[i], true
}
