package clock_test

import (
	"context"
	"fmt"
	"time"

	"samerun/clock"
)

// An hour passes at once, because nothing happens in between.
func Example() {
	c := clock.New()
	heartbeat := c.Tick(20*time.Minute, 0, func() { fmt.Println(c.Now(), "heartbeat") })
	election := c.AfterFunc(30*time.Minute, 0, func() { fmt.Println(c.Now(), "election") })
	c.AfterFunc(25*time.Minute, 0, func() { election.Reset(30 * time.Minute) })
	c.Sleep(time.Hour)
	heartbeat.Stop()
	fmt.Println(c.Now(), c.Time().Format(time.DateTime))
	// Output:
	// 20m0s heartbeat
	// 40m0s heartbeat
	// 55m0s election
	// 1h0m0s heartbeat
	// 1h0m0s 2000-01-01 01:00:00
}

// A node whose clock loses a tenth sleeps longer than it thinks.
func ExampleView() {
	c := clock.New()
	v := clock.NewView(c)
	v.SetDrift(-100_000)
	c.Sleep(v.True(9 * time.Second))
	fmt.Println("true time:", c.Now())
	fmt.Println("the node's:", v.Elapsed())
	// Output:
	// true time: 10s
	// the node's: 9s
}

func ExampleWithTimeout() {
	c := clock.New()
	ctx, cancel := clock.WithTimeout(context.Background(), c, 5*time.Second, 0)
	defer cancel()
	clock.OnDone(ctx, c, func() { fmt.Println(c.Now(), ctx.Err()) })
	c.Sleep(time.Minute)
	// Output:
	// 5s context deadline exceeded
}
