package runtime

import _ "unsafe" // for go:linkname

// samerunDeviations is what tells the run of a test from its calm one, in which
// goroutines take turns in the order in which they become ready, select looks at
// its cases in the order of the source, and timers of one instant fire in the
// order in which they were made. Every run is that one with the deviations that
// its record has: those of turns are the inversion table of the order of turns
// (Knuth, The Art of Computer Programming, volume 3, section 5.1.1), and each is a
// delay in the sense of Emmi, Qadeer and Rakamarić ("Delay-bounded scheduling",
// POPL 2011). All name goroutines by their identities, so that one that is taken
// out leaves the others what they were.
//
// The keys are sorted. The key of a turn is a hash of the goroutine and of how
// often it has become ready, and its shift is how many that become ready later go
// first; the key of a draw is what is drawn, which says who draws and how many
// came before, and its shift is 0.
var samerunDeviations struct {
	on     bool
	keys   []uint64
	shifts []uint32
	spent  []bool
	used   int
	misfit bool // a goroutine was to wait for more turns than there were
}

// samerunReplay lets the next test take the calm course with these deviations,
// instead of that of the strategy.
//
//go:linkname samerunReplay testing.samerunReplay
func samerunReplay(keys []uint64, shifts []uint32, spent []bool) {
	d := &samerunDeviations
	d.on, d.keys, d.shifts, d.spent, d.used, d.misfit = true, keys, shifts, spent, 0, false
	samerunCfg.calm = true
}

// samerunReplayed tells how many of the deviations were met, and whether all of
// them could be had.
//
//go:linkname samerunReplayed testing.samerunReplayed
func samerunReplayed() (used int, fits bool) {
	return samerunDeviations.used, !samerunDeviations.misfit
}

// samerunReadyKey is the key of the turn for which a goroutine is ready.
//
//go:linkname samerunReadyKey testing.samerunReadyKey
func samerunReadyKey(id, readied uint64) uint64 {
	return samerunMix(id^0x7265616479, readied)
}

// samerunDeviates looks a key up.
func samerunDeviates(key uint64) (shift uint32, ok bool) {
	d := &samerunDeviations
	low, high := 0, len(d.keys)
	for low < high {
		if mid := int(uint(low+high) >> 1); d.keys[mid] < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(d.keys) || d.keys[low] != key {
		return 0, false
	}
	if !d.spent[low] {
		d.spent[low] = true
		d.used++
	}
	return d.shifts[low], true
}

// pickDeviating picks the first goroutine that need not wait for others.
func (s *samerunTurn) pickDeviating() int {
	for i := 0; i < s.n; i++ {
		if s.at(i).ptr().samerun.shift == 0 {
			return i
		}
	}
	samerunDeviations.misfit = true
	return 0
}

// passOver tells those that became ready before the i-th that it goes first.
func (s *samerunTurn) passOver(i int) {
	for k := 0; k < i; k++ {
		g := &s.at(k).ptr().samerun
		g.passed++
		if g.shift > 0 {
			g.shift--
		}
	}
}
