package runtime

import (
	"internal/goarch"
	"unsafe" // and for go:linkname
)

// Who is held back, and which of them is next. The strategies are those of package
// internal/pick, which is bundled into this one: pick.Picker is samerunPicker here.

// samerunPatience is how many turns a goroutine that is ready can be passed over.
// Priorities alone would starve it for ever, and with it a test that takes turns for
// granted.
const samerunPatience = 10000

// startPicking prepares the strategy, by the key of a bubble. Outside of the tests all is
// calm, whatever the strategy.
func (s *samerunTurn) startPicking(key uint64) {
	s.picker.Patience = samerunPatience
	spec := samerunCfg.spec
	if !s.test {
		spec = samerunSpec{Kind: samerunKindFIFO}
	}
	if s.test && samerunCfg.length > 0 {
		spec = spec.WithLength(samerunCfg.length)
	}
	if s.test && samerunCfg.weights.Known() {
		spec = spec.WithWeights(&samerunCfg.weights)
	}
	s.picker.Start(spec, samerunScheduleKey(key))
	if !samerunDeviations.on {
		s.again()
	}
}

// again tells the strategy, which is another one, of those held back.
func (s *samerunTurn) again() {
	for i := range s.n {
		s.known(s.at(i).ptr(), i)
	}
}

// samerunExpect says how many choices the next test has, as far as is known: for PCT
// and delay, unless the text of the strategy says so. 0 is for not known.
//
//go:linkname samerunExpect testing.samerunExpect
func samerunExpect(choices uint64) { samerunCfg.length = choices }

// pick returns which of the goroutines held back, at least one, has the next turn.
// The caller holds s.mu.
func (s *samerunTurn) pick() int {
	if s.n > 1 {
		s.choices++
	}
	if s.next {
		s.next = false
		return 0
	}
	switch {
	case !samerunDeviations.on:
		if samerunForks.n > 0 {
			s.fork()
		}
		return s.picker.Next(s.ready())
	case s.n > 1:
		return s.pickDeviating()
	}
	s.cutOff(0)
	return 0
}

// yields notes that gp says that it waits for others. The caller holds s.mu.
func (s *samerunTurn) yields(gp *g) {
	gp.samerun.fallen = s.picker.Yield(gp.samerun.fallen)
}

// loses asks the strategy whether gp, which has the turn, loses it at a point.
func (s *samerunTurn) loses(gp *g) bool {
	lock(&s.mu)
	c := samerunCandidate{ID: gp.samerun.id, Readied: gp.samerun.readied, Fallen: gp.samerun.fallen,
		Left: gp.samerun.left, Passed: uint64(s.passed), Kind: gp.samerun.kind}
	lost := false
	if s.n > 0 {
		lost = s.picker.Point(&c, s.ready())
	} else if s.picker.Weighs() {
		s.picker.Point(&c, nil)
	}
	gp.samerun.fallen, gp.samerun.left = c.Fallen, c.Left
	unlock(&s.mu)
	return lost
}

// samerunHeld are the goroutines held back, in the order in which they became ready,
// and what the strategy knows of each.
//
// Invariants: goroutines is an array of guintptr and candidates one of
// samerunCandidate, both outside of the heap, with room for cap; the places from head
// to head+n are in use, and belong together.
type samerunHeld struct {
	goroutines, candidates uintptr
	head, n, cap           int
}

// samerunRoomLeast is for how many goroutines there is room at first.
const samerunRoomLeast = 64

// push appends gp to those held back. The caller holds s.mu.
func (s *samerunTurn) push(gp *g) {
	gp.samerun.readied = gp.samerun.readied&(samerunResumed-1) + 1
	s.pushAgain(gp)
}

// samerunResumed is what is added to the number of times that a goroutine has become ready
// when it was set aside while it was so, until it becomes ready anew: so that this number
// does not depend on how often its node was paused.
const samerunResumed = 1 << 40

// pushAgain appends gp, which was ready before.
func (s *samerunTurn) pushAgain(gp *g) {
	if s.head+s.n == s.cap {
		s.makeRoom()
	}
	s.n++
	gp.samerun.passed = 0
	s.countEvent(gp)
	s.at(s.n - 1).set(gp)
	s.known(gp, s.n-1)
}

// known tells the strategy of gp, which is the i-th of those held back, or looks up what
// a replay has for its turn. The caller holds s.mu.
func (s *samerunTurn) known(gp *g, i int) {
	c := s.candidate(i)
	*c = samerunCandidate{ID: gp.samerun.id, Readied: gp.samerun.readied, Fallen: gp.samerun.fallen,
		Left: gp.samerun.left, Kind: gp.samerun.kind, Group: uint64(gp.samerun.wants)}
	if samerunDeviations.on {
		gp.samerun.shift, gp.samerun.turn = 0, 0
		if at, ok := samerunDeviation(samerunReadyKey(gp.samerun.who, gp.samerun.readied)); ok {
			samerunMet(at)
			gp.samerun.shift, gp.samerun.turn = uint32(samerunDeviations.values[at]), uint32(at)+1
		}
	} else {
		s.picker.Add(c)
	}
}

// makeRoom moves those held back to the begin of the arrays, or of larger ones.
func (h *samerunHeld) makeRoom() {
	goroutines, candidates, room := h.goroutines, h.candidates, h.cap
	if 2*h.head < h.cap || h.cap == 0 {
		room = max(samerunRoomLeast, 2*h.cap)
		goroutines = uintptr(persistentalloc(uintptr(room)*goarch.PtrSize, goarch.PtrSize, &memstats.other_sys))
		candidates = uintptr(persistentalloc(uintptr(room)*unsafe.Sizeof(samerunCandidate{}), 8, &memstats.other_sys))
	}
	if h.n > 0 {
		memmove(unsafe.Pointer(goroutines), unsafe.Pointer(h.at(0)), uintptr(h.n)*goarch.PtrSize)
		memmove(unsafe.Pointer(candidates), unsafe.Pointer(h.candidate(0)), uintptr(h.n)*unsafe.Sizeof(samerunCandidate{}))
	}
	h.goroutines, h.candidates, h.head, h.cap = goroutines, candidates, 0, room
}

// at returns the i-th of those held back.
func (h *samerunHeld) at(i int) *guintptr {
	return (*guintptr)(unsafe.Pointer(h.goroutines + uintptr(h.head+i)*goarch.PtrSize))
}

// candidate returns what the strategy knows of the i-th.
func (h *samerunHeld) candidate(i int) *samerunCandidate {
	return (*samerunCandidate)(unsafe.Pointer(h.candidates + uintptr(h.head+i)*unsafe.Sizeof(samerunCandidate{})))
}

// ready returns what the strategy knows of all, at least one.
func (h *samerunHeld) ready() []samerunCandidate { return unsafe.Slice(h.candidate(0), h.n) }

// takeOut takes the i-th out although it is not next.
func (s *samerunTurn) takeOut(i int) {
	if !samerunDeviations.on {
		s.picker.Remove(s.candidate(i))
	}
	s.remove(i)
}

// remove takes the i-th out, and keeps the order of the others: those before it move,
// or those behind it, whichever are fewer.
func (h *samerunHeld) remove(i int) {
	gp, c := &h.at(i).ptr().samerun, h.candidate(i)
	gp.fallen, gp.left = c.Fallen, c.Left
	h.n--
	if i <= h.n/2 {
		if i > 0 {
			memmove(unsafe.Pointer(h.at(1)), unsafe.Pointer(h.at(0)), uintptr(i)*goarch.PtrSize)
			memmove(unsafe.Pointer(h.candidate(1)), unsafe.Pointer(h.candidate(0)), uintptr(i)*unsafe.Sizeof(samerunCandidate{}))
		}
		h.head++
	} else if i < h.n {
		memmove(unsafe.Pointer(h.at(i)), unsafe.Pointer(h.at(i+1)), uintptr(h.n-i)*goarch.PtrSize)
		memmove(unsafe.Pointer(h.candidate(i)), unsafe.Pointer(h.candidate(i+1)), uintptr(h.n-i)*unsafe.Sizeof(samerunCandidate{}))
	}
	if h.n == 0 {
		h.head = 0
	}
}
