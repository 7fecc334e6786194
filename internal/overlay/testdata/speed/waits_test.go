package speed

import (
	"sync"
	"testing"
	"time"
)

func sleeps(t *testing.T, rounds int) {
	for range rounds {
		time.Sleep(time.Microsecond)
	}
}

// channels sends a value there and one back.
func channels(t *testing.T, rounds int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	for i := range rounds {
		there <- i
		if v := <-back; v != i {
			t.Fatal(i, v)
		}
	}
	close(there)
}

// locks takes a lock that nobody else wants.
func locks(t *testing.T, rounds int) {
	var mu sync.Mutex
	n := 0
	for range rounds {
		mu.Lock()
		n++
		mu.Unlock()
	}
	if n != rounds {
		t.Fatal(n)
	}
}

// contended has four goroutines take one lock.
func contended(t *testing.T, rounds int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 4 {
		wg.Go(func() {
			for range rounds / 4 {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if n != rounds/4*4 {
		t.Fatal(n)
	}
}
