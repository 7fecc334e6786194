package sim

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"samerun/internal/format"
	"samerun/sched"
	"samerun/sim/fault"
)

// Replay is a failure that was saved: all that is needed to run it again, and
// what to expect. In a file it is JSON for people and machines; docs/replay.md
// tells it field by field.
//
// Invariants of one that ParseReplay returns: Test is not empty, Package is "."
// or "./" and a path below the module's root, Digest has 16 hexadecimal digits,
// Schedule is valid, Idle ascends and lies within it.
type Replay struct {
	Test    string // name of the test, as testing.T.Name gives it
	Package string // folder of the package from the module's root: "./examples/raft"
	Seed    uint64
	// Schedule is what went wrong in the run; nil if the scenario injects nothing.
	Schedule *fault.Schedule
	// Idle are the elements of Schedule that took no effect in the recorded run
	// either, for instance because it failed before they were due.
	Idle       []int
	Deviations []sched.Deviation
	// Steps are the steps of workloads that are done; nil is all of them. Sizes,
	// Horizon and Calm are as in Config.
	Steps     *Steps
	Sizes     []Size
	Horizon   time.Duration
	Calm      Calm
	Strategy  string // as Config.Order
	Data      []Datum
	Property  string        // that broke; empty if something else did
	Error     string        // the failure's own words, for people
	Signature string        // by which a failure that is no property is recognised
	At        time.Duration // virtual time of the failure
	Digest    string        // of the recorded run
	Go        string        // version that made the file
	Samerun   string        // version that made the file
}

// ReplayVersion is the version of the format of replay files that this samerun
// writes. It reads this one and older ones.
const ReplayVersion = 2

// Version is the version of samerun.
const Version = "0.2.0"

// maxError bounds the words of a failure that are saved, in bytes.
const maxError = 4000

// newReplay describes a failed run.
func newReplay(test string, cfg Config, r *Report, failure error) *Replay {
	p := &Replay{
		Test: test, Package: packageDir(), Seed: r.Seed, Schedule: r.Schedule,
		Property: plainText(propertyOf(failure)), Error: plainText(reasonOf(failure)), At: r.Virtual, Digest: r.Digest,
		Go: runtime.Version(), Samerun: Version,
	}
	if p.Property == "" {
		p.Signature = plainText(Signature(failure))
	}
	for _, o := range r.Outcomes {
		if o.Fired == 0 {
			p.Idle = append(p.Idle, o.Index)
		}
	}
	p.Steps, p.Sizes, p.Horizon, p.Calm, p.Strategy, p.Data = cfg.Steps, cfg.Sizes, cfg.Horizon, cfg.Calm, cfg.Order, cfg.Data
	// A deviation that never came up changed nothing, not even the trace.
	for _, d := range r.Deviations {
		if !slices.Contains(r.Unmet, d) {
			p.Deviations = append(p.Deviations, d)
		}
	}
	return p
}

// plainText makes a text fit for a file: not too long, and UTF-8.
func plainText(s string) string {
	if len(s) > maxError {
		s = s[:maxError] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// Signature is what stays of a failure, which is no broken property, when code
// is moved or renamed and times change. An error may bring its own: the text that
// its method Signature() string returns.
func Signature(failure error) string {
	var (
		panicked *sched.PanicError
		deadlock *sched.DeadlockError
		livelock *sched.LivelockError
	)
	if signature, ok := ownSignature(failure); ok {
		return signature
	}
	switch {
	case errors.As(failure, &panicked):
		return "panic: " + withoutNumbers(fmt.Sprint(panicked.Value))
	case errors.As(failure, &deadlock):
		return "deadlock"
	case errors.As(failure, &livelock):
		return "livelock"
	case errors.Is(failure, errTestFailed):
		return "the test was marked as failed"
	}
	return withoutNumbers(reasonOf(failure))
}

// ownSignature is the signature that an error brings, if one does.
func ownSignature(failure error) (signature string, ok bool) {
	var signed interface{ Signature() string }
	if !errors.As(failure, &signed) {
		return "", false
	}
	return signed.Signature(), true
}

// withoutNumbers returns the first line with a mark for each number in it.
func withoutNumbers(text string) string {
	return format.WithoutNumbers(format.FirstLine(text))
}

// alike says that a failure is the recorded one, perhaps of another run.
func (p *Replay) alike(failure error) bool {
	if property := plainText(propertyOf(failure)); p.Property != "" || property != "" {
		return property == p.Property
	}
	return plainText(Signature(failure)) == p.Signature
}

// SameRun says that two replays are of one run, whatever else they say of it: by
// which versions they were made, for instance.
func (p *Replay) SameRun(q *Replay) bool {
	schedules := (p.Schedule == nil) == (q.Schedule == nil)
	if schedules && p.Schedule != nil {
		schedules = p.Schedule.Equal(*q.Schedule)
	}
	return schedules && p.Test == q.Test && p.Package == q.Package && p.Seed == q.Seed &&
		slices.Equal(p.Deviations, q.Deviations) && p.sameSteps(q) && slices.Equal(p.Sizes, q.Sizes) && p.Horizon == q.Horizon && p.Calm == q.Calm && p.Strategy == q.Strategy && slices.EqualFunc(p.Data, q.Data, Datum.equal) && p.Property == q.Property && p.Signature == q.Signature &&
		p.Digest == q.Digest
}

func (p *Replay) sameSteps(q *Replay) bool {
	if p.Steps == nil || q.Steps == nil {
		return p.Steps == q.Steps
	}
	return slices.Equal(*p.Steps, *q.Steps)
}

// Config returns the input of the run that the replay is of.
func (p *Replay) Config() Config {
	return Config{
		Seed: p.Seed, Faults: p.Schedule, Deviations: p.Deviations,
		Steps: p.Steps, Sizes: p.Sizes, Horizon: p.Horizon, Calm: p.Calm, Order: p.Strategy, Data: p.Data,
	}
}

// failed is the recorded failure in a few words.
func (p *Replay) failed() string {
	if p.Property != "" {
		return fmt.Sprintf("property %q", p.Property)
	}
	line, _, _ := strings.Cut(p.Error, "\n")
	return line
}
