package shrink

import (
	"strconv"
	"time"

	"samerun/sched"
	"samerun/sim/fault"
)

// Input is what a run is given next to its program and seed, and what becomes
// smaller. It is read and never written: inputs share lists.
type Input struct {
	// Seed is that of the run. It becomes another one only if that makes the rest
	// smaller.
	Seed uint64
	// Schedule is what goes wrong in the run.
	Schedule fault.Schedule
	// Deviations are scheduling decisions that differ from the strategy's.
	Deviations []sched.Deviation
	// Strategy is by which strategy the run is scheduled, in the words of package
	// sched. "fifo" is the simplest. Empty is what the seed decides.
	Strategy string
	// Steps are the steps of workloads that are done.
	Steps Steps
	// Sizes are numbers such as that of the nodes, which become smaller.
	Sizes []Size
	// Calm is how much is not left to chance beside the schedule.
	Calm Calm
	// Horizon is how long the run may last, in virtual time, if that is for the
	// input to say. 0 is as long as the program wants, and stays 0.
	//
	// If the schedule falls quiet before, the time from then to the horizon stays as
	// it is, because it is in that time that what was promised must come true.
	Horizon time.Duration
}

// StepID names one step of a workload: the n-th, counted from 0, of the one of that
// name.
type StepID struct {
	Of string
	N  int
}

// String writes a step as "commands 3".
func (s StepID) String() string { return s.Of + " " + strconv.Itoa(s.N) }

// Steps are the steps of a run's workloads that are done; all others are left out.
type Steps []StepID

// Size is a number of a name that the program asks for. It can become as small
// as Least.
type Size struct {
	Name  string
	Value int
	Least int
}

// Calm says how much of a run's network is taken out of the hands of chance, while
// the seed keeps deciding everything else. The minimiser raises it: what chance did
// to single messages becomes elements of the schedule, of which most can go.
type Calm uint8

// The grades of calm. The zero value leaves everything to chance.
const (
	// Rough is how a run is when nobody asks.
	Rough Calm = iota
	// NoMishaps loses, doubles and holds back no message by chance, neither by a
	// link's settings nor by an unreliable network of labrpc. What the schedule does
	// is done.
	NoMishaps
	// FixedLatency is NoMishaps, and each latency is the middle of its range. It is
	// the highest grade.
	FixedLatency
)
