package leaks

import (
	"context"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pool is for a worker of the package's, which waits for work from any test.
var pool chan func()

var poolLock sync.Mutex

func TestAlivePackageVariable(t *testing.T) {
	pool = make(chan func())
	go func() {
		for f := range pool {
			f()
		}
	}()
	poolLock.Lock()
	go func() { poolLock.Lock(); poolLock.Unlock() }()
	settle()
}

func TestAliveSleeper(t *testing.T) {
	go time.Sleep(time.Hour)
	go func() { <-time.After(time.Hour) }()
	go func() {
		select {
		case <-make(chan int):
		case <-time.NewTimer(time.Hour).C:
		}
	}()
	go func() {
		for range time.Tick(time.Minute) {
		}
	}()
	settle()
}

type holder struct {
	inner map[string]*holder
	c     chan int
	any   any
	f     func()
	mu    sync.Mutex
	cond  *sync.Cond
	wg    sync.WaitGroup
}

// One who sleeps will come to it, by each way that leads there.
func TestAliveBySleeper(t *testing.T) {
	wait := func(f func()) { go f() }

	c1 := make(chan int)
	wait(func() { <-c1 })
	go func() { time.Sleep(time.Hour); c1 <- 1 }()

	h := &holder{inner: map[string]*holder{"x": {c: make(chan int), any: make(chan string), cond: sync.NewCond(new(sync.Mutex))}}}
	x := h.inner["x"]
	c2 := make(chan int)
	x.f = func() { close(c2) }
	x.wg.Add(1)
	x.mu.Lock()
	wait(func() { <-x.c })
	wait(func() { <-x.any.(chan string) })
	wait(func() { <-c2 })
	wait(func() { x.mu.Lock(); x.mu.Unlock() })
	wait(func() { x.wg.Wait() })
	wait(func() { x.cond.L.Lock(); x.cond.Wait() })
	go func() { time.Sleep(time.Hour); h.inner["x"].f() }()

	c3 := make(chan int)
	wait(func() { <-c3 })
	go func() {
		defer close(c3)
		time.Sleep(time.Hour)
	}()

	// A variable on its stack whose address it has given away.
	c4, c5 := make(chan int), make(chan chan int, 1)
	wait(func() { <-c4 })
	c5 <- c4
	go func() {
		var on [3]chan int
		fill(&on, <-c5)
		time.Sleep(time.Hour)
		drain(&on)
	}()
	settle()
}

//go:noinline
func fill(on *[3]chan int, c chan int) { on[1] = c }

//go:noinline
func drain(on *[3]chan int) { close(on[1]) }

// One that waits for one that waits for one who sleeps.
func TestAliveChain(t *testing.T) {
	cs := make([]chan int, 20)
	for i := range cs {
		cs[i] = make(chan int)
	}
	for i := range len(cs) - 1 {
		from, to := cs[i+1], cs[i]
		go func() { to <- <-from }()
	}
	go func() { <-cs[0] }()
	last := cs[len(cs)-1]
	go func() { time.Sleep(time.Hour); last <- 1 }()
	settle()
}

func TestAliveTimer(t *testing.T) {
	c1, c2 := make(chan int), make(chan int)
	time.AfterFunc(time.Hour, func() { close(c1) })
	go func() { <-c1 }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	_ = cancel
	go func() { <-ctx.Done() }()
	context.AfterFunc(ctx, func() { close(c2) })
	go func() { <-c2 }()
	settle()
}

type finalized struct{ c chan int }

func TestAliveFinalizer(t *testing.T) {
	c1, c2 := make(chan int), make(chan int)
	func() {
		runtime.SetFinalizer(&finalized{c1}, func(f *finalized) { close(f.c) })
		runtime.AddCleanup(new([64]*int), func(c chan int) { close(c) }, c2)
	}()
	go func() { <-c1 }()
	go func() { <-c2 }()
	settle()
}

// Those who wait for what others send over the network of the test wait for no goroutine.
func TestAliveNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { c.Read(make([]byte, 1)) }()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan int)
	go func() {
		n, _ := c.Read(make([]byte, 1))
		answer <- n
	}()
	go func() { <-answer }()
	settle()
}

// Goroutines that are about to end are none, nor those that spin.
func TestAliveBusy(t *testing.T) {
	var n atomic.Int64
	c := make(chan int)
	go func() {
		for n.Load() < 1<<40 {
			runtime.Gosched()
		}
		close(c)
	}()
	go func() { <-c }()
	settle()
}

func TestAliveNone(t *testing.T) {}
