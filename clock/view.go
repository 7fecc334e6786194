package clock

import (
	"fmt"
	"math/bits"
	"time"
)

// View is the time as one node sees it: the true (virtual) time, shifted by an
// offset, and running fast or slow by a drift. Everything that a node does with
// time goes through its view: the date it reads, and how long its sleeps and
// timers take in truth.
//
// Make one with NewView. Invariant: at the true instant base the node's clock
// shows base + offset; from there it gains ppm millionths.
type View struct {
	c      *Clock
	base   time.Duration // true instant of the last change
	offset time.Duration // local minus true at base
	ppm    int64

	changed func(offset time.Duration, ppm int64)
}

// MaxDrift is the largest drift that a View takes, either way, in parts per
// million: a clock at half or at one and a half times the true speed.
const MaxDrift = 500_000

// NewView returns a view that shows the true time.
func NewView(c *Clock) *View { return &View{c: c} }

// Clock returns the true clock below the view.
func (v *View) Clock() *Clock { return v.c }

// Elapsed returns the time since the start of the run by the node's own clock.
func (v *View) Elapsed() time.Duration {
	now := v.c.Now()
	if v.ppm == 0 {
		return now + v.offset
	}
	past := now - v.base
	return now + v.offset + scale(past, v.ppm, 1_000_000)
}

// Now returns the date by the node's own clock.
func (v *View) Now() time.Time { return Epoch.Add(v.Elapsed()) }

// Offset returns by how much the node's clock is ahead of the true time.
func (v *View) Offset() time.Duration { return v.Elapsed() - v.c.Now() }

// SetOffset sets the node's clock ahead of the true time by d, or behind it if
// d is negative, as a careless administrator would. Sleeps and timers that are
// under way are not affected: they run on a monotonic clock.
func (v *View) SetOffset(d time.Duration) {
	v.base, v.offset = v.c.Now(), d
	v.tell()
}

// SetDrift lets the node's clock gain ppm millionths from now on (lose, if
// negative). Sleeps and timers that begin later take that much less true time.
// It panics beyond MaxDrift.
func (v *View) SetDrift(ppm int64) {
	if ppm > MaxDrift || ppm < -MaxDrift {
		panic(fmt.Sprintf("clock: a drift of %d parts per million is beyond ±%d", ppm, MaxDrift))
	}
	v.offset, v.base, v.ppm = v.Offset(), v.c.Now(), ppm
	v.tell()
}

// OnChange calls f with the offset and the drift that the clock has from that moment on,
// whenever one of them was set, and now if it is not right: for whoever keeps the clock of
// the node as others see it. f must not block.
func (v *View) OnChange(f func(offset time.Duration, ppm int64)) {
	v.changed = f
	if v.offset != 0 || v.ppm != 0 {
		v.SetOffset(v.Offset())
	}
}

func (v *View) tell() {
	v.c.observe(Change{What: ViewSet})
	if v.changed != nil {
		v.changed(v.offset, v.ppm)
	}
}

// True returns how much true time passes while the node's clock counts d,
// rounded up, so that a node never wakes before its own clock says so.
func (v *View) True(d time.Duration) time.Duration {
	if v.ppm == 0 || d <= 0 {
		return d
	}
	n, rem := bits.Mul64(uint64(d), 1_000_000)
	den := uint64(1_000_000 + v.ppm)
	// MaxDrift keeps n below den, as Div64 demands.
	q, r := bits.Div64(n, rem, den)
	if r > 0 {
		q++
	}
	if q > uint64(endOfTime) {
		return endOfTime
	}
	return time.Duration(q)
}

// Stretch returns d made longer by ppm millionths, up to the end of time.
func Stretch(d time.Duration, ppm int64) time.Duration {
	hi, lo := bits.Mul64(uint64(d), uint64(1_000_000+ppm))
	if hi >= 1_000_000 {
		return endOfTime
	}
	q, _ := bits.Div64(hi, lo, 1_000_000)
	return time.Duration(min(q, uint64(endOfTime)))
}

// scale is d*num/den without overflow in between, rounded towards zero, for
// d >= 0 and |num| <= den.
func scale(d time.Duration, num, den int64) time.Duration {
	neg := num < 0
	if neg {
		num = -num
	}
	hi, lo := bits.Mul64(uint64(d), uint64(num))
	q, _ := bits.Div64(hi, lo, uint64(den))
	if neg {
		return -time.Duration(q)
	}
	return time.Duration(q)
}
