package runtime

import _ "unsafe" // for go:linkname

// How long a piece of data is on its way in the network of a test: mostly
// samerunNetworkUsual, once in samerunNetworkEvery times anything up to five times that,
// and once in samerunNetworkSlowEvery times 1 to 16 ms, each power of two as likely as
// another. In nanoseconds.
const (
	samerunNetworkUsual     = 50000
	samerunNetworkEvery     = 4
	samerunNetworkSlowEvery = 128
	samerunNetworkSlow      = 1000000
)

// samerunNetwork returns the number of the bubble whose network the caller uses, 0 if
// it uses the machine's, and a hash of the seed and the test.
//
//go:linkname samerunNetwork net.samerunNetwork
func samerunNetwork() (bubble, key uint64) {
	b := getg().bubble
	if b == nil || !b.samerun.on || samerunCfg.realNet {
		return 0, 0
	}
	return b.id, b.samerun.key
}

// samerunRefused notes the first address that the test dials although nobody has ever
// listened there: it may mean one of the machine's.
//
//go:linkname samerunRefused net.samerunRefused
func samerunRefused(address string) {
	if b := getg().bubble; b != nil && b.samerun.refused == "" {
		b.samerun.refused = address
	}
}

//go:linkname samerunNetSeeded net.samerunSeeded
func samerunNetSeeded() bool { return samerunCfg.on }

// samerunDelay draws how long what the caller sends is on its way.
//
//go:linkname samerunDelay net.samerunDelay
func samerunDelay() int64 {
	gp := getg()
	if !samerunDrawing(gp) {
		return samerunNetworkUsual
	}
	calm := samerunCfg.strategy == samerunFIFO
	if calm && !samerunDeviations.on {
		return samerunNetworkUsual
	}
	x := samerunNext(gp, samerunDelays)
	slow := x>>8%samerunNetworkSlowEvery == 0
	if !slow && x%samerunNetworkEvery != 0 {
		return samerunNetworkUsual
	}
	if calm {
		if _, met := samerunDeviates(x); !met {
			return samerunNetworkUsual
		}
	}
	if samerunRec.fd >= 0 {
		samerunRecordDraw(gp, samerunDelays, x)
	}
	if !slow {
		return int64(x >> 32 % (5 * samerunNetworkUsual))
	}
	delay := int64(samerunNetworkSlow) << (x >> 32 & 3)
	return delay + int64(x>>40)%delay
}
