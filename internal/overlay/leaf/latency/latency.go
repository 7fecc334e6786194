// Package latency is how long things are on their way in the network of a test:
// package runtime gets it from internal/overlay/bundle.
package latency

// How long a piece of data is on its way: mostly LatencyUsual, once in LatencyEvery
// times anything up to five times that, and once in LatencySlowEvery times 1 to 16 ms,
// each power of two as likely as another. In nanoseconds.
const (
	LatencyUsual     = 50000
	LatencyEvery     = 4
	LatencySlowEvery = 128
	LatencySlow      = 1000000
)

// Latency is how long a piece of data is on its way if x is drawn for it, in
// nanoseconds. strays is false for most draws, for which it is LatencyUsual.
func Latency(x uint64) (ns int64, strays bool) {
	switch {
	case x>>8%LatencySlowEvery == 0:
		ns = LatencySlow << (x >> 32 & 3)
		return ns + int64(x>>40)%ns, true
	case x%LatencyEvery == 0:
		return int64(x >> 32 % (5 * LatencyUsual)), true
	}
	return LatencyUsual, false
}
