package sim

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"samerun/internal/keyed"
	"samerun/sim/shrink"
)

// StepID names one step of a workload in every run of the same scenario: the n-th,
// counted from 0, of the workload of that name.
type StepID = shrink.StepID

// Step is one step of a workload.
type Step struct {
	// N is its number, from 0. It is the same when other steps are left out.
	N int

	seed uint64
	key  keyed.Key
}

// Rand returns a new random generator of this step alone: what it draws depends on
// the seed, the workload's name and N, and not on other steps.
func (s Step) Rand() *rand.Rand { return keyed.Rand(s.seed, s.key) }

// Steps ranges over the n steps of a workload, such as the commands that one client
// gives. Before each step the calling task waits: think is drawn for every step
// anew, and the zero Durations waits for nothing. A task that comes late, because the
// step before took longer, goes on at once.
//
// Steps are what the minimiser takes out of a failing run, beside faults. So a
// step must not need those before it: what it does should come from its number
// and its own Rand. A step that is left out is waited for like the others, and then
// nothing is done: the others keep their times, as far as the task is not late, and
// so does what comes after the loop.
//
// Each workload of a world needs a name of its own; one that is used again, such
// as by a client that was restarted, counts as another ("client0#2").
func (w *World) Steps(name string, n int, think Durations) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		if w.over("World.Steps") {
			return
		}
		if err := checkSteps(name, n, think); err != nil {
			w.fail(err)
			return
		}
		name := w.work.use(name)
		due := w.Elapsed()
		for i := range n {
			id := StepID{Of: name, N: i}
			key := keyed.Ident("step").Str(name).With(uint64(i))
			if think != (Durations{}) {
				due = plus(due, within(think, w.chance().With(key.Uint64())))
			}
			if w.Begin(id, due) && !yield(Step{i, w.s.Seed(), key}) {
				return
			}
		}
		w.waitUntil(due) // if the last steps were left out
	}
}

// Workload returns the name by which the steps of a workload that is made elsewhere
// than by Steps are known to Begin: name itself, or with a number behind it if there
// is one of this name already ("operations#2").
func (w *World) Workload(name string) string {
	if w.over("World.Workload") {
		return name
	}
	if name == "" {
		w.fail(fmt.Errorf("World.Workload was given no name; each workload of a world needs one"))
	}
	return w.work.use(name)
}

// Begin says whether a step of a workload is to be done. If so, it waits until due,
// a virtual time from the start of the run, unless that is over, and notes the step.
// It is for workloads that are made elsewhere than by Steps. For a step that is left
// out it does not wait, because the next step will; behind the last one, let the
// task sleep until that one was due, so that a run lasts as long without it.
func (w *World) Begin(id StepID, due time.Duration) bool {
	if w.overFor("World.Begin") || !w.work.wants(id) {
		return false
	}
	w.waitUntil(due)
	w.work.done = append(w.work.done, id)
	return true
}

// waitUntil lets the calling task wait until a virtual time, unless that is over.
func (w *World) waitUntil(due time.Duration) {
	if wait := due - w.Elapsed(); wait > 0 {
		w.s.Sleep(wait)
	}
}

func checkSteps(name string, n int, think Durations) error {
	switch {
	case name == "":
		return fmt.Errorf("World.Steps was given no name; each workload of a world needs one")
	case n < 0:
		return fmt.Errorf("World.Steps(%q) was given %d steps; the number cannot be negative", name, n)
	case think != (Durations{}) && (think.Min < 0 || think.Max < think.Min || think.Max > longest):
		return fmt.Errorf("World.Steps(%q) was given %v to %v to wait; a range needs 0 ≤ Min ≤ Max ≤ 100 years", name, think.Min, think.Max)
	}
	return nil
}

// Size returns a number from least to most that the seed chooses, such as how many
// nodes the world has; at seed 0 the middle. The minimiser tries smaller ones. A
// name always means the same number in one run.
func (w *World) Size(name string, least, most int) int {
	if w.over("World.Size") {
		return least
	}
	if name == "" || least < 0 || most < least {
		w.fail(fmt.Errorf("World.Size(%q, %d, %d) needs a name and a range from 0 or more", name, least, most))
		return least
	}
	for _, s := range w.work.sizes {
		if s.Name == name {
			return s.Value
		}
	}
	value := int(w.key.Str("size").Str(name).Between(int64(least), int64(most)))
	for _, s := range w.cfg.Sizes {
		if s.Name == name && s.Value >= least && s.Value <= most {
			value = s.Value
			w.work.sized = append(w.work.sized, name)
		}
	}
	w.work.sizes = append(w.work.sizes, Size{Name: name, Value: value, Least: least})
	return value
}

// Size is a number that World.Size returned, or that it shall return; Least is the
// smallest that the scenario allows, and not looked at in a Config.
type Size = shrink.Size

// Horizon returns how long the scenario should go on: d, unless the minimiser has
// found that less is enough. What takes faults from World.Inject should give the
// horizon to it as well. Nothing keeps a scenario from running on beyond it.
func (w *World) Horizon(d time.Duration) time.Duration {
	if w.over("World.Horizon") {
		return d
	}
	if d <= 0 {
		w.fail(fmt.Errorf("World.Horizon was given %v; it is a time in which something can happen, and must be positive", d))
		return d
	}
	w.work.horizon = max(w.work.horizon, d)
	if given := w.cfg.Horizon; given > 0 {
		return min(d, given)
	}
	return d
}

// workload is what the scenario asked for that the minimiser may leave out.
//
// Invariants: wanted is nil if every step is; done has the steps that were begun,
// in order; sizes has one entry a name, in the order of first use.
type workload struct {
	wanted  map[StepID]bool
	used    map[string]int
	done    []StepID
	sizes   []Size
	sized   []string // those of Config.Sizes that were asked for
	horizon time.Duration
}

// want limits the steps to those listed.
func (x *workload) want(steps *Steps) {
	if steps == nil {
		return
	}
	x.wanted = make(map[StepID]bool, len(*steps))
	for _, id := range *steps {
		x.wanted[id] = true
	}
}

func (x *workload) wants(id StepID) bool { return x.wanted == nil || x.wanted[id] }

// use returns the name by which this use of a workload is known.
func (x *workload) use(name string) string {
	if x.used == nil {
		x.used = map[string]int{}
	}
	x.used[name]++
	if n := x.used[name]; n > 1 {
		return name + "#" + strconv.Itoa(n)
	}
	return name
}

// Steps are the steps of a run's workloads that are done; all others are left out.
type Steps = shrink.Steps

// unmet lists the steps and sizes of the configuration that the scenario did not
// ask for.
func (x *workload) unmet(cfg *Config) (out []string) {
	if cfg.Steps != nil {
		done := make(map[StepID]bool, len(x.done))
		for _, id := range x.done {
			done[id] = true
		}
		for _, id := range *cfg.Steps {
			if !done[id] {
				out = append(out, fmt.Sprintf("step %v was not reached", id))
			}
		}
	}
	for _, s := range cfg.Sizes {
		if !slices.Contains(x.sized, s.Name) {
			out = append(out, fmt.Sprintf("size %s = %d was not asked for, or does not fit what is", s.Name, s.Value))
		}
	}
	return out
}
