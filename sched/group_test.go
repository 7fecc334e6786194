package sched

import (
	"fmt"
	"testing"
	"time"
)

// spawn starts a task in a group of its own.
func spawn(s *Scheduler, name string, fn func()) *Group {
	g := s.NewGroup(name, nil, nil)
	s.Spawn(g, name, taskID(len(s.groups)).Uint64(), fn)
	return g
}

func TestFreezeStopsATaskWhereItStands(t *testing.T) {
	for _, c := range []struct {
		name string
		wait func(s *Scheduler)
	}{
		{"ready", func(s *Scheduler) { s.Yield() }},
		{"sleeping", func(s *Scheduler) { s.Sleep(time.Second) }},
		{"receiving", func(s *Scheduler) { MakeChan[int](0).Recv() }},
		{"selecting", func(s *Scheduler) { Select(MakeChan[int](0).OnSend(1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer leaks(t)()
			deferred, past, over := false, false, false
			mustRun(t, Config{}, func(s *Scheduler) {
				g := spawn(s, "n0", func() {
					defer func() { deferred, over = true, s.Over() }()
					for {
						c.wait(s)
						past = true
					}
				})
				s.Yield()
				past = false
				g.Freeze("crashed")
				g.Freeze("twice is once")
				s.Sleep(time.Minute)
				if deferred || past {
					t.Error("a frozen task went on, or a deferred call of its ran in the world")
				}
				s.Spawn(g, "late", 1, func() { t.Error("a task started in a frozen group") })
				s.Yield()
				if !g.Frozen() || fmt.Sprint(g) != "n0 (crashed)" {
					t.Errorf("the group is %v", g)
				}
			})
			if !deferred || !over {
				t.Error("the frozen task was not unwound after the run")
			}
		})
	}
}

func TestFreezeFromWithin(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		g := s.NewGroup("n0", nil, nil)
		s.Spawn(g, "brother", 1, func() { s.Sleep(1); t.Error("the brother went on") })
		s.Spawn(g, "fresh", 2, func() {
			g.Freeze("by itself")
			t.Error("Freeze of the own group returned")
		})
		s.Spawn(g, "never", 3, func() { t.Error("a frozen task began") })
		s.Sleep(time.Second)
	})
	// From an event, and while the task drives others.
	mustRun(t, Config{}, func(s *Scheduler) {
		var wg WaitGroup
		turns := 0
		var groups []*Group
		for i := range 6 {
			groups = append(groups, spawn(s, fmt.Sprint("n", i), func() {
				s.Sleep(time.Millisecond)
				for {
					turns++
					s.Yield()
					s.Sleep(time.Millisecond)
				}
			}))
		}
		for i, g := range groups[:5] {
			s.Clock().AfterFunc(time.Duration(i+1)*time.Millisecond, 1, func() { g.Freeze("crashed") })
		}
		wg.Go(func() { s.Sleep(20 * time.Millisecond) })
		wg.Wait()
		if turns < 20+5 {
			t.Errorf("only %d turns: the last group must go on", turns)
		}
	})
}

// A lock that was given free for a task which then freezes goes to the next.
func TestBatonsPassOn(t *testing.T) {
	t.Run("Mutex", func(t *testing.T) {
		mustRun(t, Config{}, func(s *Scheduler) {
			var mu Mutex
			got := false
			mu.Lock()
			g := spawn(s, "n0", func() { mu.Lock(); t.Error("a frozen task got the lock") })
			Go(func() { mu.Lock(); got = true; mu.Unlock() })
			s.Sleep(1)
			mu.Unlock() // wakes the task of n0
			g.Freeze("crashed")
			s.Sleep(1)
			if !got {
				t.Error("the lock is free, and nobody was woken to take it")
			}
		})
	})
	t.Run("RWMutex, next writer", func(t *testing.T) {
		mustRun(t, Config{}, func(s *Scheduler) {
			var m RWMutex
			got := 0
			m.Lock()
			g := spawn(s, "n0", func() { m.Lock(); t.Error("a frozen task got the lock") })
			Go(func() { m.Lock(); got++; m.Unlock() })
			s.Sleep(1)
			m.Unlock()
			g.Freeze("crashed")
			s.Sleep(1)
			if got != 1 {
				t.Error("the next writer was not woken")
			}
		})
	})
	t.Run("RWMutex, readers behind a frozen writer", func(t *testing.T) {
		for _, early := range []bool{false, true} {
			mustRun(t, Config{}, func(s *Scheduler) {
				var m RWMutex
				got := 0
				m.RLock()
				g := spawn(s, "n0", func() { m.Lock(); t.Error("a frozen task got the lock") })
				s.Sleep(1)
				for range 3 {
					Go(func() { m.RLock(); got++; m.RUnlock() })
				}
				s.Sleep(1)
				if early {
					g.Freeze("crashed")
					m.RUnlock()
				} else {
					m.RUnlock()
					g.Freeze("crashed")
				}
				s.Sleep(1)
				if got != 3 || !m.TryLock() {
					t.Errorf("early %v: %d of 3 readers got in", early, got)
				}
			})
		}
	})
	t.Run("RWMutex, taken before the freeze", func(t *testing.T) {
		mustRun(t, Config{}, func(s *Scheduler) {
			var m RWMutex
			m.RLock()
			g := spawn(s, "n0", func() { m.Lock() })
			s.Sleep(1)
			in := 0
			Go(func() { m.RLock(); in++ })
			s.Sleep(1)
			m.RUnlock() // wakes the writer
			if !m.TryLock() {
				t.Error("the lock is not free")
			}
			g.Freeze("crashed")
			s.Sleep(1)
			if in != 0 {
				t.Error("a reader got in beside a writer")
			}
			m.Unlock()
			s.Sleep(1)
			if in != 1 {
				t.Error("the reader never got in")
			}
		})
	})
}

func TestPauseAndResume(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		var order []int
		g := s.NewGroup("n0", nil, nil)
		wake := MakeChan[int](0)
		for i := range 4 {
			s.Spawn(g, "", taskID(i+1).Uint64(), func() {
				s.Sleep(time.Duration(10-i) * time.Millisecond)
				order = append(order, i)
				wake.Recv()
				order = append(order, 10+i)
			})
		}
		s.Yield()
		g.Pause()
		g.Pause()
		s.Sleep(time.Second)
		if len(order) != 0 || fmt.Sprint(g) != "n0 (paused)" {
			t.Errorf("%v ran in a paused group %v", order, g)
		}
		g.Resume()
		g.Resume()
		s.Sleep(time.Millisecond)
		if fmt.Sprint(order) != "[3 2 1 0]" {
			t.Errorf("went on in the order %v, want that of becoming ready", order)
		}
		order = nil
		g.Pause()
		s.Spawn(g, "fresh", 99, func() { order = append(order, 99) })
		wake.Send(1)
		wake.Send(1)
		s.Sleep(1)
		g.Resume()
		g.Pause() // again before they had their turn
		s.Sleep(1)
		if len(order) != 0 {
			t.Errorf("%v ran between two pauses", order)
		}
		g.Resume()
		s.Sleep(1)
		if fmt.Sprint(order) != "[99 13 12]" {
			t.Errorf("went on in the order %v", order)
		}
		g.Pause()
		g.Freeze("crashed while paused")
		g.Resume()
		wake.Close()
		s.Sleep(1)
		if len(order) != 3 {
			t.Error("a group went on after it was frozen in a pause")
		}
	})
}

func TestPauseFromWithin(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		at := time.Duration(-1)
		var g *Group
		g = spawn(s, "n0", func() {
			g.Pause()
			at = s.Clock().Now()
		})
		s.Sleep(time.Second)
		if at >= 0 {
			t.Error("a task went on after it had paused its group")
		}
		g.Resume()
		s.Sleep(1)
		if at != time.Second {
			t.Errorf("went on at %v, want 1s", at)
		}
	})
}

// Whoever starts a task starts it into the own group, and the values of groups
// are there for their owners.
func TestGroupsAreInherited(t *testing.T) {
	mustRun(t, Config{}, func(s *Scheduler) {
		g := s.NewGroup("n0", nil, 42)
		var got []*Group
		note := func() { got = append(got, s.Current().Group()) }
		s.Spawn(g, "a", 1, func() {
			note()
			Go(note)
			s.Go("b", note)
			var wg WaitGroup
			wg.Go(note)
			AfterFunc(1, note)
		})
		s.Sleep(2)
		s.Yield()
		for _, x := range got {
			if x != g || x.Value() != 42 || x.Name() != "n0" {
				t.Errorf("a task runs in group %v", x)
			}
		}
		if len(got) != 5 {
			t.Errorf("%d of 5 tasks ran", len(got))
		}
	})
}
