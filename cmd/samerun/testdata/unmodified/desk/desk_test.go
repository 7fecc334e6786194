package desk

import (
	"runtime"
	"sync"
	"testing"
)

// Callers who come one after the other are served well; only when one is held up
// between its two steps does another get the same number.
func TestNumbers(t *testing.T) {
	d := New()
	var mu sync.Mutex
	seen := make(map[int]int)
	var wg sync.WaitGroup
	for who := range 4 {
		wg.Go(func() {
			for range 3 {
				runtime.Gosched()
				n := d.Next()
				mu.Lock()
				seen[n]++
				if seen[n] > 1 && who > 0 {
					t.Errorf("caller %d gets the number %d, which another one has", who, n)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
