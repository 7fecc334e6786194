package sched

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every run is FIFO with deviations: what a Recording writes down gives the same
// run again, to the bit, whichever strategy it came from, with groups that are
// paused, resumed and frozen, and with tasks that events make ready.
func TestRecordedRunsComeAgain(t *testing.T) {
	kinds := []opKind{opYield, opSleep, opSend, opRecv, opLock, opUnlock, opYield, opYield, opSleep, opStart}
	for _, c := range []struct {
		name  string
		kinds []opKind
	}{
		{"plain", kinds},
		{"groups", append([]opKind{opPause, opResume, opResume, opResume, opFreeze}, kinds...)},
		{"mostly pauses", []opKind{opYield, opYield, opYield, opPause, opResume, opSleep}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				p := drawProgram(rt, c.kinds)
				seed := rapid.Uint64Range(0, 3).Draw(rt, "seed of the run")
				rec := NewRecording(drawStrategy(rt, drawDeviations(rt, len(p.tasks))))
				want, s1, err1 := p.real(Config{Seed: seed, Strategy: rec})
				list := rec.Deviations()
				if err := CheckDeviations(list); err != nil {
					rt.Fatal(err)
				}
				d := NewDeviating(&FIFO{}, list)
				got, s2, err2 := p.real(Config{Seed: seed, Strategy: d})
				if !slices.Equal(got, want) || s1.digest != s2.digest || s1.Steps() != s2.Steps() {
					rt.Fatalf("program %v with deviations %v:\n got %v (%v)\nwant %v (%v)", p.tasks, list, got, err2, want, err1)
				}
				for _, x := range list {
					if !d.Met(x) {
						rt.Errorf("deviation %v was not met", x)
					}
				}
				if again := recordAgain(p, seed, list); !slices.Equal(again, list) {
					rt.Errorf("the replay was recorded as %v, the run as %v", again, list)
				}
			})
		})
	}
}

func recordAgain(p program, seed uint64, list []Deviation) []Deviation {
	rec := NewRecording(NewDeviating(&FIFO{}, list))
	_, _, _ = p.real(Config{Seed: seed, Strategy: rec})
	return rec.Deviations()
}

// A run may end while a task that others went before still waits for its turn. That
// it had none is a part of the run.
func TestRecordingOfATaskWithoutATurn(t *testing.T) {
	play := func(strategy Strategy) (order string, waiting uint64, s *Scheduler) {
		s = mustRun(t, Config{Strategy: strategy}, func(s *Scheduler) {
			waiting = s.main.id.With(1).Uint64()
			Go(func() { order += "a" })
			Go(func() { order += "b" })
			s.Yield()
			order += "m"
		})
		return order, waiting, s
	}
	_, a, _ := play(&FIFO{})
	rec := NewRecording(NewDeviating(&FIFO{}, []Deviation{{Task: a, Ready: 1}}))
	want, _, s1 := play(rec)
	list := rec.Deviations()
	if want != "bm" || !slices.Equal(list, []Deviation{{Task: a, Ready: 1, Shift: 2}}) {
		t.Fatalf("the run was %q and was recorded as %v, want bm, in which b and the main task went before a", want, list)
	}
	if got, _, s2 := play(NewDeviating(&FIFO{}, list)); got != want || s1.Digest() != s2.Digest() {
		t.Errorf("the recorded run comes again as %q, it was %q", got, want)
	}
}

// FIFO has no deviations from itself.
func TestRecordingFIFO(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawProgram(rt, []opKind{opYield, opSleep, opSend, opRecv, opStart, opPause, opResume, opFreeze})
		rec := NewRecording(&FIFO{})
		_, _, err := p.real(Config{Strategy: rec})
		var dead *DeadlockError
		if err != nil && !errors.As(err, &dead) {
			rt.Fatal(err)
		}
		if list := rec.Deviations(); len(list) > 0 {
			rt.Fatalf("deviations %v", list)
		}
	})
}

// Recording allocates for what it records, and for nothing else.
func TestRecordingIsCheap(t *testing.T) {
	rec := NewRecording(&FIFO{})
	var tasks [20]Task
	for i := range tasks {
		tasks[i].id = taskID(i)
		rec.Add(&tasks[i])
	}
	if n := testing.AllocsPerRun(1000, func() { rec.Add(rec.Next()) }); n > 0 {
		t.Errorf("%v allocations a turn", n)
	}
	if n := cap(rec.ready.buf); n > 80 {
		t.Errorf("20 ready tasks take room for %d", n)
	}
}
