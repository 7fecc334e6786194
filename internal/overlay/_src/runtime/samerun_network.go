package runtime

import _ "unsafe" // for go:linkname

// samerunNetwork returns the number of the bubble whose network the caller uses, 0 if
// it uses the machine's, and a hash of the seed and the test.
//
//go:linkname samerunNetwork net.samerunNetwork
func samerunNetwork() (bubble, key uint64) {
	b := getg().bubble
	if b == nil || !b.samerun.on || samerunCfg.realNet {
		return 0, 0
	}
	if b.samerun.whole {
		return samerunWorldNet, b.samerun.key
	}
	return b.id, b.samerun.key
}

// samerunWorldNet is the number of the world in there.
const samerunWorldNet = 1 << 63

// samerunRefused notes the first address that the test dials although nobody has ever
// listened there: it may mean one of the machine's.
//
//go:linkname samerunRefused net.samerunRefused
func samerunRefused(address string) {
	if s := &samerunTurns; s.test && samerunActive() && s.refused == "" {
		s.refused = address
	}
}

// samerunEscaped notes the first address outside of the test's network that the test
// uses: what is there does not follow the seed.
//
//go:linkname samerunEscaped net.samerunEscaped
func samerunEscaped(address string) {
	if s := &samerunTurns; s.test && samerunActive() && s.escaped == "" {
		s.escaped = address
	}
}

//go:linkname samerunNetSeeded net.samerunSeeded
func samerunNetSeeded() bool { return samerunCfg.on }

//go:linkname samerunTestingSeeded testing.samerunSeeded
func samerunTestingSeeded() bool { return samerunCfg.on }

// samerunDelay draws how long what the caller sends is on its way. In a bubble that a test
// makes by itself it is there at once: a real network takes no time that passes there.
//
//go:linkname samerunDelay net.samerunDelay
func samerunDelay() int64 {
	gp := getg()
	if b := gp.bubble; b != nil && b.samerun.on && !b.samerun.whole {
		return 0
	}
	if !samerunDrawing(gp) {
		return samerunLatencyUsual
	}
	if samerunCfg.calm && !samerunDeviations.on {
		return samerunLatencyUsual
	}
	delay := samerunDrawDelay(gp)
	if delay != samerunLatencyUsual && samerunRec.fd >= 0 {
		samerunRecordDraw(gp, samerunDelays, gp.samerun.nth[samerunDelays], uint64(delay))
	}
	return delay
}

// samerunDrawDelay draws a delay for gp.
func samerunDrawDelay(gp *g) int64 {
	x := samerunNext(gp, samerunDelays)
	if samerunDeviations.on {
		if ns, met := samerunDeviatingDraw(gp, samerunDelays, 0, gp.samerun.nth[samerunDelays], 0); met {
			return int64(min(ns, samerunStallMost))
		}
		return samerunLatencyUsual
	}
	ns, _ := samerunLatency(x)
	return ns
}
