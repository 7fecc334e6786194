package processors

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// TestWorkers starts as many workers as there are processors.
func TestWorkers(t *testing.T) {
	var wg sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) {
		wg.Go(func() { time.Sleep(time.Duration(i) * time.Millisecond) })
	}
	wg.Wait()
}
