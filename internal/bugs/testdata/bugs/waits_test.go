package bugs

import (
	"sync"
	"testing"
	"time"
)

// The door is looked at without the lock, and opened before its watcher waits for it.
func TestSignalBeforeWait(t *testing.T) {
	var mu sync.Mutex
	opened := sync.NewCond(&mu)
	open := false
	together(
		func() {
			mu.Lock()
			closed := !open
			mu.Unlock()
			if closed {
				mu.Lock()
				opened.Wait()
				mu.Unlock()
			}
		},
		func() {
			time.Sleep(200 * time.Microsecond)
			mu.Lock()
			open = true
			mu.Unlock()
			opened.Broadcast()
		},
	)
}

// shelf wakes one who waits when something comes or goes, and that one may be of the
// kind that waits for the opposite.
type shelf struct {
	mu      sync.Mutex
	changed *sync.Cond
	n       int
}

func (s *shelf) put() {
	s.mu.Lock()
	for s.n == 1 {
		s.changed.Wait()
	}
	s.n++
	s.changed.Signal()
	s.mu.Unlock()
}

func (s *shelf) take() {
	s.mu.Lock()
	for s.n == 0 {
		s.changed.Wait()
	}
	s.n--
	s.changed.Signal()
	s.mu.Unlock()
}

func TestWrongOneWoken(t *testing.T) {
	s := new(shelf)
	s.changed = sync.NewCond(&s.mu)
	together(s.put, s.take, s.put, s.take)
}

// The leader ends on an error and tells nobody: its followers wait for the next step.
func TestLeaderStops(t *testing.T) {
	var mu sync.Mutex
	next := sync.NewCond(&mu)
	step, broken := 0, false
	follower := func() {
		mu.Lock()
		defer mu.Unlock()
		for step < 3 {
			next.Wait()
		}
	}
	leader := func() {
		for range 3 {
			mu.Lock()
			if broken {
				mu.Unlock()
				return
			}
			step++
			mu.Unlock()
			next.Broadcast()
		}
	}
	together(follower, follower, leader, func() {
		time.Sleep(300 * time.Microsecond)
		mu.Lock()
		broken = true
		mu.Unlock()
	})
}

// One who is not there any more is waited for: a goroutine returns early without
// saying that it is done.
func TestNotDone(t *testing.T) {
	var mu sync.Mutex
	open := true
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		if !open {
			return
		}
		wg.Done()
	}()
	time.Sleep(200 * time.Microsecond)
	mu.Lock()
	open = false
	mu.Unlock()
	wg.Wait()
}

// Goroutines add themselves to a group when they begin; who waits for it may come
// before them.
func TestAddedTooLate(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 3 {
		go func() {
			wg.Add(1)
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			done++
		}()
	}
	time.Sleep(300 * time.Microsecond) // "they have begun by now"
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	want(t, "done", done, 3)
}

// A job that takes too long is counted as done by the watch, and then by itself.
func TestDoneTwice(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	var mu sync.Mutex
	state := "waits"
	late := time.AfterFunc(3*time.Millisecond, wg.Done)
	go func() {
		time.Sleep(time.Millisecond)
		steps(20)
		mu.Lock()
		state = "done"
		mu.Unlock()
		late.Stop()
		wg.Done()
	}()
	wg.Wait()
	time.Sleep(5 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	if state != "done" {
		t.Error("it is not done yet")
	}
}

// A semaphore in a loop of its own: two goroutines need two permits each, and take them
// one by one.
func TestPermitsOneByOne(t *testing.T) {
	permits := make(chan struct{}, 2)
	use := func() {
		permits <- struct{}{}
		permits <- struct{}{}
		<-permits
		<-permits
	}
	together(use, use)
}
