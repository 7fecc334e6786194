package runtime

// On a busy machine it can take a while until a goroutine that was started has its first
// turn, although those that were started before and after it have theirs: its thread was
// taken away from it, or it waits behind others. It passes no point (samerun_point.go)
// before its first step, so that the seed decides when it is started: once in
// samerunStallEvery times it begins late, by as much as others are held up at points, and has the
// same rest afterwards.
//
// It sleeps until then, at its first step. The timer that wakes it is none of the program's:
// it takes no draw and no place among those.

// samerunBegins is the stream of these draws, one for each goroutine.
const samerunBegins = samerunStreams + 2

// samerunUnborn is a goroutine that is to begin late and has no timer yet, and by how
// much.
var samerunUnborn struct {
	gp   guintptr
	late int64
}

// samerunBeginsLate reports whether gp, which by is about to start, begins late: it must
// not become ready, and by must call samerunSetBegin. pc is the return address of the go
// statement. It runs on the stack of the system.
func samerunBeginsLate(gp, by *g, pc uintptr) bool {
	s, b := &samerunTurns, gp.bubble
	if b == nil || !b.samerun.whole || !samerunDrawing(by) || by.samerun.free || s.holder.ptr() != by || gp.samerun.life != by.samerun.life {
		return false
	}
	late := int64(0)
	if samerunDeviations.on {
		x, met := samerunDeviatingDraw(gp, samerunBegins, 0, 1, 0)
		if !met {
			return false
		}
		late = int64(min(x, samerunStallMost))
	} else {
		if samerunCfg.calm || samerunCfg.cost == 0 {
			return false
		}
		x := samerunMix(samerunChance(gp)^(samerunBegins+1)<<56, 1)
		if x>>8%samerunStallEvery != 0 || b.now < s.rest {
			return false
		}
		if place := samerunPlaceOf(pc); !place.users && place.name != samerunWaitGroupGo {
			return false
		}
		late = samerunStallOf(x)
		s.rest = b.now + samerunStallRest*late
	}
	if late <= 0 {
		return false
	}
	if samerunRec.fd >= 0 {
		samerunRecordBegin(gp, by, late)
	}
	samerunUnborn.gp.set(gp)
	samerunUnborn.late = late
	return true
}

// samerunIsUnborn reports whether gp, which was just made, is to begin late.
func samerunIsUnborn(gp *g) bool { return samerunUnborn.gp.ptr() == gp }

// samerunSetBegin sets the timer for the goroutine that the caller has started, if that is
// to begin late, and reports whether it is.
func samerunSetBegin() bool {
	u := &samerunUnborn
	gp := u.gp.ptr()
	if gp == nil || samerunTurns.holder.ptr() != getg() {
		return false
	}
	u.gp = 0
	b := gp.bubble
	gp.samerun.since = b.now
	gp.sleepWhen = b.now + u.late
	t := new(timer)
	t.init(goroutineReady, gp)
	t.isFake = true
	b.samerun.timers++
	t.samerun = samerunTimer{seq: b.samerun.timers, whole: true, gen: gp.samerun.gen, life: gp.samerun.life}
	t.reset(gp.sleepWhen, 0)
	return true
}

// samerunStallOf is how long somebody is held up by a draw, in nanoseconds.
func samerunStallOf(x uint64) int64 {
	stall := int64(samerunStallLeast) << (x >> 32 & 7)
	return stall + int64(x>>40)%stall
}

// samerunRecordBegin writes the line of a goroutine that begins late, which by starts.
func samerunRecordBegin(gp, by *g, late int64) {
	samerunDrawHead(gp, samerunBegins, 1)
	samerunText(" ")
	samerunHex(uint64(late))
	samerunText(" ")
	samerunHex(gp.samerun.who)
	samerunStack(^uintptr(0), ^uintptr(0), by)
	samerunText("\n")
}
