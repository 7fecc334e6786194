package waits

import (
	"fmt"
	"log"
	"sync"
	"testing"
	"time"
)

type box struct {
	c    chan int
	next *box
}

//go:noinline
func (b *box) send(n int) { b.c <- n }

// busy makes goroutines and garbage, so that numbers and addresses differ from run to run.
func busy() {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 100 {
				_ = make([]byte, 1<<12)
				time.Sleep(time.Microsecond)
			}
		})
	}
	wg.Wait()
}

func TestClosed(t *testing.T) {
	busy()
	b := &box{c: make(chan int)}
	close(b.c)
	go b.send(1)
	time.Sleep(time.Millisecond)
}

func TestNilPointer(t *testing.T) {
	busy()
	var b *box
	go b.send(1)
	time.Sleep(time.Millisecond)
}

func TestPanicsWithPointer(t *testing.T) {
	busy()
	go func() { panic(&box{}) }()
	time.Sleep(time.Millisecond)
}

func TestPanicsTwice(t *testing.T) {
	busy()
	defer func() {
		panic(fmt.Sprintf("and again at %p", &box{}))
	}()
	panic(&box{})
}

func TestUnlocked(t *testing.T) {
	busy()
	go func() { time.Sleep(time.Hour) }()
	var mu sync.Mutex
	mu.Unlock()
}

func TestLogsFatally(t *testing.T) {
	busy()
	log.Fatalf("%p is no box", &box{})
}

var shared int

func TestRaces(t *testing.T) {
	busy()
	b := &box{c: make(chan int)}
	go func() { b.next = b; shared++ }()
	go func() { b.next = nil; shared++ }()
	time.Sleep(time.Millisecond)
}

// A goroutine logs when its test has ended, of which it has not heard.
func TestLogsLate(t *testing.T) {
	busy()
	t.Run("part", func(t *testing.T) {
		go func() {
			time.Sleep(time.Millisecond)
			t.Log("late")
		}()
	})
}
