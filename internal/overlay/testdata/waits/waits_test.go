// Package waits has one test for each kind of wait that does not end. What is said of them
// is in waits.txt.
package waits

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(time.Millisecond)
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= n
	to.balance += n
}

// Two locks in two orders.
func TestTwoLocks(t *testing.T) {
	var a, b account
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		transfer(&a, &b, 1)
	}()
	go func() {
		defer wg.Done()
		transfer(&b, &a, 1)
	}()
	wg.Wait()
}

// A lock that is taken twice.
func TestTwice(t *testing.T) {
	var mu sync.Mutex
	locked := func() {
		mu.Lock()
		defer mu.Unlock()
	}
	mu.Lock()
	defer mu.Unlock()
	locked()
}

// A reader who reads again behind a writer.
func TestReadsAgain(t *testing.T) {
	var mu sync.RWMutex
	go func() {
		time.Sleep(time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
	}()
	mu.RLock()
	defer mu.RUnlock()
	time.Sleep(2 * time.Millisecond)
	mu.RLock()
	defer mu.RUnlock()
}

// Somebody who has ended and kept a lock, and many who wait for it.
func TestKept(t *testing.T) {
	var mu sync.Mutex
	n := 0
	add := func() error {
		mu.Lock()
		if n++; n == 1 {
			return errors.New("the first")
		}
		mu.Unlock()
		return nil
	}
	for range 5 {
		go add()
	}
	time.Sleep(time.Millisecond)
	add()
}

type server struct {
	mu      sync.Mutex
	n       int
	answers chan int
}

func (s *server) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n = <-s.answers
}

func (s *server) answer() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers <- s.n
}

// A lock and a channel.
func TestLockAndChannel(t *testing.T) {
	s := &server{answers: make(chan int)}
	go s.ask()
	time.Sleep(time.Millisecond)
	s.answer()
}

// A sender whom nobody hears, and who holds up the next.
func TestNobodyReceives(t *testing.T) {
	work, results := make(chan int), make(chan int, 1)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case w := <-work:
				results <- w
			case <-stop:
				return
			}
		}
	}()
	for i := range 4 {
		work <- i
	}
}

// A channel that nobody closes, and a select without an end.
func TestNobodyCloses(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	items, failed := make(chan int), make(chan error)
	go func() {
		items <- 1
	}()
	for {
		select {
		case <-items:
		case err := <-failed:
			t.Error(err)
		case <-ctx.Done():
			return
		}
	}
}

// A wait group that somebody leaves out.
func TestNotDone(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			if i == 1 {
				return
			}
			defer wg.Done()
			time.Sleep(time.Millisecond)
		}()
	}
	wg.Wait()
}

// A condition that was signalled too early.
func TestSignalledEarly(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	go changed.Signal()
	time.Sleep(time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	changed.Wait()
}

// A channel that is nil, and a subtest.
func TestNil(t *testing.T) {
	t.Run("inside", func(t *testing.T) {
		var c chan int
		c <- 1
	})
}

// A pipe of package io, which waits in the standard library.
func TestLibrary(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	io.ReadAll(r)
}

// A test that gives up waiting.
func TestGivesUp(t *testing.T) {
	var mu sync.Mutex
	c, done := make(chan int), make(chan bool)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c <- 1
	}()
	go func() {
		time.Sleep(time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		<-c
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		t.Fatal("timed out waiting")
	}
}

// A test that fails for another reason has no need of that.
func TestJustFails(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1 }()
	go func() { c <- 2 }()
	if got := <-c; got != 3 {
		t.Errorf("got %d, want 3", got%1)
	}
}
