package runtime

import _ "unsafe" // for go:linkname

// The streams that a goroutine of a bubble draws from. Each draw is a hash of
// the goroutine's identity, the stream, and how many came before it in that
// stream, so that one draw more by one goroutine moves none of another. Those for
// points are counted for each function as well (samerun_point.go).
const (
	samerunUser    = iota // math/rand, crypto/rand and the like
	samerunMapIter        // where the iteration of a map starts
	samerunSelect         // the order in which select looks at its cases
	samerunNewTimer
	samerunPoints      // what befalls it where the program synchronises
	samerunDelays      // how long what it sends is on its way
	samerunObjectWords // of objects that are keys of maps
	samerunStreams
	samerunStalls = samerunStreams // in records: a draw for points that makes it stall
)

// samerunDraw draws for the goroutine gp of a bubble.
func samerunDraw(gp *g, stream uint64) uint64 {
	x := samerunNext(gp, stream)
	if samerunRec.fd >= 0 {
		samerunRecordDraw(gp, stream, gp.samerun.nth[stream], x)
	}
	return x
}

// samerunNext returns the next word of a stream.
func samerunNext(gp *g, stream uint64) uint64 {
	gp.samerun.nth[stream]++
	return samerunMix(samerunChance(gp)^(stream+1)<<56, gp.samerun.nth[stream])
}

// samerunStray draws for a choice that has a calm way, and reports whether the draw is
// to decide, or else the calm way is to be taken. most is what a draw that is replayed
// must be below, if it is not 0.
func samerunStray(gp *g, stream, most uint64) (x uint64, stray bool) {
	x = samerunNext(gp, stream)
	if samerunDeviations.on {
		return samerunDeviatingDraw(gp, stream, 0, gp.samerun.nth[stream], most)
	}
	return x, !samerunCfg.calm
}

// samerunDrawing reports whether gp draws from streams of its own: the system
// stack does not, though it carries the bubble while it runs a timer.
//
//go:nosplit
func samerunDrawing(gp *g) bool {
	return gp.bubble != nil && gp.bubble.samerun.on && gp != gp.m.g0
}

// samerunRand is the source of random words for programs.
//
//go:linkname samerunRand
func samerunRand() uint64 {
	if gp := getg(); samerunDrawing(gp) {
		return samerunDraw(gp, samerunUser)
	}
	if samerunCfg.on {
		// Outside of any test: initialisation and TestMain.
		return samerunMix(samerunCfg.seed^0x6f757473696465, samerunCfg.outside.Add(1))
	}
	return rand()
}

// samerunIter is the source of random words for the iteration of maps.
//
//go:linkname samerunIter internal/runtime/maps.samerunIter
func samerunIter() uint64 {
	if gp := getg(); samerunDrawing(gp) {
		return samerunDraw(gp, samerunMapIter)
	}
	return samerunRand()
}

// samerunSysrand fills b in the place of the operating system, and reports
// whether it did.
//
//go:linkname samerunSysrand crypto/internal/sysrand.samerunSysrand
func samerunSysrand(b []byte) bool {
	if !samerunCfg.on {
		return false
	}
	for len(b) > 0 {
		x := samerunRand()
		for i := 0; i < 8 && len(b) > 0; i++ {
			b[0] = byte(x >> (8 * i))
			b = b[1:]
		}
	}
	return true
}

// samerunSelectN returns a number below n for the poll order of select.
func samerunSelectN(n uint32) uint32 {
	gp := getg()
	if !samerunDrawing(gp) {
		return cheaprandn(n)
	}
	if n > 1 {
		if x, stray := samerunStray(gp, samerunSelect, uint64(n)); stray {
			if !samerunDeviations.on {
				x = x >> 32 * uint64(n) >> 32
			}
			if samerunRec.fd >= 0 && uint32(x) < n-1 {
				samerunRecordDraw(gp, samerunSelect, gp.samerun.nth[samerunSelect], x)
			}
			return uint32(x)
		}
	}
	// The last of the first n stays in its place: the order of the source.
	return n - 1
}

// samerunTimer is what orders the timers of a bubble at one instant.
type samerunTimer struct {
	key   uint64 // a hash of who made it and how many that one made before
	seq   uint32 // how many were made before in the bubble, from 1
	gen   uint32 // the test in which it was made; 0: none
	whole bool   // it is one of the world
	fires uint32 // how often it did
	who   uint64 // its identity, if it starts goroutines
	stray bool   // its place is drawn for each instant
	life  uint32 // on which boot of which node what it starts runs
	late  *timer // the next one that is to fire when its node goes on
}

// samerunTimerMade gives a new timer of a bubble its place in that order. arg is what
// the timer will be given when it fires.
func samerunTimerMade(t *timer, arg any) {
	gp := getg()
	t.samerun.life = gp.samerun.life
	if b := gp.bubble; b != nil && b.samerun.whole {
		t.samerun.whole = true
		t.samerun.gen = samerunTurns.genNow()
	}
	if !samerunDrawing(gp) {
		return
	}
	gp.bubble.samerun.timers++
	t.samerun.seq = gp.bubble.samerun.timers
	t.samerun.key, t.samerun.stray = samerunStray(gp, samerunNewTimer, 0)
	if t.samerun.stray && samerunRec.fd >= 0 {
		samerunRecordDraw(gp, samerunNewTimer, gp.samerun.nth[samerunNewTimer], t.samerun.key)
	}
	samerunTimerBorn(t, gp, arg)
}

// samerunTimerLess orders two timers of one instant. It is a function of that
// instant and of what the timers are, not of when they came into the heap: the
// order in which select puts timers there is that of addresses.
func samerunTimerLess(a, b timerWhen) bool {
	x, y := &a.timer.samerun, &b.timer.samerun
	if x.seq == 0 || y.seq == 0 {
		return a.timer.rand < b.timer.rand
	}
	first := int64(0)
	if x.whole {
		first = samerunTurns.first
	}
	if px, py := x.place(a.when-first), y.place(b.when-first); px != py {
		return px < py
	}
	return x.seq < y.seq
}

// place is where the timer stands among those of an instant. All that are not drawn
// stand together in the middle.
func (t *samerunTimer) place(when int64) uint64 {
	if !t.stray {
		return 1 << 63
	}
	return samerunMix(t.key, uint64(when))
}
