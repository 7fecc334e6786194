package faultscript

import (
	"fmt"
	"time"

	"samerun/sim"
	"samerun/sim/fault"
)

// Observe has the script run on another engine, and watched instead of answered: the
// answers of run are those of the file. run runs a scenario with links and a seed; note is
// told what may be observed of it whatever the engine: each message that arrives or is
// lost, what files and clocks are like, which nodes begin and how often each fault took
// effect. Times are in whole milliseconds, since a turn of a goroutine takes a little.
func (s *Script) Observe(run func(cfg sim.Config, scenario func(w *sim.World)), note func(line string)) {
	s.observe = &observer{run, note}
}

type observer struct {
	run  func(sim.Config, func(w *sim.World))
	note func(string)
}

// tell writes to the story, and to who observes.
func (s *Script) tell(w *sim.World, format string, args ...any) {
	w.Logf(format, args...)
	s.saw(w, format, args...)
}

// saw is for what is in the story without a word of the script.
func (s *Script) saw(w *sim.World, format string, args ...any) {
	if s.observe != nil {
		s.observe.note(fmt.Sprintf("%v %s", w.Elapsed().Round(time.Millisecond), fmt.Sprintf(format, args...)))
	}
}

// observed runs the script for who observes it.
func (s *Script) observed(schedule fault.Schedule, length time.Duration) {
	s.observe.run(sim.Config{Seed: s.seed, Link: s.links()}, func(w *sim.World) {
		s.make(w)
		w.Inject(schedule, length)
		s.begin(w)
		w.Sleep(length)
		for _, o := range w.Outcomes() {
			s.saw(w, "%v: took effect %d times", o.Fault, o.Fired)
		}
	})
}

// grain is how exactly times are told.
func (s *Script) grain() time.Duration {
	if s.observe != nil {
		return time.Millisecond
	}
	return time.Microsecond
}
