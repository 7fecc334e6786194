package bugs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// The answer comes after the time-out, and nobody takes it.
func TestAnswerTooLate(t *testing.T) {
	answer := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		steps(20)
		answer <- 1
	}()
	select {
	case <-answer:
	case <-time.After(4 * time.Millisecond):
	}
}

// Three are asked, the first answer counts, two are left with theirs.
func TestOtherAnswers(t *testing.T) {
	answers := make(chan int)
	for i := range 3 {
		go func() {
			time.Sleep(time.Duration(i) * time.Millisecond)
			answers <- i
		}()
	}
	<-answers
}

// A subscriber waits for news of a publisher that has returned early.
func TestNoMoreNews(t *testing.T) {
	news := make(chan string)
	publish := func(all []string) error {
		for _, what := range all {
			if what == "" {
				return errors.New("there is nothing to tell")
			}
			news <- what
		}
		close(news)
		return nil
	}
	go func() {
		for range news {
		}
	}()
	if publish([]string{"rain", ""}) == nil {
		t.Error("an empty piece of news is told")
	}
}

// The request is cancelled while its worker is about to hand over the result.
func TestResultAfterCancel(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Millisecond)
	defer cancel()
	result := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		steps(20)
		result <- 1
	}()
	select {
	case <-result:
	case <-ctx.Done():
	}
}

// The first error ends the wait, and the workers behind it want to tell theirs.
func TestFirstErrorReturns(t *testing.T) {
	errs := make(chan error)
	check := func(n int) error {
		if n%2 == 1 {
			return errors.New("odd")
		}
		return nil
	}
	run := func() error {
		for i := range 4 {
			go func() { errs <- check(i) }()
		}
		for range 4 {
			if err := <-errs; err != nil {
				return err
			}
		}
		return nil
	}
	if run() == nil {
		t.Error("no number is odd")
	}
}

// The last stage of a pipeline breaks off, and the first one sends into nothing.
func TestPipelineBreaksOff(t *testing.T) {
	numbers, squares := make(chan int), make(chan int)
	go func() {
		defer close(numbers)
		for i := range 10 {
			numbers <- i
		}
	}()
	go func() {
		defer close(squares)
		for n := range numbers {
			squares <- n * n
		}
	}()
	for n := range squares {
		if n > 10 {
			break
		}
	}
}

// A ticker that is stopped does not end the loop over its ticks.
func TestTickerStopped(t *testing.T) {
	tick := time.NewTicker(time.Millisecond)
	go func() {
		for range tick.C {
		}
	}()
	time.Sleep(3 * time.Millisecond)
	tick.Stop()
}

// A watcher waits for the end of a context that nobody ends.
func TestNeverCancelled(t *testing.T) {
	watch := func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		go func() {
			defer cancel()
			<-ctx.Done()
		}()
	}
	watch(context.Background())
	time.Sleep(time.Millisecond)
}

// A worker takes its lock, waits for a reply that does not come any more, and another
// one waits for the lock.
func TestLeftWithLock(t *testing.T) {
	var mu sync.Mutex
	replies := make(chan int)
	ask := func() {
		mu.Lock()
		defer mu.Unlock()
		<-replies
	}
	go ask()
	go ask()
	replies <- 1
	time.Sleep(time.Millisecond)
}

// Whoever waits for a change is left when the owner goes without a word.
func TestOwnerGone(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	version, seen := 0, make(chan int, 2)
	for range 2 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for version == 0 {
				changed.Wait()
			}
			seen <- version
		}()
	}
	time.Sleep(2 * time.Millisecond)
	mu.Lock()
	version = 1
	mu.Unlock()
	changed.Signal() // there are two of them
	<-seen
}
