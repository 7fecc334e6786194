package streams

import (
	"io"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"samerun/sim"
	"samerun/sim/fault"
)

// restarts is a plan: the server crashes three times.
func restarts(w *sim.World) fault.Plan {
	s := fault.Schedule{Quiet: 20 * time.Second}
	if w.Seed() == 0 {
		return s
	}
	for i := range 3 {
		at := time.Duration(i)*6*time.Second + time.Duration(w.Rand().Int64N(int64(3*time.Second)))
		long := time.Millisecond + time.Duration(w.Rand().Int64N(int64(3*time.Second)))
		s.Faults = append(s.Faults, fault.Fault{Kind: fault.Crash, At: at, For: long, Nodes: []string{"server"}})
	}
	return s
}

// Whenever the server restarts: a stream has each number once and in order, up to its end or to
// an error, and it has no end before its last number; a call that is answered was done, and none
// is done twice; and when the server stays up, both work.
func TestRestarts(t *testing.T) {
	sim.Test(t, func(w *sim.World) {
		done := make(map[uint64]int) // how often, over all incarnations
		w.Node("server").Run(func() error { return serve(&service{taken: func(n uint64) { done[n]++ }}) })
		over := make(chan bool, 2)
		w.Node("client").Run(func() error {
			c, err := dial("server")
			if err != nil {
				return err
			}
			go func() {
				for first, last := uint64(1000), false; !last; first += 1000 {
					last = w.Elapsed() > 20*time.Second
					next := first
					err := count(c, first, func(n uint64) {
						if n != next {
							w.Failf("a stream has %d where %d is due", n, next)
						}
						next++
					})
					whole := next == first+length
					switch {
					case err == io.EOF && !whole:
						w.Failf("a stream ends after %d numbers of %d", next-first, length)
					case err != io.EOF && status.Code(err) != codes.Unavailable:
						w.Failf("a stream ends by %v", err)
					case err != io.EOF && last:
						w.Failf("a stream ends by %v, and the server has long been up", err)
					}
					w.Sometimes("a stream breaks in the middle", err != io.EOF && next > first && !whole)
				}
				over <- true
			}()
			go func() {
				for n, last := uint64(1), false; !last; n++ {
					last = w.Elapsed() > 25*time.Second
					err := take(c, n)
					switch code := status.Code(err); {
					case err == nil && done[n] != 1:
						w.Failf("call %d was answered, and done %d times", n, done[n])
					case done[n] > 1:
						w.Failf("call %d was done %d times", n, done[n])
					case err != nil && code != codes.Unavailable && code != codes.DeadlineExceeded:
						w.Failf("call %d ends by %v", n, err)
					case err != nil && last:
						w.Failf("call %d ends by %v, and the server has long been up", n, err)
					}
					w.Sometimes("a call that was done ends by an error", err != nil && done[n] == 1)
					w.Sometimes("a call is in vain", err != nil && done[n] == 0)
					time.Sleep(10 * time.Millisecond)
				}
				over <- true
			}()
			return nil
		})
		w.Inject(restarts(w), 20*time.Second)
		for range 2 {
			select {
			case <-over:
			case <-time.After(2 * time.Minute):
				w.Failf("the client hangs")
			}
		}
	}, sim.Goroutines)
}
