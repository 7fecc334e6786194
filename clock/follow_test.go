package clock

import (
	"context"
	"slices"
	"testing"
	"time"
)

// follower is a clock that follows a time which the test sets.
func follower() (c *Clock, now *time.Duration, sooner *int) {
	c, now, sooner = New(), new(time.Duration), new(int)
	c.Follow(func() time.Duration { return *now }, func() { *sooner++ })
	return c, now, sooner
}

// A clock that follows another one fires what is due there, and nothing before.
func TestFollow(t *testing.T) {
	c, now, sooner := follower()
	var fired []time.Duration
	note := Func(func() { fired = append(fired, c.Now()) })
	c.After(3*time.Second, 0, note)
	c.After(5*time.Second, 0, note)
	id := c.After(2*time.Second, 0, note)
	if *sooner != 2 {
		t.Errorf("told %d times that something is due sooner, want 2: of the first event and of the third", *sooner)
	}
	c.Reschedule(id, time.Second, 0)
	c.Reschedule(id, 4*time.Second, 0)
	if *sooner != 3 {
		t.Errorf("told %d times, want 3: the second move makes nothing due sooner", *sooner)
	}
	if *now = time.Second; c.Step() {
		t.Error("something fired that is not due")
	}
	*now = 4500 * time.Millisecond
	due := 0
	for c.Step() {
		due++
	}
	if due != 2 {
		t.Errorf("%d events are due, want 2", due)
	}
	if *now = 0; c.Now() != 4500*time.Millisecond {
		t.Errorf("the clock ran backwards to %v", c.Now())
	}
	if want := []time.Duration{4500 * time.Millisecond, 4500 * time.Millisecond}; !slices.Equal(fired, want) {
		t.Errorf("fired at %v, want %v", fired, want)
	}
}

// Whoever asks is told how wrong a clock is, from the start.
func TestOnChange(t *testing.T) {
	c, now, _ := follower()
	v := NewView(c)
	var told []time.Duration
	v.OnChange(func(offset time.Duration, ppm int64) { told = append(told, offset, time.Duration(ppm)) })
	v.SetDrift(1000)
	*now = time.Second
	v.SetOffset(time.Minute)
	*now = 2 * time.Second
	v.OnChange(func(offset time.Duration, ppm int64) { told = append(told, offset, time.Duration(ppm)) })
	if want := []time.Duration{0, 1000, time.Minute, 1000, time.Minute + time.Millisecond, 1000}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

// The end of a foreign context is told as it comes: nothing is polled.
func TestFollowForeignContext(t *testing.T) {
	c, _, _ := follower()
	parent, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	OnDone(parent, c, func() { close(ended) })
	cancel()
	<-ended
}
