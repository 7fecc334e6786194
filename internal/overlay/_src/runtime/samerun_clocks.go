package runtime

import _ "unsafe" // for go:linkname

// A node has a clock of its own, which may be ahead of the world's by an offset and run fast or
// slow by a drift. What its goroutines read is that clock, and their timers, tickers and sleeps
// count by it. As on a machine there are two readings: the date, which an offset moves, and
// the monotonic one, which only the drift does, and by which time.Since and deadlines go. A
// node may be slow as well: what it waits for takes longer.
//
// At the world's time t, since the last change at base, the drift has gained
// (t-base)·ppm/10⁶: the date is t + offset + that, and the monotonic reading t + gain + that.

// samerunNodeClock is such a clock. The zero value is the world's.
type samerunNodeClock struct {
	offset, ppm int64
	base, gain  int64
	slow        int64 // by how many millionths waits take longer
}

// samerunClocks says whether any node of the test has another clock than the world.
var samerunClocks struct{ on bool }

// samerunMostDrift is how much a clock can be fast or slow, in millionths, as in package clock.
const samerunMostDrift = 500_000

// samerunScale is d·n/10⁶, rounded towards zero, for d not below 0; what is beyond the range is the
// end of it.
func samerunScale(d, n int64) int64 {
	const one = 1_000_000
	q, r := d/one, d%one
	if n > 0 && q > (maxWhen-n)/n {
		return maxWhen
	}
	return q*n + r*n/one
}

// set changes the date's offset and the drift from the world's time now on.
func (c *samerunNodeClock) set(now, offset, ppm int64) {
	c.gain += samerunScale(now-c.base, c.ppm)
	c.base, c.offset, c.ppm = now, offset, ppm
}

// span is how long it takes in the world until d has passed for the node: rounded up, so that
// nobody wakes before the node's own clock says so.
func (c *samerunNodeClock) span(d int64) int64 {
	const one = 1_000_000
	if d <= 0 {
		return d
	}
	if rate := one + c.ppm; c.ppm != 0 {
		q, r := d/rate, d%rate
		if q >= maxWhen/one {
			return maxWhen
		}
		d = q*one + (r*one+rate-1)/rate
	}
	if c.slow > 0 {
		more := samerunScale(d, c.slow)
		if d > maxWhen-more {
			return maxWhen
		}
		d += more
	}
	return d
}

// samerunLifeNow is on behalf of which life gp reads the clock: on the system stack of that which has
// set the timer that fires.
func samerunLifeNow(gp *g, b *synctestBubble) uint32 {
	if gp == gp.m.g0 {
		return b.samerun.life
	}
	return gp.samerun.life
}

// samerunClockOf returns the clock by which gp goes; nil for that of the world.
func samerunClockOf(gp *g) *samerunNodeClock {
	b := gp.bubble
	if b == nil || !b.samerun.whole || gp.samerun.worldClock {
		return nil
	}
	life := samerunLifeNow(gp, b)
	if life == 0 {
		return nil
	}
	node := samerunLifeAt(life).node
	if int(node) >= len(samerunMachines) {
		return nil
	}
	return &samerunMachines[node].clock
}

// samerunNano is the monotonic clock of gp, which is in a bubble.
func samerunNano(gp *g) int64 {
	now := gp.bubble.now
	if samerunClocks.on {
		if c := samerunClockOf(gp); c != nil {
			now += c.gain + samerunScale(now-c.base, c.ppm)
		}
	}
	return now
}

// samerunNodeNow is what the caller reads, if it is on a node.
func samerunNodeNow() (sec int64, nsec int32, mono int64, on bool) {
	gp := getg()
	c := samerunClockOf(gp)
	if c == nil {
		return 0, 0, 0, false
	}
	now := gp.bubble.now
	gained := samerunScale(now-c.base, c.ppm)
	date := now + c.offset + gained
	sec, nsec = date/1e9, int32(date%1e9)
	if nsec < 0 {
		sec, nsec = sec-1, nsec+1e9
	}
	return sec, nsec, now + c.gain + gained, true
}

// samerunTrueSpan is how long a sleep of the caller takes in the world.
func samerunTrueSpan(ns int64) int64 {
	if c := samerunClockOf(getg()); c != nil {
		return c.span(ns)
	}
	return ns
}

// samerunTrueTimer is when a timer fires in the world that the caller sets by its own clock,
// and its period there.
func samerunTrueTimer(when, period int64) (int64, int64) {
	gp := getg()
	c := samerunClockOf(gp)
	if c == nil {
		return when, period
	}
	now := gp.bubble.now
	d := c.span(max(0, when-samerunNano(gp)))
	if d > maxWhen-now {
		return maxWhen, c.span(period)
	}
	return now + d, c.span(period)
}

// samerunSetClock lets the clock of a node be ahead by an offset, and gain ppm millionths from
// now on.
//
//go:linkname samerunSetClock testing.samerunSetClock
func samerunSetClock(node int, offset, ppm int64) {
	m := samerunMachineAt(node)
	if ppm > samerunMostDrift || ppm < -samerunMostDrift {
		panic(plainError("samerun: a clock drifts by 500000 millionths at most, either way"))
	}
	samerunClocks.on = true
	m.clock.set(samerunWorld.now, offset, ppm)
}

// samerunSetSlow lets what a node waits for take longer by ppm millionths, from now on.
//
//go:linkname samerunSetSlow testing.samerunSetSlow
func samerunSetSlow(node int, ppm int64) {
	m := samerunMachineAt(node)
	if ppm < 0 {
		panic(plainError("samerun: a node cannot be faster than it is"))
	}
	samerunClocks.on = true
	m.clock.slow = ppm
}

// samerunWorldClock lets the caller go by the clock of the world, or again by its own, and
// reports whether nodes have others at all.
//
//go:linkname samerunWorldClock net.samerunWorldClock
func samerunWorldClock(world bool) bool {
	if samerunClocks.on {
		getg().samerun.worldClock = world
	}
	return samerunClocks.on
}

// samerunWorldSpan is how long it takes in the world until d has passed for the caller.
//
//go:linkname samerunWorldSpan net.samerunWorldSpan
func samerunWorldSpan(d int64) int64 { return samerunTrueSpan(d) }
