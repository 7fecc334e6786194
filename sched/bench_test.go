package sched

import (
	"fmt"
	"iter"
	"math"
	"strconv"
	"sync"
	"testing"
	"time"
)

func bench(b *testing.B, seed uint64, fn func(s *Scheduler)) {
	b.Helper()
	benchWith(b, Config{Seed: seed}, fn)
}

func benchWith(b *testing.B, cfg Config, fn func(s *Scheduler)) {
	b.Helper()
	cfg.MaxSteps, cfg.Stall = math.MaxInt, time.Hour
	s, err := New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	if err := s.Run(func() { fn(s) }); err != nil {
		b.Fatal(err)
	}
}

// The raw coroutine switch, there and back: what a task switch is held against.
func BenchmarkRawPull(b *testing.B) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	for b.Loop() {
		next()
	}
}

// The bare switch: two tasks that yield to each other, one there-and-back an
// iteration. Hold it against BenchmarkRawPull of the same run.
func BenchmarkYield(b *testing.B) {
	for _, c := range []struct {
		name string
		seed uint64
	}{{"fifo", 0}, {"random", 1}} {
		b.Run(c.name, func(b *testing.B) {
			bench(b, c.seed, func(s *Scheduler) {
				stop := false
				Go(func() {
					for !stop {
						s.Yield()
					}
				})
				before := s.Steps()
				for b.Loop() {
					s.Yield()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(s.Steps()-before), "ns/switch")
				stop = true
			})
		})
	}
}

// The strategies beside each other: tasks that pass a value round a ring of
// channels (one is ready, and for a moment two) or that all yield, ready together.
// Hold them against fifo of the same run.
func BenchmarkStrategy(b *testing.B) {
	for _, c := range []struct {
		name string
		make func() Strategy
	}{
		{"fifo", func() Strategy { return &FIFO{} }},
		{"random", func() Strategy { return NewRandom(1) }},
		{"walk", func() Strategy { return NewWalk(1) }},
		{"pct", func() Strategy { return NewPCT(1, 3, 1000) }}, // and then fair
		{"pos", func() Strategy { return NewPOS(1) }},
		{"delay", func() Strategy { return NewDelay(1, 3, 1000) }},
		{"deviating", func() Strategy { return NewDeviating(&FIFO{}, nil) }},
		{"recording-fifo", func() Strategy { return NewRecording(&FIFO{}) }},
		{"recording-random", func() Strategy { return NewRecording(NewRandom(1)) }},
	} {
		b.Run("ring-of-10/"+c.name, func(b *testing.B) { benchRing(b, c.make(), 10) })
		for _, n := range []int{2, 100} {
			b.Run(fmt.Sprintf("yield-among-%d/%s", n, c.name), func(b *testing.B) { benchYield(b, c.make(), n) })
		}
	}
}

func benchRing(b *testing.B, strategy Strategy, n int) {
	benchWith(b, Config{Strategy: strategy}, func(s *Scheduler) {
		ring := make([]*Chan[int], n)
		for i := range ring {
			ring[i] = MakeChan[int](0)
		}
		for i := range n - 1 {
			Go(func() {
				for v := range ring[i].All() {
					ring[i+1].Send(v)
				}
			})
		}
		before := s.Steps()
		for b.Loop() {
			ring[0].Send(1)
			ring[n-1].Recv()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(s.Steps()-before), "ns/switch")
	})
}

func benchYield(b *testing.B, strategy Strategy, n int) {
	benchWith(b, Config{Strategy: strategy}, func(s *Scheduler) {
		stop := false
		for range n - 1 {
			Go(func() {
				for !stop {
					s.Yield()
				}
			})
		}
		before := s.Steps()
		for b.Loop() {
			s.Yield()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(s.Steps()-before), "ns/switch")
		stop = true
	})
}

// A value there and one back over two channels.
func BenchmarkPingPong(b *testing.B) {
	for _, c := range []struct {
		name string
		seed uint64
	}{{"fifo", 0}, {"random", 1}} {
		b.Run(c.name, func(b *testing.B) {
			bench(b, c.seed, func(s *Scheduler) {
				ping, pong := MakeChan[int](0), MakeChan[int](0)
				Go(func() {
					for range ping.All() {
						pong.Send(1)
					}
				})
				for b.Loop() {
					ping.Send(1)
					pong.Recv()
				}
				ping.Close()
			})
		})
	}
}

func BenchmarkSleep(b *testing.B) {
	bench(b, 1, func(s *Scheduler) {
		for b.Loop() {
			s.Sleep(time.Millisecond)
		}
	})
}

func BenchmarkGo(b *testing.B) {
	bench(b, 1, func(s *Scheduler) {
		var wg WaitGroup
		for b.Loop() {
			wg.Add(1)
			Go(wg.Done)
			wg.Wait()
		}
	})
}

func BenchmarkMutex(b *testing.B) {
	bench(b, 1, func(s *Scheduler) {
		var m Mutex
		for b.Loop() {
			m.Lock()
			//lint:ignore SA2001 the pair is what is measured
			m.Unlock()
		}
	})
}

// What the standard library's takes. Hold BenchmarkMutex against it.
func BenchmarkSyncMutex(b *testing.B) {
	var m sync.Mutex
	for b.Loop() {
		m.Lock()
		//lint:ignore SA2001 the pair is what is measured
		m.Unlock()
	}
}

// A hundred tasks that yield in turn.
func BenchmarkYieldAmong100(b *testing.B) {
	bench(b, 0, func(s *Scheduler) {
		stop := false
		for range 99 {
			Go(func() {
				for !stop {
					s.Yield()
				}
			})
		}
		before := s.Steps()
		for b.Loop() {
			s.Yield()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(s.Steps()-before), "ns/switch")
		stop = true
	})
}

// What the same ping-pong costs with goroutines and channels.
func BenchmarkGoroutinePingPong(b *testing.B) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for range ping {
			pong <- 1
		}
	}()
	for b.Loop() {
		ping <- 1
		<-pong
	}
	close(ping)
}

// The decisions alone, without tasks: an Add and a Next among 2 and 20 ready ones.
func BenchmarkDecision(b *testing.B) {
	for _, text := range []string{"fifo", "random", "walk", "pct:3:1000", "pos", "delay:3:1000"} {
		for _, n := range []int{2, 20} {
			b.Run(text+"/"+strconv.Itoa(n), func(b *testing.B) {
				s := newStrategy(b, text, 1)
				g := &Group{}
				for i := range n {
					x := &Task{id: taskID(i), group: g, state: isReady, readied: 1}
					s.Add(x)
				}
				for b.Loop() {
					x := s.Next()
					x.readied++
					s.Add(x)
				}
			})
		}
	}
}
