package runtime

import (
	"internal/goarch"
	"unsafe" // and for go:linkname
)

// URW and SURW want to know how many events each goroutine has: an event is that it becomes
// ready, or passes a point, since at both it could be that another one goes on. A calm run
// counts them, if the tool asks for it, and package testing tells the tool.
//
// The kind of an event, which SURW wants to know, is its place: the function, and the line
// in it, of the point, or of the point behind which the goroutine waited. An edit of another
// function leaves it what it is.

// samerunCountedG is a goroutine with its events.
type samerunCountedG struct {
	who    uint64
	by     int // who started it, by its number; or -1
	events [samerunEventKinds]uint32
}

// samerunCountedMost is how many are counted. The weights have fewer than that.
const samerunCountedMost = 4096

// samerunEvents is the count.
//
// Invariant: all is an array outside the heap with room for samerunCountedMost; n of them
// are in use. A goroutine knows its number, and one more, as samerunG.counted.
var samerunEvents struct {
	on  bool
	all uintptr
	n   int
}

// samerunCountEvents begins to count, in the test that begins next and those behind it.
//
//go:linkname samerunCountEvents testing.samerunCountEvents
func samerunCountEvents() {
	c := &samerunEvents
	c.on = true
	if c.all == 0 {
		c.all = uintptr(persistentalloc(samerunCountedMost*unsafe.Sizeof(samerunCountedG{}), goarch.PtrSize, &memstats.other_sys))
	}
}

// samerunCountedAt tells package testing what was counted of the i-th goroutine of the
// test that ended last.
//
//go:linkname samerunCountedAt testing.samerunCountedAt
func samerunCountedAt(i int) (who uint64, by int, events *[samerunEventKinds]uint32, ok bool) {
	if i >= samerunEvents.n {
		return 0, 0, nil, false
	}
	x := samerunCountedOf(i)
	return x.who, x.by, &x.events, true
}

func samerunCountedOf(i int) *samerunCountedG {
	return (*samerunCountedG)(unsafe.Pointer(samerunEvents.all + uintptr(i)*unsafe.Sizeof(samerunCountedG{})))
}

// countStarted notes that by has started gp, in the test that runs.
func (s *samerunTurn) countStarted(gp, by *g) {
	c := &samerunEvents
	if !c.on || !s.test || c.n == samerunCountedMost {
		return
	}
	x := samerunCountedOf(c.n)
	*x = samerunCountedG{who: gp.samerun.who, by: -1}
	if by != nil {
		x.by = int(by.samerun.counted) - 1
	}
	c.n++
	gp.samerun.counted = uint32(c.n)
}

// countEvent notes that gp has an event.
func (s *samerunTurn) countEvent(gp *g) {
	if at := gp.samerun.counted; samerunEvents.on && at > 0 {
		samerunCountedOf(int(at) - 1).events[gp.samerun.kind]++
	}
}

// weighs reports whether anybody wants to know of events.
func (s *samerunTurn) weighs() bool { return samerunEvents.on || s.picker.Weighs() }

// hasStarted notes that by has started gp, with the function fn; by is g0 if a timer or
// somebody outside did.
func (s *samerunTurn) hasStarted(gp, by *g, fn uintptr) {
	if !s.weighs() || samerunDeviations.on {
		return
	}
	if fn != 0 {
		gp.samerun.kind = samerunKindOfEvent(samerunFuncPlace(fn))
	}
	if by.samerun.who == 0 || by.bubble == nil {
		by = nil
	}
	s.countStarted(gp, by)
	if by == nil {
		gp.samerun.left, _ = s.picker.Started(gp.samerun.who, gp.samerun.id, 0, 0)
		return
	}
	gp.samerun.left, by.samerun.left = s.picker.Started(gp.samerun.who, gp.samerun.id, by.samerun.id, by.samerun.left)
}

// comesTo notes that gp, which has the turn, comes to a point.
func (s *samerunTurn) comesTo(gp *g, pc uintptr) {
	if s.weighs() && !samerunDeviations.on {
		gp.samerun.kind = samerunKindOfEvent(samerunPlaceOf(pc).alike)
		s.countEvent(gp)
	}
}

// passes notes that gp goes on at a point where it could not lose its turn.
func (s *samerunTurn) passes(gp *g) {
	if s.picker.Weighs() {
		s.loses(gp)
	}
}

// samerunExpectEvents says how many events the goroutines of the next test have, as the
// strategy has it behind its name: for URW and SURW, unless the text of the strategy says
// so. It reports whether it could be read.
//
//go:linkname samerunExpectEvents testing.samerunExpectEvents
func samerunExpectEvents(text string) (ok bool) {
	samerunCfg.weights = samerunWeights{}
	if text == "" {
		return true
	}
	samerunCfg.weights, ok = samerunReadWeights(text, samerunCfg.spec.Kind.digits())
	return ok
}

// samerunWantsEvents reports whether the strategy wants to know how many events the
// goroutines of a test have, rather than how many choices that one has.
//
//go:linkname samerunWantsEvents testing.samerunWantsEvents
func samerunWantsEvents() bool { return samerunCfg.spec.Kind.HasWeights() }
