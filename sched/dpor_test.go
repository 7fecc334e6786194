package sched

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// shared is a variable that threads of several groups share.
type shared struct{ v int }

func (x *shared) get() int {
	Touch(x, ToRead)
	v := x.v
	Yield()
	return v
}

func (x *shared) set(v int) {
	Touch(x, ToWrite)
	x.v = v
	Yield()
}

// cas is a compare and swap.
func (x *shared) cas(from, to int) bool {
	Touch(x, ToWrite)
	defer Yield()
	if x.v != from {
		return false
	}
	x.v = to
	return true
}

// search runs a program of threads under every order that the options ask for, and calls
// after, if it is set, with the end of each run that was not given up.
func search(t tb, opts ExhaustiveOptions, start threads, after func(err error)) *Exhaustive {
	x := newExhaustive(t, opts)
	for x.More() {
		_, err := run(t, Config{Strategy: x.Strategy()}, func(s *Scheduler) {
			n := 0
			start(func(thread func()) {
				n++
				s.Spawn(s.NewGroup(fmt.Sprint("g", n), nil, nil), "", taskID(n).Uint64(), thread)
			})
			s.Sleep(time.Second)
		})
		if after != nil && !errors.Is(err, ErrRedundant) {
			after(err)
		}
		if err := x.Done(); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func TestDPORTwoTasks(t *testing.T) {
	x := search(t, ExhaustiveOptions{DPOR: true}, func(spawn func(func())) {
		for range 2 {
			spawn(func() {
				for range 9 {
					Yield()
				}
			})
		}
	}, nil)
	if x.Runs() != 1 || x.Schedules() != 184756 || x.String() != "all 184756 schedules by 1 run" {
		t.Error(x)
	}
}

// threads starts the threads of a small program: each call of spawn starts one, in a group of its own.
type threads func(spawn func(thread func()))

// indexer is of Flanagan and Godefroid (POPL 2005): threads enter words in a hash table,
// and meet if there are more than eleven.
func indexer(n int) threads {
	const size, most = 128, 4
	return func(spawn func(func())) {
		var table [size]shared
		for tid := range n {
			spawn(func() {
				for m := range most {
					w := (m+1)*11 + tid
					for h := (w * 7) % size; !table[h].cas(0, w); h = (h + 1) % size {
					}
				}
			})
		}
	}
}

// filesystem is of the same paper: threads look for free blocks, and meet if there are more
// than thirteen.
func filesystem(n int) threads {
	const inodes, blocks = 32, 26
	return func(spawn func(func())) {
		var locki [inodes]Mutex
		var lockb [blocks]Mutex
		var inode [inodes]int
		var busy [blocks]bool
		lock := func(m *Mutex) { m.Lock(); Yield() }
		unlock := func(m *Mutex) { m.Unlock(); Yield() }
		for tid := range n {
			spawn(func() {
				i := tid % inodes
				lock(&locki[i])
				if inode[i] == 0 {
					for b := (i * 2) % blocks; ; b = (b + 1) % blocks {
						lock(&lockb[b])
						if !busy[b] {
							busy[b], inode[i] = true, b+1
							unlock(&lockb[b])
							break
						}
						unlock(&lockb[b])
					}
				}
				unlock(&locki[i])
			})
		}
	}
}

// readers is one writer and n readers of a variable.
func readers(n int) threads {
	return func(spawn func(func())) {
		var x shared
		spawn(func() { x.set(1) })
		for range n {
			spawn(func() { x.get() })
		}
	}
}

// lastzero is of Abdulla et al. (POPL 2014): a thread looks for the last zero of an array
// while others fill it.
func lastzero(n int) threads {
	return func(spawn func(func())) {
		a := make([]shared, n+1)
		spawn(func() {
			i := n
			for a[i].get() != 0 {
				i--
			}
		})
		for j := 1; j <= n; j++ {
			spawn(func() { a[j].set(a[j-1].get() + 1) })
		}
	}
}

// The numbers of Mazurkiewicz traces of these programs are known: 8^(n-11) of indexer, 2^n of
// readers, (n+3)·2^(n-2) of lastzero; indexer of 11 and filesystem of 13 threads have one. Two
// threads of filesystem that meet have four where the literature has two, because
// a thread that finds a lock taken has a turn here, in which it begins to wait.
func TestDPORClassics(t *testing.T) {
	for _, c := range []struct {
		name  string
		start threads
		want  int // runs that were not given up
		text  string
	}{
		{"indexer of 11", indexer(11), 1, ""},
		{"indexer of 12", indexer(12), 8, ""},
		{"indexer of 13", indexer(13), 64, ""},
		{"filesystem of 13", filesystem(13), 1, ""},
		{"filesystem of 14", filesystem(14), 4, ""},
		{"filesystem of 16", filesystem(16), 64, ""},
		{"readers of 2", readers(2), 4, "all 90 schedules by 4 runs"},
		{"readers of 6", readers(6), 64, "all 681080400 schedules by 64 runs"},
		{"lastzero of 3", lastzero(3), 12, "all 230180 schedules by 13 runs (1 given up as redundant)"},
		{"lastzero of 5", lastzero(5), 64, "all 305134947600 schedules by 97 runs (33 given up as redundant)"},
	} {
		x := search(t, ExhaustiveOptions{DPOR: true}, c.start, nil)
		if got := x.Runs() - x.Redundant(); got != c.want || !x.Covered() || c.text != "" && x.String() != c.text {
			t.Errorf("%s: %d runs, want %d: %s", c.name, got, c.want, x)
		}
	}
	if x := search(t, ExhaustiveOptions{}, readers(2), nil); x.Schedules() != 90 {
		t.Errorf("readers of 2 has %d schedules without reduction", x.Schedules())
	}
}

// Things that threads are the first to touch are told apart, so that no run is made twice.
func TestDPORTellsNewThingsApart(t *testing.T) {
	x := search(t, ExhaustiveOptions{DPOR: true}, func(spawn func(func())) {
		a, b := new(shared), new(shared)
		for _, v := range []*shared{a, b, a, b} {
			spawn(func() { v.set(1) })
		}
	}, nil)
	if x.Runs() != 4 || x.Schedules() != 2520 {
		t.Error(x)
	}
}

func TestDPORSaysWhatIsWrong(t *testing.T) {
	if x, err := NewExhaustive(ExhaustiveOptions{DPOR: true, Deviations: 1}); err == nil || x != nil {
		t.Error("a bound on deviations was accepted")
	} else {
		wantIn(t, err.Error(), "has both DPOR and Deviations", "choose one of the two")
	}
	x := search(t, ExhaustiveOptions{DPOR: true, Runs: 10}, lastzero(5), nil)
	if x.Covered() || x.Runs() != 10 || !strings.HasSuffix(x.String(), " schedules by 10 runs, not all") {
		t.Errorf("%q", x)
	}
	if x := search(t, ExhaustiveOptions{DPOR: true}, func(spawn func(func())) { spawn(func() {}) }, nil); x.String() != "the only schedule by 1 run" {
		t.Errorf("%q", x)
	}

	for _, c := range []struct {
		name string
		fn   func(s *Scheduler, run int)
		want string
	}{
		{"other tasks", func(s *Scheduler, run int) {
			for i := range 2 + run {
				s.Spawn(s.Root(), "", taskID(i+1).Uint64(), func() {})
			}
			Yield()
		}, "run 2 is not deterministic: at turn 2 other tasks could run than in an earlier run that chose the same"},
		{"fewer turns", func(s *Scheduler, run int) {
			for i := range 2 {
				s.Spawn(s.Root(), "", taskID(i+1).Uint64(), func() {})
			}
			if run == 0 {
				Yield()
			}
		}, "run 2 is not deterministic: it ended after 1 turns, and an earlier run that chose the same had more"},
		{"other things", func(s *Scheduler, run int) {
			x := []string{"a", "b"}
			for i, thing := range []string{x[run], "c", "c"} {
				s.Spawn(s.NewGroup("g", nil, nil), "", taskID(i+1).Uint64(), func() { Touch(thing, ToWrite) })
			}
			s.Sleep(1)
		}, "run 2 is not deterministic: turn 2 touches other things than in an earlier run that chose the same"},
		{"one identity", func(s *Scheduler, run int) {
			for range 2 {
				s.Spawn(s.Root(), "", 7, func() {})
			}
			s.Sleep(1)
		}, "run 1 has two tasks of one identity that are ready at once"},
	} {
		x := newExhaustive(t, ExhaustiveOptions{DPOR: true})
		var err error
		for run := 0; run < 2 && x.More(); run++ {
			mustRun(t, Config{Strategy: x.Strategy()}, func(s *Scheduler) { c.fn(s, run) })
			err = x.Done()
		}
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		wantIn(t, err.Error(), c.want)
		if x.More() || x.Covered() || x.Done() != err {
			t.Errorf("%s: the search goes on", c.name)
		}
	}
}

// What has no identity of its own is taken for everything, which costs runs and no more.
func TestTouchTakesWhatItIsGiven(t *testing.T) {
	for _, c := range []struct {
		a, b any
		how  Access
		runs int
	}{
		{"x", "x", ToWrite, 2}, {"x", "y", ToWrite, 1}, {"x", "x", ToRead, 1}, {"x", "x", ToAdd, 1}, {"x", "x", 77, 2},
		{1, 1, ToWrite, 2}, {1, 2, ToWrite, 1}, {uint8(1), uint8(2), ToWrite, 1},
		{nil, "x", ToRead, 2}, {[]int{1}, "x", ToRead, 2}, {struct{ x int }{1}, "x", ToRead, 2}, {1.5, "x", ToRead, 2},
	} {
		x := search(t, ExhaustiveOptions{DPOR: true}, func(spawn func(func())) {
			spawn(func() { Touch(c.a, c.how) })
			spawn(func() { Touch(c.b, c.how) })
		}, nil)
		if x.Runs() != c.runs {
			t.Errorf("%v and %v as %d: %d runs, want %d", c.a, c.b, c.how, x.Runs(), c.runs)
		}
	}
}
