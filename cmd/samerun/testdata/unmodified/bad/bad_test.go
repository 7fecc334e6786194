package bad

import (
	"log"
	"sync"
	"testing"
	"time"
)

func TestPanic(t *testing.T) {
	go func() {
		time.Sleep(time.Second)
		panic("out of luck")
	}()
	time.Sleep(time.Hour)
}

func TestLog(t *testing.T) {
	go func() {
		time.Sleep(time.Second)
		log.Fatal("cannot go on")
	}()
	time.Sleep(time.Hour)
}

func TestLocks(t *testing.T) {
	var a, b sync.Mutex
	go func() {
		a.Lock()
		time.Sleep(time.Second)
		b.Lock()
	}()
	b.Lock()
	time.Sleep(time.Second)
	a.Lock()
}

func TestSpins(t *testing.T) {
	for x := uint64(1); x != 0; x = 6364136223846793005*x + 1442695040888963407 {
	}
}

func TestSlow(t *testing.T) {
	for {
		time.Sleep(time.Second)
	}
}

func TestGivesUp(t *testing.T) {
	var mu sync.Mutex
	c, done := make(chan int), make(chan bool)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		c <- 1
	}()
	go func() {
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		<-c
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("timed out waiting")
	}
}
