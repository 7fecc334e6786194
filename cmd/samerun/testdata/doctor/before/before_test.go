package before

import (
	"sync"
	"testing"
	"time"
)

type server struct{ questions, answers chan int }

var servers [4]server

func init() {
	for i := range servers {
		s := server{make(chan int), make(chan int)}
		servers[i] = s
		go func() {
			for q := range s.questions {
				time.Sleep(time.Millisecond)
				s.answers <- q + 1
			}
		}()
	}
}

// TestAsk asks several servers that were there before the test.
func TestAsk(t *testing.T) {
	var wg sync.WaitGroup
	for _, s := range servers {
		wg.Go(func() {
			for i := range 20 {
				s.questions <- i
				<-s.answers
			}
		})
	}
	wg.Wait()
}
