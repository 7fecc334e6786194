package sched

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"samerun/internal/text"
)

// Where says when and in which task something happened.
type Where struct {
	At    time.Duration // virtual time since the start of the run
	Task  string        // empty: not in a task but in an event
	Group string
}

func (w Where) String() string {
	if w.Task == "" {
		return fmt.Sprintf("at %v in an event", w.At)
	}
	return fmt.Sprintf("at %v in task %s", w.At, taskName(w.Group, w.Task))
}

// taskName writes "n0/ticker", and "main" for the main task of the main group. Names
// are the program's, and may hold what must not reach a terminal.
func taskName(group, task string) string {
	group, task = text.Line(group), text.Line(task)
	if group == task || group == "" {
		return task
	}
	return group + "/" + task
}

func (t *Task) fullName() string { return taskName(t.group.name, t.label()) }

// program is the function that the program under test started.
func (t *Task) program() func() {
	if t.asked != nil {
		return t.asked
	}
	return t.fn
}

// label is the name of the task, or of its function if it was given none.
func (t *Task) label() string {
	if t.name != "" {
		return t.name
	}
	name, _ := funcPlace(t.program())
	return name
}

func (s *Scheduler) where(t *Task) Where {
	if t == nil {
		return Where{At: s.clk.Now()}
	}
	return Where{At: s.clk.Now(), Task: t.label(), Group: t.group.name}
}

// PanicError is a panic in a task or in an event.
type PanicError struct {
	Where
	Value any
	Stack string // from the panic upwards, the simulator's own frames left out
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("panic %v: %v", e.Where, e.Value)
}

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// panicError is called while the panic unwinds, so that the stack still has the
// frames that led to it.
func (s *Scheduler) panicError(t *Task, value any) error {
	return &PanicError{Where: s.where(t), Value: value, Stack: trimStack(string(debug.Stack()))}
}

// GoexitError is a task that ended the run by runtime.Goexit, which is what
// t.FailNow, t.Fatal and t.SkipNow do.
type GoexitError struct{ Where }

func (e *GoexitError) Error() string {
	return fmt.Sprintf("the run was ended %v by t.FailNow, t.Fatal, t.SkipNow or runtime.Goexit", e.Where)
}

func (s *Scheduler) goexitError(t *Task) error { return &GoexitError{s.where(t)} }

// LivelockError is too much happening at one virtual instant.
type LivelockError struct {
	Where        // the task whose turn was one too many
	Steps int    // turns and events at this instant
	Line  string // where that task is, if it has begun
}

func (e *LivelockError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "livelock: %d steps at one virtual instant, the last %v", e.Steps, e.Where)
	if e.Line != "" {
		fmt.Fprintf(&b, " (%s)", e.Line)
	}
	b.WriteString("; something goes round without letting time pass: sleep between tries")
	return b.String()
}

func (s *Scheduler) livelock(t *Task) {
	e := &LivelockError{Where: s.where(t), Steps: s.instant - 1}
	if t != nil {
		e.Line = s.stacks().line(t)
	}
	s.err = first(s.err, e)
	s.over = true
}

// trimStack leaves out the frames of the runtime and of the simulator around
// the program's own, and all addresses, which differ from run to run.
func trimStack(stack string) string {
	var b strings.Builder
	for _, f := range parseFrames(stack) {
		if !f.ours() {
			fmt.Fprintf(&b, "%s\n\t%s\n", f.fn, f.place)
		}
	}
	return b.String()
}
