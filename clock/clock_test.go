package clock

import (
	"fmt"
	"math"
	"testing"
	"time"
)

const forever = time.Duration(math.MaxInt64)

func TestClock(t *testing.T) {
	c := New()
	var log []string
	say := func(x string) Func { return func() { log = append(log, fmt.Sprint(x, "@", c.Now())) } }
	c.After(2*time.Second, 0, say("late"))
	c.After(time.Second, 0, say("first"))
	c.After(time.Second, 9, say("tie 9"))
	c.After(time.Second, 4, say("tie 4"))
	c.After(time.Second, 0, say("second"))
	c.At(-5, 0, say("past"))
	c.After(-5, 0, say("negative"))
	if at, ok := c.Next(); !ok || at != 0 || c.Pending() != 7 {
		t.Errorf("next at %v, %d pending", at, c.Pending())
	}
	for c.Step() {
	}
	want := "[past@0s negative@0s first@1s second@1s tie 4@1s tie 9@1s late@2s]"
	if fmt.Sprint(log) != want {
		t.Errorf("fired %v, want %s", log, want)
	}
	if c.Fired() != 7 || c.Pending() != 0 || c.Step() || c.Now() != 2*time.Second {
		t.Errorf("%d fired, %d pending, at %v", c.Fired(), c.Pending(), c.Now())
	}
	if got := c.Time().Sub(Epoch); got != 2*time.Second {
		t.Errorf("the date is Epoch+%v", got)
	}
	c.At(time.Second, 0, say("x")) // in the past
	c.Step()
	if c.Now() != 2*time.Second {
		t.Error("time ran backwards")
	}
}

func TestTheEndOfTime(t *testing.T) {
	c := New()
	c.Sleep(time.Hour)
	n := 0
	c.After(forever, 0, Func(func() { n++ }))
	x := c.AfterFunc(forever, 0, func() { n++ })
	x.Reset(forever - 1)
	if at, _ := c.Next(); at != forever {
		t.Errorf("the end of time is at %v", at)
	}
	for c.Step() {
	}
	if n != 2 || c.Now() != forever {
		t.Errorf("%d events, time is %v", n, c.Now())
	}
	c.Sleep(forever)
	if c.Now() != forever {
		t.Error("time goes on after its end")
	}
}

func TestSleepOnABareClock(t *testing.T) {
	c := New()
	var at []time.Duration
	c.Tick(time.Second, 0, func() { at = append(at, c.Now()) })
	c.Sleep(2500 * time.Millisecond)
	if len(at) != 2 || c.Now() != 2500*time.Millisecond {
		t.Errorf("ticks at %v, time is %v", at, c.Now())
	}
	c.Sleep(500 * time.Millisecond) // an event at the very end belongs to it
	c.Sleep(-time.Second)
	if len(at) != 3 || c.Now() != 3*time.Second {
		t.Errorf("ticks at %v, time is %v", at, c.Now())
	}
	var asked time.Duration
	c.OnSleep(func(d time.Duration) { asked = d })
	c.Sleep(time.Minute)
	if asked != time.Minute || c.Now() != 3*time.Second {
		t.Error("OnSleep was passed over")
	}
}

func TestTimer(t *testing.T) {
	c := New()
	n := 0
	x := c.AfterFunc(time.Second, 0, func() { n++ })
	if !x.Reset(2*time.Second) || !x.Stop() || x.Stop() {
		t.Error("Reset and Stop must tell that the timer was pending, Stop only once")
	}
	c.Sleep(time.Minute)
	if n != 0 || x.Reset(time.Second) {
		t.Error("a stopped timer is not pending")
	}
	c.Sleep(time.Second)
	if n != 1 || x.Stop() || x.Reset(time.Second) {
		t.Errorf("%d calls, want 1; a fired timer is not pending", n)
	}
	c.Sleep(time.Second)
	if n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	// From within: the timer is not pending while its function runs.
	var y *Timer
	calls := 0
	y = c.AfterFunc(time.Second, 0, func() {
		if calls++; y.Stop() {
			t.Error("Stop from within found the timer pending")
		}
		if calls < 3 && y.Reset(time.Second) {
			t.Error("Reset from within found the timer pending")
		}
	})
	begin := c.Now()
	for c.Step() {
	}
	if calls != 3 || c.Now()-begin != 3*time.Second {
		t.Errorf("%d calls in %v", calls, c.Now()-begin)
	}
	defer func() {
		if recover() == nil {
			t.Error("a nil function was taken")
		}
	}()
	c.AfterFunc(1, 0, nil)
}

func TestTicker(t *testing.T) {
	c := New()
	n := 0
	x := c.Tick(time.Second, 0, func() { n++ })
	c.Sleep(3 * time.Second)
	x.Reset(10 * time.Second)
	c.Sleep(15 * time.Second)
	if n != 4 {
		t.Errorf("%d ticks, want 3 and 1", n)
	}
	x.Stop()
	x.Stop()
	c.Sleep(time.Minute)
	if n != 4 || c.Pending() != 0 {
		t.Errorf("%d ticks after Stop", n-4)
	}
	x.Reset(time.Second)
	c.Sleep(2 * time.Second)
	if n != 6 {
		t.Errorf("%d ticks after Stop and Reset, want 2", n-4)
	}
	// From within.
	var y *Ticker
	var at []time.Duration
	begin := c.Now()
	x.Stop()
	y = c.Tick(time.Second, 0, func() {
		switch at = append(at, (c.Now()-begin)/time.Second); len(at) {
		case 2:
			y.Reset(3 * time.Second)
		case 4:
			y.Stop()
		}
	})
	for c.Step() {
	}
	if fmt.Sprint(at) != "[1ns 2ns 5ns 8ns]" {
		t.Errorf("ticks at %v", at)
	}
	for _, f := range []func(){func() { c.Tick(0, 0, func() {}) }, func() { y.Reset(-1) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a period that is not positive was taken")
				}
			}()
			f()
		}()
	}
}
