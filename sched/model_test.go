package sched

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A channel is a queue: whatever the schedule, each value that was sent is
// received once, and those of one sender in the order of sending.
func TestChanIsAQueue(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(0, 4).Draw(rt, "size")
		counts := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 5).Draw(rt, "values of each sender")
		receivers := rapid.IntRange(1, 4).Draw(rt, "receivers")
		ways := rapid.SliceOfN(rapid.IntRange(0, 3), 1, 8).Draw(rt, "ways")
		seed := rapid.Uint64().Draw(rt, "seed")
		got := make([][]int, receivers)
		order := []int{} // of all, as they came out
		mustRun(rt, Config{Seed: seed}, func(s *Scheduler) {
			c, never, neverEither := MakeChan[int](size), MakeChan[int](0), MakeChan[int](0)
			var senders, all WaitGroup
			for i, n := range counts {
				senders.Go(func() {
					for k := range n {
						v := 100*i + k
						switch ways[(i+k)%len(ways)] {
						case 0:
							c.Send(v)
						case 1:
							if Select(never.OnRecv(nil, nil), c.OnSend(v)) != 1 {
								rt.Errorf("the wrong case was served")
							}
						case 2:
							for !c.TrySend(v) {
								s.Sleep(1)
							}
						case 3:
							for Select(c.OnSend(v), Default) == 1 {
								s.Yield()
								s.Sleep(1)
							}
						}
					}
				})
			}
			for i := range got {
				all.Go(func() {
					for {
						var v int
						ok := true
						if ways[i%len(ways)]%2 == 0 {
							v, ok = c.Recv()
						} else {
							Select(c.OnRecv(&v, &ok), neverEither.OnSend(0))
						}
						if !ok {
							return
						}
						got[i] = append(got[i], v)
						order = append(order, v)
						if c.Len() > size {
							rt.Errorf("%d values in a buffer of %d", c.Len(), size)
						}
					}
				})
			}
			senders.Wait()
			c.Close()
			all.Wait()
		})
		var want []int
		for i, n := range counts {
			for k := range n {
				want = append(want, 100*i+k)
			}
		}
		for r, values := range got {
			last := map[int]int{}
			for _, v := range values {
				if p, ok := last[v/100]; ok && v%100 <= p {
					rt.Errorf("receiver %d got %v: sender %d was overtaken by itself", r, values, v/100)
				}
				last[v/100] = v % 100
			}
		}
		slices.Sort(order)
		if !slices.Equal(order, want) {
			rt.Fatalf("received %v, sent %v", order, want)
		}
	})
}

// Mutual exclusion, and readers xor a writer, under random schedules with waits
// inside and outside of the critical sections.
func TestLocksExclude(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type act struct{ lock, inside, outside int }
		acts := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) act {
			return act{rapid.IntRange(0, 4).Draw(rt, "lock"), rapid.IntRange(0, 2).Draw(rt, "inside"), rapid.IntRange(0, 2).Draw(rt, "outside")}
		}), 0, 8), 1, 6).Draw(rt, "tasks")
		seed := rapid.Uint64().Draw(rt, "seed")
		var in, readers, writers, entered, want int
		for _, task := range acts {
			want += len(task)
		}
		mustRun(rt, Config{Seed: seed}, func(s *Scheduler) {
			wait := func(how int) {
				switch how {
				case 1:
					s.Yield()
				case 2:
					s.Sleep(time.Millisecond)
				}
			}
			var mu Mutex
			var rw RWMutex
			var wg WaitGroup
			for _, task := range acts {
				wg.Go(func() {
					for _, a := range task {
						switch a.lock {
						case 0:
							mu.Lock()
						case 1:
							for !mu.TryLock() {
								s.Sleep(time.Millisecond / 7)
							}
						case 2:
							rw.RLock()
						case 3:
							rw.Lock()
						case 4:
							for !rw.TryRLock() {
								s.Sleep(time.Millisecond / 7)
							}
						}
						count := [...]*int{&in, &in, &readers, &writers, &readers}[a.lock]
						*count++
						entered++
						wait(a.inside)
						if in > 1 || writers > 1 || writers > 0 && readers > 0 {
							rt.Errorf("%d in the mutex; %d writers and %d readers", in, writers, readers)
						}
						*count--
						[...]func(){mu.Unlock, mu.Unlock, rw.RUnlock, rw.Unlock, rw.RUnlock}[a.lock]()
						wait(a.outside)
					}
				})
			}
			wg.Wait()
			if !mu.TryLock() || !rw.TryLock() {
				rt.Error("a lock is held at the end")
			}
		})
		if entered != want {
			rt.Errorf("%d of %d critical sections were entered", entered, want)
		}
	})
}

// Wait returns when the count is 0 and not before; a Cond loses no wake-up.
func TestWaitGroupAndCondModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sleeps := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 10).Draw(rt, "sleeps")
		waiters := rapid.IntRange(1, 4).Draw(rt, "waiters")
		mustRun(rt, Config{Seed: rapid.Uint64().Draw(rt, "seed")}, func(s *Scheduler) {
			var wg, all WaitGroup
			var mu Mutex
			filled := NewCond(&mu)
			done, items, taken := 0, 0, 0
			for _, ms := range sleeps {
				wg.Go(func() {
					s.Sleep(time.Duration(ms) * time.Millisecond)
					done++
					mu.Lock()
					items++
					mu.Unlock()
					filled.Signal()
				})
			}
			for range waiters {
				all.Go(func() {
					wg.Wait()
					if done != len(sleeps) {
						rt.Errorf("Wait returned when %d of %d were done", done, len(sleeps))
					}
				})
			}
			for range sleeps {
				all.Go(func() {
					mu.Lock()
					for items == 0 {
						filled.Wait()
					}
					items--
					taken++
					mu.Unlock()
				})
			}
			all.Wait()
			if items != 0 || taken != len(sleeps) {
				rt.Errorf("%d items left, %d taken, of %d", items, taken, len(sleeps))
			}
		})
	})
}

// The priorities of Random belong to the tasks: without one of them the rest
// run in the order in which they ran before.
func TestRemovingOneTaskKeepsTheOrder(t *testing.T) {
	order := func(seed uint64, without int) string {
		var log []string
		mustRun(t, Config{Seed: seed}, func(s *Scheduler) {
			for i := range 8 {
				if i == without {
					continue
				}
				s.Spawn(s.Root(), "", taskID(i+1).Uint64(), func() {
					for k := range 6 {
						if i != 3 {
							log = append(log, fmt.Sprint(i, ".", k))
						}
						s.Yield()
					}
				})
			}
			s.Sleep(time.Second)
		})
		return fmt.Sprint(log)
	}
	for seed := range uint64(30) {
		if all, rest := order(seed, -1), order(seed, 3); all != rest {
			t.Errorf("seed %d: with task 3\n%s, without it\n%s", seed, all, rest)
		}
	}
	if order(1, -1) == order(2, -1) {
		t.Error("two seeds have one order")
	}
}
