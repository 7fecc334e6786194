package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/sched"
	"samerun/sim/fault"
)

// evidence is what is known of a failing run, of which its story is told: what
// broke, proof that it repeats, what went wrong in the world before, and the command
// that shows it again.
type evidence struct {
	test    string
	cfg     Config
	failure error
	first   *Report
	second  *Report
	stalled bool
	parting *story.Parting // where two runs part, if the run does not repeat
	records records
	flags   string // of go test, with which the test was built
	saved   string // path of the replay file, if there is one
	unsaved error  // why there is none
	shrunk  string // how it was minimised
	// neighbour is the nearest run that passes; nil if it is not known.
	neighbour *story.Neighbour
	// attached are the files beside it, or why there are none.
	attached []string
	// replayed says that the run was the replay of that file.
	replayed bool
	// unseeded says that the seed alone does not make the run.
	unseeded bool
}

// repeats says that the second run was the first to the bit, its end included,
// of which the digest knows only what the world itself broke off.
func (s *evidence) repeats() bool {
	return s.second != nil && s.second.Digest == s.first.Digest && ending(s.second) == ending(s.first)
}

// ending is how a run ended, in words that a repetition must repeat.
func ending(r *Report) string {
	if r.Err == nil {
		return "no error"
	}
	return reasonOf(r.Err)
}

// tell tells the story.
func (s *evidence) tell() *story.Story {
	t := &story.Story{Reason: reasonOf(s.failure), Shrunk: s.shrunk, Input: s.input(), Faults: s.faults(), Neighbour: s.neighbour, Beside: s.attached, Again: s.commands()}
	if p := (*PropertyError)(nil); errors.As(s.failure, &p) {
		t.Property, t.At = p.Name, p.At
	}
	if p := (*sched.PanicError)(nil); errors.As(s.failure, &p) {
		for l := range strings.Lines(p.Stack) {
			t.Stack = append(t.Stack, strings.TrimRight(l, "\n"))
		}
	}
	t.Run = story.Run{Seed: s.first.Seed, Stalled: s.stalled, Virtual: s.first.Virtual, Events: s.first.Events, Digest: s.first.Digest, Repeats: s.repeats()}
	if s.second != nil && !t.Run.Repeats {
		t.Run.Second, t.Run.Ended, t.Run.Parting = s.second.Digest, ending(s.second), s.parting
	}
	if s.unsaved != nil {
		t.Unsaved = s.unsaved.Error()
	}
	s.records.tell(t)
	return t
}

// storyFaults is how many faults a story lists.
const storyFaults = 20

// faults are the faults that took effect.
func (s *evidence) faults() *story.Faults {
	all := s.first.Outcomes
	if len(all) == 0 {
		return nil
	}
	t := &story.Faults{All: len(all)}
	var shown fault.Schedule
	for _, o := range all {
		if o.Fired == 0 {
			continue
		}
		if t.Fired++; t.Fired <= storyFaults {
			shown.Faults = append(shown.Faults, o.Fault)
		}
	}
	if t.Fired > 0 {
		slices.SortStableFunc(shown.Faults, func(a, b fault.Fault) int { return cmp.Compare(a.At, b.At) })
		// Faults without a time leave the column of times empty.
		t.Shown = text.Outdented(shown.String())
	}
	t.Left = max(0, t.Fired-storyFaults)
	return t
}

// commands show the failure again, the best one first.
func (s *evidence) commands() (again []string) {
	if s.saved != "" {
		again = append(again, s.command("SAMERUN_REPLAY="+text.ShellQuote(s.saved)))
	}
	// The seed makes the run that failed first, of which the file may have less.
	if !s.unseeded && !(s.saved != "" && s.replayed) {
		again = append(again, s.command(fmt.Sprintf("SAMERUN_SEED=%d", s.first.Seed)))
	}
	return again
}
