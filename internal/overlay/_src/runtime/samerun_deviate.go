package runtime

import _ "unsafe" // for go:linkname

// samerunDeviations is what tells the run of a test from its calm one, in which
// goroutines take turns in the order in which they become ready, select looks at
// its cases in the order of the source, timers of one instant fire in the
// order in which they were made, nobody loses a turn, stalls or begins late, and what is sent takes the
// usual time. Every run is that one with the deviations that
// its record has: those of turns are the inversion table of the order of turns
// (Knuth, The Art of Computer Programming, volume 3, section 5.1.1), and each is a
// delay in the sense of Emmi, Qadeer and Rakamarić ("Delay-bounded scheduling",
// POPL 2011). All name goroutines by their identities, which do not depend on the seed, so
// that one that is taken out, or a change elsewhere in the program, leaves the others
// what they were.
//
// A deviation is one of a turn: the goroutine, the how manieth time it is ready, and how
// many that become ready later go first. Or it is one of a draw: the goroutine, the stream, for
// points the function, which of the draws there, and what is drawn. So a replay depends
// on no hash but those of identities.
//
// keys is sorted; the other lists go along.
var samerunDeviations struct {
	on     bool // a test runs so
	next   bool // the next one is to
	keys   []uint64
	values []uint64 // of a turn: how many go first; of a draw: what is drawn
	order  []uint32 // its index in the file
	met    []byte   // what became of it: one of the constants below
}

// What becomes of a deviation.
const (
	samerunUnmet = iota
	samerunWasMet
	samerunCutOff // a turn came before as many others as it should, since there were no more
)

// samerunReplay lets the next test take the calm course with these deviations,
// instead of that of the strategy. met is as long as they are, and says afterwards what
// became of each; order are their indexes in the file that they come from.
//
//go:linkname samerunReplay testing.samerunReplay
func samerunReplay(keys, values []uint64, order []uint32, met []byte) {
	d := &samerunDeviations
	d.next, d.keys, d.values, d.order, d.met = true, keys, values, order, met
}

// samerunReadyKey is the key of the turn for which a goroutine is ready.
//
//go:linkname samerunReadyKey testing.samerunReadyKey
func samerunReadyKey(who, readied uint64) uint64 {
	return samerunMix(who^0x7265616479, readied)
}

// samerunDrawKey is the key of a draw.
func samerunDrawKey(who, stream, place, nth uint64) uint64 {
	return samerunMix(samerunMix(who^(stream+1)<<56, place), nth)
}

// samerunNamedDraw is the key of a draw from a stream, in a function, if it is one for
// points, by the name that samerunNamed gives it.
//
//go:linkname samerunNamedDraw testing.samerunNamedDraw
func samerunNamedDraw(who uint64, stream, function string, nth uint64) (key uint64, ok bool) {
	for i, name := range samerunStreamNames {
		if name == stream && samerunHasCalm(uint64(i)) {
			place := uint64(0)
			if i == samerunPoints || i == samerunStalls || i == samerunStarts {
				place = samerunNameHash(function)
			}
			return samerunDrawKey(who, uint64(i), place, nth), true
		}
	}
	return 0, false
}

// samerunStreamNames are the streams in records.
var samerunStreamNames = [samerunStreams + 3]string{
	samerunUser: "user", samerunMapIter: "map", samerunSelect: "select", samerunNewTimer: "timer",
	samerunPoints: "point", samerunDelays: "delay", samerunObjectWords: "object", samerunStalls: "stall", samerunStarts: "start",
	samerunBegins: "begin",
}

// samerunHasCalm reports whether a stream is drawn from for choices that have a calm way.
func samerunHasCalm(stream uint64) bool {
	switch stream {
	case samerunSelect, samerunNewTimer, samerunPoints, samerunDelays, samerunStalls, samerunStarts, samerunBegins:
		return true
	}
	return false
}

// samerunDeviation looks a key up, and returns its index.
func samerunDeviation(key uint64) (at int, ok bool) {
	d := &samerunDeviations
	low, high := 0, len(d.keys)
	for low < high {
		if mid := int(uint(low+high) >> 1); d.keys[mid] < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, low < len(d.keys) && d.keys[low] == key
}

// samerunMet notes that a deviation was met.
func samerunMet(at int) { samerunDeviations.met[at] = samerunWasMet }

// samerunDeviatingDraw looks a draw up. One that is not below most, which is 0 for no
// limit, does not fit the code, and counts as one that is not met.
func samerunDeviatingDraw(gp *g, stream, place, nth, most uint64) (x uint64, met bool) {
	at, ok := samerunDeviation(samerunDrawKey(gp.samerun.who, stream, place, nth))
	if !ok || most > 0 && samerunDeviations.values[at] >= most {
		return 0, false
	}
	samerunMet(at)
	return samerunDeviations.values[at], true
}

// pickDeviating picks the first goroutine that need not wait for others.
func (s *samerunTurn) pickDeviating() int {
	for i := 0; i < s.n; i++ {
		if s.at(i).ptr().samerun.shift == 0 {
			return i
		}
	}
	s.cutOff(0)
	return 0
}

// cutOff notes that the i-th of those that are ready gets its turn although more were to go first.
func (s *samerunTurn) cutOff(i int) {
	if g := &s.at(i).ptr().samerun; g.shift > 0 && g.turn > 0 {
		samerunDeviations.met[g.turn-1] = samerunCutOff
	}
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
