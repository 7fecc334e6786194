// Package worldleft has tests that leave goroutines behind, and others behind them.
package worldleft

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// TestQuiet leaves one that waits for ever, which nobody notices.
func TestQuiet(t *testing.T) {
	go func() { select {} }()
	time.Sleep(time.Millisecond)
}

func course(t *testing.T) {
	var mu sync.Mutex
	var words []any
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			mu.Lock()
			words = append(words, i)
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println(append([]any{t.Name(), time.Now().UTC().Format("15:04:05.000000")}, words...)...)
}

func TestAfterQuiet(t *testing.T) { course(t) }

// TestBusy leaves three that never wait.
func TestBusy(t *testing.T) {
	for range 3 {
		go func() {
			for {
				runtime.Gosched()
			}
		}()
	}
	time.Sleep(time.Millisecond)
}

func TestAfterBusy(t *testing.T) { course(t) }

// TestTimer leaves one that goes off in an hour.
func TestTimer(t *testing.T) {
	time.AfterFunc(time.Hour, func() {})
	_, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
}

func TestAfterTimer(t *testing.T) { course(t) }
