package runtime

// samerunSentinel is a goroutine of the runtime that sees, every few milliseconds of real
// time, what has happened outside of the simulation.
func samerunSentinel() {
	for {
		timeSleep(samerunSentinelEvery)
		samerunSignalsFromOutside()
	}
}

// samerunSentinelEvery is how often it looks, in nanoseconds.
const samerunSentinelEvery = 10_000_000

var samerunSentinelOn bool

// samerunStartSentinel starts it, once.
func samerunStartSentinel() {
	if !samerunSentinelOn {
		samerunSentinelOn = true
		go samerunSentinel()
	}
}
