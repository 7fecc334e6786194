// Package oldticker is for a version of Go in which a ticker ticks though nobody reads it.
package oldticker

import (
	"testing"
	"time"
)

func TestHangsBesideTicker(t *testing.T) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	<-make(chan int)
}
