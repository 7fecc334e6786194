package bugs

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The consumer ends when it is told to, and the producer, which looks only before it
// sends, has one more for it.
func TestCancelBeforeSend(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	items := make(chan int)
	together(
		func() {
			for i := range 3 {
				if ctx.Err() != nil {
					return
				}
				items <- i
			}
		},
		func() {
			for {
				select {
				case <-items:
				case <-ctx.Done():
					return
				}
			}
		},
		func() {
			time.Sleep(500 * time.Microsecond)
			cancel()
		},
	)
}

// Two workers see that they are the last one by a count that they read before they take
// themselves off it: neither closes the channel that the reader ranges over.
func TestNobodyCloses(t *testing.T) {
	var mu sync.Mutex
	left := 2
	results := make(chan int, 4)
	worker := func() {
		results <- 1
		mu.Lock()
		last := left == 1
		mu.Unlock()
		mu.Lock()
		left--
		mu.Unlock()
		if last {
			close(results)
		}
	}
	go worker()
	go worker()
	sum := 0
	for n := range results {
		sum += n
	}
	want(t, "the sum", sum, 2)
}

// server can be stopped by anybody; Stop looks whether somebody else was first.
type server struct {
	quit chan struct{}
}

func (s *server) stop() {
	select {
	case <-s.quit:
	default:
		close(s.quit)
	}
}

func TestStoppedTwice(t *testing.T) {
	s := &server{quit: make(chan struct{})}
	var mu sync.Mutex
	reason := ""
	fail := func(why string) func() {
		return func() {
			mu.Lock()
			reason += why
			mu.Unlock()
			s.stop()
		}
	}
	together(fail("disk full, "), fail("out of memory, "))
	want(t, "the length of the reasons", len(reason), 26)
}

// news are sent to a subscriber who may hang up: whether he has is looked up behind a
// lock, and the letter goes out after it.
type subscriber struct {
	mu   sync.Mutex
	gone bool
	news chan string
}

func (s *subscriber) tell(what string) {
	s.mu.Lock()
	gone := s.gone
	s.mu.Unlock()
	if !gone {
		s.news <- what
	}
}

func (s *subscriber) hangUp() {
	s.mu.Lock()
	s.gone = true
	s.mu.Unlock()
	close(s.news)
}

func TestToldAfterHangUp(t *testing.T) {
	s := &subscriber{news: make(chan string, 8)}
	together(
		func() {
			s.tell("rain")
			s.tell("sun")
		},
		func() {
			time.Sleep(200 * time.Microsecond)
			s.hangUp()
		},
	)
}

// A field that is a channel is made by one goroutine and read by another, which may be
// early: nobody ever sends on the one that it got.
func TestNilChannel(t *testing.T) {
	var mu sync.Mutex
	var ready chan bool
	field := func() chan bool {
		mu.Lock()
		defer mu.Unlock()
		return ready
	}
	together(
		func() {
			made := make(chan bool)
			mu.Lock()
			ready = made
			mu.Unlock()
			close(made)
		},
		func() {
			time.Sleep(200 * time.Microsecond)
			<-field()
		},
	)
}

// Of two channels that are both ready, select takes any: the last job is forgotten if
// the end of the work is looked at first.
func TestLastJobForgotten(t *testing.T) {
	jobs, quit := make(chan int, 4), make(chan bool)
	done := 0
	together(
		func() {
			for {
				select {
				case <-jobs:
					done++
				case <-quit:
					return
				}
			}
		},
		func() {
			for i := range 4 {
				jobs <- i
			}
			time.Sleep(300 * time.Microsecond)
			close(quit)
		},
	)
	want(t, "jobs done", done, 4)
}

// The bell is rung without waiting, and nobody hears it who is not at the door: he has
// seen that there is no work, and is on his way to wait for the bell.
func TestBellUnheard(t *testing.T) {
	var mu sync.Mutex
	work := 0
	bell := make(chan struct{})
	together(
		func() {
			for {
				mu.Lock()
				have := work
				mu.Unlock()
				if have > 0 {
					return
				}
				<-bell
			}
		},
		func() {
			time.Sleep(200 * time.Microsecond)
			mu.Lock()
			work++
			mu.Unlock()
			select {
			case bell <- struct{}{}:
			default:
			}
		},
	)
}

// A token that is taken is not given back on the path of an error.
func TestTokenKept(t *testing.T) {
	tokens := make(chan struct{}, 1)
	var failing atomic.Bool
	fetch := func() {
		tokens <- struct{}{}
		if failing.Load() {
			return
		}
		<-tokens
	}
	thrice := func() {
		for range 3 {
			fetch()
		}
	}
	together(thrice, thrice, func() {
		time.Sleep(500 * time.Microsecond)
		failing.Store(true)
	})
}

// The answer and the question go over two channels without buffers; a client that gives
// up half-way asks again, while the desk still wants to hand over the old answer.
func TestQuestionAgainstAnswer(t *testing.T) {
	questions, answers := make(chan int), make(chan int)
	together(
		func() {
			for q := range questions {
				steps(20)
				answers <- 2 * q
			}
		},
		func() {
			defer close(questions)
			for _, q := range []int{1, 2} {
				questions <- q
				select {
				case <-answers:
				case <-time.After(2 * time.Millisecond):
				}
			}
		},
	)
}

// A timer that has gone off was read already: to wait for it again after Stop is to
// wait for ever.
func TestTimerDrainedTwice(t *testing.T) {
	calls := make(chan int)
	together(
		func() {
			idle := time.NewTimer(4 * time.Millisecond)
			for range 2 {
				select {
				case <-calls:
				case <-idle.C:
					<-calls // it may be late
				}
				if !idle.Stop() {
					<-idle.C
				}
				idle.Reset(4 * time.Millisecond)
			}
		},
		func() {
			for i := range 2 {
				time.Sleep(time.Millisecond)
				steps(20)
				calls <- i
			}
		},
	)
}
