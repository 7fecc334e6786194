package clock

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestView(t *testing.T) {
	c := New()
	v := NewView(c)
	c.Sleep(time.Hour)
	if v.Elapsed() != time.Hour || v.Offset() != 0 || !v.Now().Equal(c.Time()) || v.True(time.Second) != time.Second || v.Clock() != c {
		t.Error("a new view must show the true time")
	}
	v.SetOffset(-time.Minute)
	v.SetDrift(100_000) // a tenth fast
	if v.Offset() != -time.Minute {
		t.Errorf("SetDrift made the clock jump to %v", v.Offset())
	}
	c.Sleep(10 * time.Second)
	if v.Offset() != -time.Minute+time.Second || v.True(11*time.Second) != 10*time.Second {
		t.Errorf("offset %v, eleven seconds take %v", v.Offset(), v.True(11*time.Second))
	}
	v.SetDrift(-MaxDrift) // half the speed
	c.Sleep(10 * time.Second)
	if v.Offset() != -time.Minute-4*time.Second || v.True(time.Second) != 2*time.Second {
		t.Errorf("offset %v, a second takes %v", v.Offset(), v.True(time.Second))
	}
	v.SetOffset(time.Second)
	c.Sleep(10 * time.Second)
	if v.Offset() != -4*time.Second {
		t.Errorf("the drift must go on after a jump; offset %v", v.Offset())
	}
	for _, d := range []time.Duration{0, -5} {
		if v.True(d) != d {
			t.Errorf("True(%d) = %d", d, v.True(d))
		}
	}
	if v.True(forever) != forever {
		t.Errorf("True beyond the end of time is %v", v.True(forever))
	}
	v.SetDrift(MaxDrift)
	if got := v.True(forever); got <= forever/2 || got >= forever {
		t.Errorf("True(forever) of a fast clock is %v", got)
	}
}

func TestMaxDrift(t *testing.T) {
	for _, ppm := range []int64{MaxDrift + 1, -MaxDrift - 1} {
		func() {
			defer func() {
				if s, _ := recover().(string); !strings.Contains(s, "beyond ±500000") {
					t.Errorf("a drift of %d was taken, or refused as %q", ppm, s)
				}
			}()
			NewView(New()).SetDrift(ppm)
		}()
	}
}

// Whatever the drifts, a node that sleeps d never wakes before its own clock has
// counted d, nor more than two true nanoseconds late; its clock never runs
// backwards, and does not jump when its drift changes.
func TestNeverWakesEarly(t *testing.T) {
	drift := rapid.Int64Range(-MaxDrift, MaxDrift)
	span := rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, int64(100*365*24*time.Hour)))
	rapid.Check(t, func(rt *rapid.T) {
		c := New()
		v := NewView(c)
		v.SetOffset(time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(rt, "offset")))
		v.SetDrift(drift.Draw(rt, "drift"))
		c.now = time.Duration(span.Draw(rt, "past")) / 2
		d := time.Duration(span.Draw(rt, "sleep")) / 4
		before := v.Elapsed()
		c.now += v.True(d)
		counted := v.Elapsed() - before
		if counted < d {
			rt.Fatalf("woke after %d of %d", counted, d)
		}
		if counted > d+2 {
			rt.Fatalf("slept %d instead of %d", counted, d)
		}
		at := v.Elapsed()
		v.SetDrift(drift.Draw(rt, "next drift"))
		if v.Elapsed() != at {
			rt.Fatalf("SetDrift made the clock jump from %d to %d", at, v.Elapsed())
		}
		c.now++
		if v.Elapsed() < at {
			rt.Fatal("the clock ran backwards")
		}
	})
}
