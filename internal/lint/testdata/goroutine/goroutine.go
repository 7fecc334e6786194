package goroutine

import (
	"context"
	"sync"
)

func flagged(a, b chan int, ctx context.Context) {
	go println() // want:goroutine
	select {     // want:goroutine
	case <-a:
	case b <- 1:
	}
	var wg sync.WaitGroup
	wg.Go(func() {})                          // want:goroutine
	defer context.AfterFunc(ctx, func() {})() // want:goroutine
}

func fine(a chan int) {
	select {
	case <-a:
	default:
	}
	a <- 1
}
