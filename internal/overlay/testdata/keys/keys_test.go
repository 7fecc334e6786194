// Package keys has one program in two variants: with -tags edited there is more of it,
// elsewhere. What chance does to the goroutines that both have must be the same.
package keys

import (
	"iter"
	"math/rand"
	"sync"
	"testing"
	"time"
)

// cluster is what the goroutines work on.
type cluster struct {
	mu   sync.Mutex
	done sync.WaitGroup
	n    int
}

func TestKeys(t *testing.T) {
	c := new(cluster)
	start(c)
	c.done.Wait()
}

// worker draws from all streams.
func (c *cluster) worker(i int) {
	defer c.done.Done()
	for range 20 {
		c.add(i)
		c.look()
		time.Sleep(time.Duration(rand.Intn(3)) * time.Millisecond)
		timer := time.NewTimer(time.Millisecond)
		select {
		case <-timer.C:
		case <-time.After(time.Millisecond):
		}
		c.rounds(map[int]bool{1: true, 2: true, 3: true, i + 4: true})
	}
	// Goroutines of its own, started in each of the ways.
	var own sync.WaitGroup
	own.Go(c.leaf)
	own.Go(func() { c.leaf() })
	own.Add(3)
	go func() {
		defer own.Done()
		c.leaf()
	}()
	time.AfterFunc(time.Millisecond, func() {
		c.leaf()
		own.Done()
	})
	again := 0
	var repeats *time.Timer
	repeats = time.AfterFunc(time.Millisecond, func() {
		c.leaf()
		if again++; again < 3 {
			repeats.Reset(time.Millisecond)
		} else {
			own.Done()
		}
	})
	next, stop := iter.Pull(c.drawn)
	next()
	next()
	stop()
	own.Wait()
}

func (c *cluster) drawn(yield func(int) bool) {
	for yield(rand.Int()) {
	}
}

func (c *cluster) leaf() { c.add(rand.Intn(5)) }

func (c *cluster) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func (c *cluster) look() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func (c *cluster) rounds(m map[int]bool) {
	pointers := make(map[*int]bool)
	for k := range m {
		pointers[&k] = true
	}
	for p := range pointers {
		c.add(*p)
	}
}

// small is inlined, mostly.
func small(f func()) { begin(f) }

func begin(f func()) { go f() }
