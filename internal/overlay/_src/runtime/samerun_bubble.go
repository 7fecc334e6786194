package runtime

import _ "unsafe" // for go:linkname

// A test can make bubbles of testing/synctest itself. Their goroutines take turns with
// those of the world. Each has a clock of its own, which is exact: it moves when all in
// the bubble wait for each other, as package testing/synctest has it, and neither turns
// nor looks take time there. The clock of the world moves by the cost of turns, as ever,
// and to the next timer when nobody can go on and no bubble moves its own clock.

// samerunSaved is what a goroutine is outside of the bubble that it runs.
type samerunSaved struct {
	bubble *synctestBubble
	self   samerunG
	timer  *timer
	picker samerunPicker
}

// samerunMayRun reports whether a goroutine of bubble b can run another one: as
// everywhere, not if a test has made it.
func samerunMayRun(b *synctestBubble) bool { return b == nil || b.samerun.whole }

// samerunStart prepares the bubble that gp is about to run, and returns what gp
// was until now.
func samerunStart(b *synctestBubble, gp *g) samerunSaved {
	saved := samerunSaved{bubble: gp.bubble, self: gp.samerun, timer: gp.timer}
	if gp.bubble == nil || !gp.bubble.samerun.on {
		return saved
	}
	nth := gp.samerun.counts.next(samerunNested)
	saved.self = gp.samerun
	t, s := &samerunTurns, &b.samerun
	s.on = true
	s.key = samerunMix(gp.samerun.id^samerunNested, nth)
	who := samerunMix(gp.samerun.who^samerunNested, nth)
	gp.timer = nil
	gp.samerun = samerunG{who: who, id: samerunMix(s.key, who), gen: gp.samerun.gen, free: true, life: gp.samerun.life, born: gp.samerun.born, birth: gp.samerun.birth, starter: gp.samerun.starter, samerunWaiting: gp.samerun.samerunWaiting}
	lock(&t.mu)
	s.before = samerunMade
	samerunMade = b
	// A strategy, such as one that deviates so many times in a run, begins anew.
	saved.picker = t.picker
	t.startPicking(s.key)
	unlock(&t.mu)
	return saved
}

// samerunMade is the bubble of a test that was made last, of those that have not ended.
var samerunMade *synctestBubble

// samerunStop makes gp what it was before samerunStart.
func samerunStop(b *synctestBubble, gp *g, saved samerunSaved) {
	// First of all: from when the bubble has ended on, its goroutines never run
	// again, and gp may be preempted at any time.
	gp.bubble = saved.bubble
	if !b.samerun.on {
		return
	}
	gp.samerun.counts.drop()
	saved.self.samerunWaiting = gp.samerun.samerunWaiting
	gp.samerun = saved.self
	gp.timer = saved.timer
	t := &samerunTurns
	lock(&t.mu)
	b.samerun.ended = true
	for at := &samerunMade; *at != nil; at = &(*at).samerun.before {
		if *at == b {
			*at = b.samerun.before
			break
		}
	}
	t.picker = saved.picker
	if !samerunDeviations.on {
		t.again()
	}
	unlock(&t.mu)
}

// since is the time of a bubble since it began; that of the world is since the test did.
func (b *synctestBubble) since() int64 {
	if b.samerun.whole {
		return b.now - samerunTurns.first
	}
	return b.now - samerunEpoch
}

// samerunNetAfter is for how long the clock of a bubble goes on when its first goroutine
// has returned, in nanoseconds, while others wait in the network.
const samerunNetAfter = 60e9

// samerunGoesOn reports whether the clock of a bubble whose first goroutine has returned
// is to go on to the next timer: what is still on its way in the network arrives, as it
// does elsewhere, where those that wait for it are no part of a deadlock.
func samerunGoesOn(b *synctestBubble, next int64) bool {
	s := &b.samerun
	if !s.on || s.net == 0 {
		return false
	}
	if s.till == 0 {
		s.till = b.now + samerunNetAfter
	}
	return next <= s.till
}

// samerunNetWait notes that the caller begins to wait in the network, or stops to.
//
//go:linkname samerunNetWait net.samerunNetWait
func samerunNetWait(n int) {
	if b := getg().bubble; b != nil {
		b.samerun.net += n
	}
}

// samerunMask takes the current goroutine out of its bubble while the runtime
// works on its behalf: what it waits for then is none of the program's business,
// and a channel of the collector is none of the bubble's. It keeps its turn.
func samerunMask() *synctestBubble {
	gp := getg()
	b := gp.bubble
	if b == nil || !b.samerun.on {
		return nil
	}
	gp.bubble = nil
	return b
}

// samerunUnmask takes samerunMask back.
func samerunUnmask(b *synctestBubble) {
	if b != nil {
		getg().bubble = b
	}
}

// samerunOf returns the bubble whose timers a timer that exists belongs to, for the
// caller: what is made in the world can be used from everywhere.
func samerunOf(t *timer) *synctestBubble {
	if t.samerun.whole {
		return &samerunWorld
	}
	return getg().bubble
}

// samerunOwner returns the bubble for which a timer with a channel fires.
func samerunOwner(t *timer, c *hchan) *synctestBubble {
	if t.samerun.whole {
		return &samerunWorld
	}
	return c.bubble
}

// samerunAlien reports whether the caller may not touch what bubble b made. The world's
// is everybody's: only bubbles of tests mark what they make.
func samerunAlien(b *synctestBubble) bool {
	return b != nil && getg().bubble != b && !b.samerun.whole
}

// samerunActive reports whether the caller is in a bubble whose order is the seed's.
//
//go:nosplit
func samerunActive() bool {
	b := getg().bubble
	return b != nil && b.samerun.on
}

//go:linkname samerunInGob encoding/gob.samerunActive
func samerunInGob() bool { return samerunActive() }

//go:linkname samerunInSync sync.samerunActive
func samerunInSync() bool { return samerunActive() }

//go:linkname samerunInTesting testing.samerunActive
func samerunInTesting() bool { return samerunActive() }

// samerunProcess notes that the test that runs starts another process.
//
//go:linkname samerunProcess syscall.samerunProcess
func samerunProcess() {
	if s := &samerunTurns; s.test && samerunActive() {
		s.started++
		samerunDiskSeesProcess()
	}
}

// samerunProcesses is how many the test that ended last has started.
//
//go:linkname samerunProcesses testing.samerunProcesses
func samerunProcesses() int { return samerunCfg.last.processes }

// samerunLast tells of the test that ended last.
//
//go:linkname samerunLast testing.samerunLast
func samerunLast() (seed, turns, choices, digest uint64, now int64, left, io int, refused, escaped string) {
	l := &samerunCfg.last
	return samerunCfg.seed, l.turns, l.choices, l.digest, l.now, l.left, l.io, l.refused, l.escaped
}
