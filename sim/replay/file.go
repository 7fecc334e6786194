package replay

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// File is a failure that was saved: all that is needed to run it again, and what
// to expect. As text it is JSON for people and machines; docs/replay-file.md tells it
// field by field.
//
// Invariants of one that Parse returns: Test is not empty, Package is "." or "./"
// and a path below the module's root, Digest has 16 hexadecimal digits, Schedule is
// valid, Idle ascends and lies within it. Of tasks, Settings is zero and no deviation is a draw.
// Steps, Sizes, Horizon, Calm and Data are those of a test of package sim, whichever its world is.
type File struct {
	World   World
	Test    string // name of the test, as testing.T.Name gives it
	Package string // folder of the package from the module's root: "./examples/raft"
	Seed    uint64
	// Forks let other seeds decide from virtual times on, as in sim.Config.
	Forks []sched.Fork
	// Schedule is what went wrong in the run: what the scenario injected or, of ordinary Go,
	// what the tool did (samerun test -faults); nil if nothing did.
	Schedule *fault.Schedule
	// Idle are the elements of Schedule that took no effect in the recorded run
	// either, for instance because it failed before they were due.
	Idle []int
	// Deviations are the scheduling decisions that differ from those of Strategy.
	Deviations []Deviation
	// Steps are the steps of workloads that are done; nil is all of them. Sizes,
	// Horizon and Calm are as in sim.Config.
	Steps    *shrink.Steps
	Sizes    []shrink.Size
	Horizon  time.Duration
	Calm     shrink.Calm
	Strategy string   // in the words of sched.ParseStrategy; empty is what the seed decides
	Data     []Datum  // what was drawn for the run
	Settings Settings // what else decides a run of goroutines
	Failure           // that was recorded
	// Kept, of an entry of a corpus (samerun test -guided), says what the run was the first to
	// see, for people. Such a run has not failed. It is nil for a failure.
	Kept    []string
	Digest  string // of the recorded run
	Go      string // version that made the file
	Samerun string // version that made the file
}

// Datum is a value of a name, as JSON.
type Datum struct {
	Name  string
	Value json.RawMessage
	// Err, if set, says why there is no Value. A failure with such a value is not
	// saved.
	Err error
}

// equal says that two values are the same, however they are laid out.
func (d Datum) equal(e Datum) bool {
	return d.Name == e.Name && bytes.Equal(compact(d.Value), compact(e.Value))
}

// Version is the version of the format of the files that this samerun writes. It
// reads this one and older ones.
const Version = 3

// Samerun is the version of samerun.
const Samerun = "0.2.0"

// SameRun says that two files are of one run, whatever else they say of it: by
// which versions they were made, for instance.
func (p *File) SameRun(q *File) bool {
	schedules := (p.Schedule == nil) == (q.Schedule == nil)
	if schedules && p.Schedule != nil {
		schedules = p.Schedule.Equal(*q.Schedule)
	}
	steps := (p.Steps == nil) == (q.Steps == nil)
	if steps && p.Steps != nil {
		steps = slices.Equal(*p.Steps, *q.Steps)
	}
	return schedules && steps && (p.Kept == nil) == (q.Kept == nil) && p.World == q.World && p.Settings.equal(&q.Settings) && p.Test == q.Test && p.Package == q.Package && p.Seed == q.Seed && slices.Equal(p.Forks, q.Forks) &&
		slices.EqualFunc(p.Deviations, q.Deviations, Deviation.equal) && slices.Equal(p.Sizes, q.Sizes) &&
		p.Horizon == q.Horizon && p.Calm == q.Calm && p.Strategy == q.Strategy && slices.EqualFunc(p.Data, q.Data, Datum.equal) &&
		p.Property == q.Property && p.Signature == q.Signature && p.Digest == q.Digest
}

// Input is what the minimiser makes smaller of the run.
func (p *File) Input() shrink.Input {
	in := shrink.Input{Seed: p.Seed, Deviations: p.Turns(), Strategy: p.Strategy, Sizes: p.Sizes, Calm: p.Calm, Horizon: p.Horizon}
	if p.Schedule != nil {
		in.Schedule = *p.Schedule
	}
	if p.Steps != nil {
		in.Steps = *p.Steps
	}
	return in
}

// With returns a file that looks for the same failure with another input. What it
// says of the run, such as the digest, is that of p still.
func (p *File) With(in shrink.Input) *File {
	q := *p
	q.Seed = in.Seed
	q.Deviations, q.Strategy, q.Sizes, q.Calm, q.Horizon, q.Idle = TurnsOf(in.Deviations), in.Strategy, in.Sizes, in.Calm, in.Horizon, nil
	if p.Schedule != nil || in.Schedule.Size() > 0 {
		q.Schedule = &in.Schedule
	}
	// No steps at all is not the same as a scenario that has none.
	if p.Steps != nil || len(in.Steps) > 0 {
		q.Steps = &in.Steps
	}
	return &q
}

// keys is the number of keys that a run of the file has to meet.
func (p *File) keys() int {
	n := len(p.Deviations) - len(p.Idle)
	if p.Schedule != nil {
		n += p.Schedule.Size()
	}
	if p.Steps != nil {
		n += len(*p.Steps)
	}
	return n + len(p.Sizes) + len(p.Data)
}
