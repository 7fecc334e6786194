package calm

import (
	"math/rand"
	"sync"
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { time.Sleep(time.Duration(rand.Intn(1000)) * time.Millisecond) })
	}
	wg.Wait()
}

func TestMap(t *testing.T) {
	for name := range map[string]int{"one": 1, "two": 2, "three": 3} {
		t.Log(name)
	}
}
