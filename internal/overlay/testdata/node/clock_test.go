package node

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

type clocks interface {
	pausing
	Slow(node int, ppm int64)
	Clock(node int, offset, driftPPM int64)
}

// on runs f on a node, and waits for it.
func on(h host, node int, f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	h.Go(node, uint64(h.Now())<<8|uint64(node), "on", func() { defer wg.Done(); f() })
	wg.Wait()
}

// near reports whether a time is another one, or up to a millisecond later.
func near(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if got < want || got > want+time.Millisecond {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The date of a node is that of the world and its offset, and what has passed does not show a jump.
func TestJump(t *testing.T) {
	h := world(t, 2).(clocks)
	on(h, 1, func() {
		near(t, "before", time.Until(time.Now().Round(0)), -time.Microsecond)
		begin := time.Now()
		time.AfterFunc(time.Second, func() { h.Clock(1, int64(time.Hour), 0) })
		time.Sleep(2 * time.Second)
		near(t, "passed", time.Since(begin), 2*time.Second)
		near(t, "by the dates", time.Now().Round(0).Sub(begin.Round(0)), time.Hour+2*time.Second)
		say(h, "%v", time.Now())
		ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(time.Second))
		defer cancel()
		at := h.Now()
		<-ctx.Done()
		near(t, "a deadline", time.Duration(h.Now()-at), time.Second)
		date := (<-time.After(time.Second)).Round(0)
		near(t, "the date of a timer", time.Now().Round(0).Sub(date), 0)
	})
	here := time.Now()
	on(h, 2, func() { near(t, "of another node", time.Now().Round(0).Sub(here), 0) })
	on(h, 1, func() { near(t, "of the node", time.Now().Round(0).Sub(here), time.Hour) })
	h.Clock(1, -int64(40*365*24*time.Hour), 0) // before 1970
	on(h, 1, func() {
		if year := time.Now().UTC().Year(); year != 1960 {
			t.Errorf("it is %d", year)
		}
	})
}

// Sleeps, timers and tickers of a node whose clock is fast take less, exactly, and are as long as
// they should be by that clock.
func TestDrift(t *testing.T) {
	h := world(t, 1).(clocks)
	for _, ppm := range []int64{200_000, -200_000, 500_000, -500_000, 1, 0} {
		h.Clock(1, 0, ppm)
		want := time.Duration((1_000_000_000*1_000_000 + 1_000_000 + ppm - 1) / (1_000_000 + ppm))
		on(h, 1, func() {
			begin, at := time.Now(), h.Now()
			check := func(what string, n int) {
				t.Helper()
				near(t, what, time.Duration(h.Now()-at), want*time.Duration(n))
				near(t, what+", by its own clock", time.Since(begin), time.Second*time.Duration(n))
				begin, at = time.Now(), h.Now()
			}
			time.Sleep(time.Second)
			check("sleep", 1)
			<-time.After(time.Second)
			check("timer", 1)
			timer := time.NewTimer(time.Hour)
			timer.Reset(time.Second)
			<-timer.C
			check("timer that was set anew", 1)
			ticker := time.NewTicker(time.Second)
			for range 5 {
				<-ticker.C
			}
			ticker.Stop()
			check("ticker", 5)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			<-ctx.Done()
			cancel()
			check("timeout", 1)
		})
		begin := time.Now()
		time.Sleep(time.Second)
		near(t, "the test itself", time.Since(begin), time.Second)
	}
}

// What a slow node waits for takes longer, by every clock.
func TestSlow(t *testing.T) {
	h := world(t, 1).(clocks)
	h.Slow(1, 1_500_000)
	on(h, 1, func() {
		begin, at := time.Now(), h.Now()
		time.Sleep(time.Second)
		near(t, "in truth", time.Duration(h.Now()-at), 2500*time.Millisecond)
		near(t, "by its own clock", time.Since(begin), 2500*time.Millisecond)
	})
	h.Slow(1, 0)
	on(h, 1, func() {
		at := h.Now()
		time.Sleep(time.Second)
		near(t, "again", time.Duration(h.Now()-at), time.Second)
	})
}

// The network goes by no node's clock; deadlines that nodes set do by theirs.
func TestClocksAndNetwork(t *testing.T) {
	h := world(t, 2).(clocks)
	h.Clock(1, int64(time.Hour), 0)
	h.Clock(2, -int64(time.Hour), 500_000)
	ready := make(chan string, 1)
	h.Go(1, 1, "listens", func() {
		l, err := net.Listen("tcp", ":80")
		if err != nil {
			t.Error(err)
			return
		}
		ready <- l.Addr().String()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				b := make([]byte, 5)
				for {
					if _, err := c.Read(b); err != nil {
						return
					}
					c.Write(b)
				}
			}()
		}
	})
	<-ready
	on(h, 2, func() {
		c, err := net.Dial("tcp", "n1:80")
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		b := make([]byte, 5)
		for range 10 {
			at := h.Now()
			c.SetDeadline(time.Now().Add(time.Second))
			c.Write([]byte("hello"))
			if _, err := c.Read(b); err != nil {
				t.Error(err)
				return
			}
			if d := time.Duration(h.Now() - at); d > 100*time.Millisecond {
				t.Errorf("it takes %v there and back", d)
			}
		}
		at := h.Now()
		c.SetReadDeadline(time.Now().Add(time.Second))
		if _, err := c.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		near(t, "the deadline", time.Duration(h.Now()-at), 666666667)
	})
}

// What clocks cannot do is said.
func TestClocksRefused(t *testing.T) {
	h := world(t, 1).(clocks)
	for _, f := range []func(){func() { h.Clock(1, 0, 500_001) }, func() { h.Clock(1, 0, -500_001) }, func() { h.Slow(1, -1) }, func() { h.Clock(2, 0, 0) }} {
		if got := panics(f); got == "nothing" {
			t.Error(got)
		}
	}
}
