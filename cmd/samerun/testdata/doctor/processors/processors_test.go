package processors

import (
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// TestWorkers starts as many workers as the environment allows.
func TestWorkers(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("GOMAXPROCS"))
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { time.Sleep(time.Duration(i) * time.Millisecond) })
	}
	wg.Wait()
}
