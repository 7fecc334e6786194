// Package kernels has small programs with one bug of a known depth each, in the way in
// which ordinary Go has them: goroutines, locks, channels. First come first served does
// not show any.
package kernels

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
)

// steps takes n steps of a goroutine: at each it can lose its turn.
func steps(n int) {
	for range n {
		var mu sync.Mutex
		mu.Lock()
		mu.Unlock()
	}
}

// both runs two functions at once.
func both(a, b func()) {
	var wg sync.WaitGroup
	wg.Go(a)
	wg.Go(b)
	wg.Wait()
}

// order is an order violation: a value is used before it was set.
func order() (bug bool) {
	set := false
	both(func() { steps(3); set = true }, func() { steps(3); bug = !set })
	return bug
}

// update is a lost update: two add to a number that each of them reads before.
func update() bool {
	n := 0
	add := func() {
		steps(2)
		was := n
		steps(1)
		n = was + 1
	}
	both(add, add)
	return n != 2
}

// atomicity is an atomicity violation: a value is looked at, another goroutine takes
// it away, and it is used.
func atomicity() (bug bool) {
	there := true
	both(
		func() {
			steps(3)
			if there {
				steps(1)
				bug = !there
			}
		},
		func() { steps(5); there = false },
	)
	return bug
}

// changes wants that two goroutines are each left at one step: a flag is up for one
// step, and the other one must look at it then, and again after it.
func changes() (bug bool) {
	busy := false
	both(
		func() {
			steps(2)
			busy = true
			steps(1)
			busy = false
		},
		func() {
			steps(4)
			first := busy
			steps(1)
			bug = first && !busy
		},
	)
	return bug
}

// handover is a select that may find both of its channels ready: the last value is
// lost if it takes the end for one.
func handover() bool {
	values, done := make(chan int, 1), make(chan bool)
	got := 0
	both(
		func() {
			steps(1)
			values <- 1
			steps(1)
			close(done)
		},
		func() {
			steps(3)
			select {
			case <-done:
			case v := <-values:
				got = v
			}
		},
	)
	return got == 0
}

// noisy is a program among goroutines that have nothing to do with its bug.
func noisy(fn func() bool, n int) func() bool {
	return func() bool {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { steps(4) })
		}
		bug := fn()
		wg.Wait()
		return bug
	}
}

var kernels = map[string]func() bool{
	"order": order, "update": update, "atomicity": atomicity, "changes": changes, "handover": handover,
	"noisy-order": noisy(order, 5), "noisy-update": noisy(update, 3),
}

func kernel(t *testing.T) func() bool {
	fn := kernels[os.Getenv("KERNEL")]
	if fn == nil {
		t.Skip("KERNEL names none")
	}
	return fn
}

// TestOnce runs a kernel as a test.
func TestOnce(t *testing.T) {
	if kernel(t)() {
		t.Error("the bug shows")
	}
}

// TestMany runs it so often, each time in a bubble with a schedule of its own, and
// says in how many the bug shows.
func TestMany(t *testing.T) {
	fn := kernel(t)
	runs, err := strconv.Atoi(os.Getenv("RUNS"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for range runs {
		synctest.Test(t, func(t *testing.T) {
			if fn() {
				found++
			}
		})
	}
	fmt.Printf("found %d\n", found)
}
