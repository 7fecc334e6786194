package wallclock

import (
	"context"
	"time"
)

func flagged(ctx context.Context) {
	begin := time.Now()   // want:wallclock
	time.Sleep(time.Hour) // want:wallclock
	_ = time.Since(begin) // want:wallclock
	now := time.Now       // want:wallclock
	_ = now
	_, cancel := context.WithTimeout(ctx, time.Second) // want:wallclock
	cancel()
}

type clock struct{}

func (clock) Now() time.Time { return time.Unix(0, 0) }

func fine(c clock) time.Time {
	time := c
	return time.Now()
}
