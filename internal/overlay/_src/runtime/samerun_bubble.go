package runtime

import _ "unsafe" // for go:linkname

// samerunSaved is what a goroutine is outside of the bubble that it runs.
type samerunSaved struct {
	bubble *synctestBubble
	self   samerunG
	timer  *timer
}

// samerunStart prepares the bubble that gp is about to run, and returns what gp
// was until now. A test inside its own bubble may run another one: the clock of
// the outer one stands still meanwhile.
func samerunStart(b *synctestBubble, gp *g) samerunSaved {
	nested := uint64(0)
	if gp.bubble != nil && samerunCfg.on {
		// Before it is saved: the next bubble that gp runs is another one.
		nested = gp.samerun.counts.next(gp.bubble, samerunNested)
	}
	saved := samerunSaved{gp.bubble, gp.samerun, gp.timer}
	s := &b.samerun
	lockInit(&s.mu, lockRankLeafRank)
	if !samerunCfg.on {
		return saved
	}
	s.on, s.name = true, samerunCfg.name
	who := uint64(samerunRootID)
	if outer := gp.bubble; outer != nil {
		s.name = outer.samerun.name
		s.key = samerunMix(gp.samerun.id^samerunNested, nested)
		who = samerunMix(gp.samerun.who^samerunNested, nested)
		gp.timer = nil
	} else {
		s.whole = samerunCfg.name != ""
		s.key = samerunMixString(samerunMix(samerunCfg.seed, 0x74657374), samerunCfg.name)
		if s.whole {
			b.now = samerunCfg.epoch
		}
		samerunCfg.name = ""
	}
	s.begin, s.moved, s.limit = b.now, b.now, samerunCfg.limit
	s.startPicking()
	s.procs = samerunCfg.procs
	gp.samerun = samerunG{who: who, id: samerunMix(s.key, who)}
	s.holder.set(gp)
	if s.whole {
		samerunCurrent = b
		if samerunRec.fd >= 0 {
			samerunRecordTest(s.name)
		}
	}
	return saved
}

// samerunStop makes gp what it was before samerunStart.
func samerunStop(b *synctestBubble, gp *g, saved samerunSaved) {
	s := &b.samerun
	// First of all: from when the bubble has ended on, its goroutines never run
	// again, and gp may be preempted at any time.
	gp.bubble = saved.bubble
	gp.samerun = saved.self
	if s.on {
		lock(&s.mu)
		s.ended = true
		ready := s.n
		samerunRecordLeft(b)
		s.n = 0
		s.dropTables()
		samerunCfg.last = samerunEnding{turns: s.turns, choices: s.choices, digest: samerunMix(s.digest, uint64(b.now)), now: b.now - samerunCfg.epoch, left: b.total - 1 - ready, loop: s.loop, overtime: s.overtime, io: s.io, processes: s.started, refused: s.refused, escaped: s.escaped}
		unlock(&s.mu)
		samerunRecordFlush()
		gp.timer = saved.timer
	}
}

// samerunLeaves reports whether the bubble may end although goroutines are left
// in it: a test that returned drops them.
func samerunLeaves(b *synctestBubble) bool {
	return b.samerun.whole && b.done
}

// samerunFinish returns the root, once, when the test of the bubble has
// returned: those that are left get no turn any more. The caller holds b.mu.
func samerunFinish(b *synctestBubble) *g {
	if b.samerun.finish || readgstatus(b.root)&^_Gscan != _Gwaiting {
		return nil
	}
	b.samerun.finish = true
	b.active++
	return b.root
}

// samerunMask takes the current goroutine out of its bubble while the runtime
// works on its behalf: what it waits for then is none of the program's business,
// and a channel of the collector is none of the bubble's.
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

// samerunActive reports whether the caller is in a bubble whose order is the seed's.
//
//go:nosplit
func samerunActive() bool {
	b := getg().bubble
	return b != nil && b.samerun.on
}

//go:linkname samerunInSync sync.samerunActive
func samerunInSync() bool { return samerunActive() }

//go:linkname samerunInTesting testing.samerunActive
func samerunInTesting() bool { return samerunActive() }

// samerunName says which test the next bubble is of, and reports whether it is
// wanted at all.
//
//go:linkname samerunName testing.samerunName
func samerunName(name string) bool {
	if !samerunCfg.on || getg().bubble != nil {
		return false
	}
	samerunCfg.name = name
	return true
}

// samerunProcess notes that the test that runs starts another process.
//
//go:linkname samerunProcess syscall.samerunProcess
func samerunProcess() {
	if b := getg().bubble; b != nil && b.samerun.on && !b.samerun.ended {
		b.samerun.started++
	}
}

// samerunProcesses is how many the test of the bubble that ended last has started.
//
//go:linkname samerunProcesses testing.samerunProcesses
func samerunProcesses() int { return samerunCfg.last.processes }

// samerunLast tells of the bubble that ended last.
//
//go:linkname samerunLast testing.samerunLast
func samerunLast() (seed, turns, choices, digest uint64, now int64, left, io int, refused, escaped string) {
	l := &samerunCfg.last
	return samerunCfg.seed, l.turns, l.choices, l.digest, l.now, l.left, l.io, l.refused, l.escaped
}
