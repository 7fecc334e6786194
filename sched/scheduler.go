package sched

import (
	"fmt"
	"sync/atomic"

	"samerun/clock"
	"samerun/internal/keyed"
)

// Scheduler runs tasks one at a time in virtual time. A run is a pure function
// of the program, the seed and the strategy.
//
// Make one with New; it serves one run. Its methods are called from tasks and
// from events of its clock, never from other goroutines: those are found out,
// and end the run.
//
// Invariants: at most one task is running, and it is cur; cur is nil while
// events fire; a task is in the strategy's ready set if and only if its state
// is fresh or isReady and its group is not paused (a frozen one may be left
// there, and is dropped when its turn comes).
type Scheduler struct {
	cfg      Config
	clk      *clock.Clock
	key      keyed.Key        // the root of all decisions
	onTouch  func(*Task, any) // is told who touches what; or nil
	witness  *witness         // is told what tasks do; or nil
	forked   int              // how many of the forks have come
	strategy Strategy
	root     *Group
	groups   []*Group
	main     *Task
	event    *Task // stands for whoever calls from an event; it cannot wait
	cur      *Task
	curg     uintptr // the goroutine of cur, or of an earlier one if cur is nil
	handoff  *Task   // whom the next driver shall resume
	idle     []*worker
	spare    *Task // free list of records, linked through next
	digest   keyed.Digest
	cause    uint64
	host     *hosting   // set if tasks are goroutines of a host
	foot     *footprint // set if somebody wants to know what turns touch

	arrivals uint64 // how often a task was put into the ready set
	picks    uint64 // how often one was taken out
	choices  uint64 // how often there were others

	steps   uint64 // turns taken
	instant int    // turns and events at the present instant
	quiet   bool   // Quiet was called and nothing happened since

	err     error     // the first failure
	started bool      // Run was called
	over    bool      // no more turns
	closing bool      // tasks are being unwound: nothing has an effect any more
	killing bool      // close has begun
	buried  []*worker // left by Goexit, to be ended by close

	watch watch
	bell  atomic.Bool // the watch wants an answer
}

// New returns a scheduler with a clock of its own that stands at zero.
func New(cfg Config) (*Scheduler, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &Scheduler{cfg: cfg, clk: clock.New(), key: keyed.Root(cfg.Seed), strategy: cfg.Strategy}
	s.clk.OnSleep(s.Sleep)
	if cfg.Host != nil {
		var err error
		if s.host, err = newHosting(s, cfg.Host); err != nil {
			return nil, err
		}
	}
	s.root = s.NewGroup("main", nil, cfg.Value)
	s.event = &Task{s: s, name: "an event", group: s.root, id: keyed.Ident("event"), state: running}
	return s, nil
}

// Clock returns the virtual clock of the run.
func (s *Scheduler) Clock() *clock.Clock { return s.clk }

// Root returns the group of the main task.
func (s *Scheduler) Root() *Group { return s.root }

// Digest returns the digest of the run so far: it holds every turn and every
// instant, and what Note and NoteBytes were given. It is 16 hexadecimal digits.
func (s *Scheduler) Digest() string { return s.digest.String() }

// Note takes a number into the digest: something that must be the same in a run
// that is the same.
func (s *Scheduler) Note(x uint64) { s.digest.Add(x) }

// NoteBytes takes bytes, and how many they are, into the digest.
func (s *Scheduler) NoteBytes(b []byte) { s.digest.AddBytes(b) }

// Steps returns how many turns tasks have had.
func (s *Scheduler) Steps() uint64 { return s.steps }

// Choices returns how often the strategy has had a choice: how often it took a
// task while two or more were ready. It is the length of a run as PCT and Delay
// count it. Calm runs have far fewer choices than Steps, because mostly an event
// wakes one task and nobody else is ready.
func (s *Scheduler) Choices() uint64 { return s.choices }

// Over says that the run has ended or failed: nothing has an effect any more.
// Deferred calls of tasks that are being unwound find it true.
func (s *Scheduler) Over() bool { return s.over || s.closing }

// Current returns the running task, or nil while events fire.
func (s *Scheduler) Current() *Task {
	if s.host != nil {
		return s.host.current()
	}
	return s.cur
}

// Cause returns the number of the record that led to what happens now, for
// those who keep a trace. Waking a task hands it on.
func (s *Scheduler) Cause() uint64 {
	if s.host != nil {
		return s.host.caller().cause
	}
	return s.cause
}

// SetCause sets what Cause returns.
func (s *Scheduler) SetCause(n uint64) {
	if s.host != nil {
		s.host.caller().cause = n
		return
	}
	s.cause = n
}

// Spawn makes a task ready that will run fn in group g. id is its identity, a hash of
// whatever makes it this task and no other: it must not depend on what unrelated
// tasks do. It may be called from events.
func (s *Scheduler) Spawn(g *Group, name string, id uint64, fn func()) {
	s.spawn(g, name, keyed.Key(id), fn, nil)
}

func (s *Scheduler) spawn(g *Group, name string, id keyed.Key, fn, asked func()) {
	if by := s.Current(); by != nil && by.group != g {
		s.Touch(g.thing(), ToWrite)
	}
	if s.Over() || g.frozen {
		return
	}
	t := s.newTask(g, name, id, fn)
	t.asked = asked
	if by := s.Current(); by != nil {
		t.parent = by.name
	}
	if s.witness != nil {
		s.witness.starts(t)
	}
	if s.host != nil {
		s.host.start(t)
		return
	}
	s.makeReady(t)
}

// Go starts a task in the group of the calling task, as the go statement does.
// A name is optional; the report of a deadlock shows it.
func (s *Scheduler) Go(name string, fn func()) {
	t := s.Caller("Go")
	s.goFrom(t, name, fn, nil)
}

func (s *Scheduler) goFrom(t *Task, name string, fn, asked func()) {
	if fn == nil {
		panic("go of nil func value")
	}
	t.spawned++
	s.spawn(t.group, name, t.id.With(t.spawned), fn, asked)
}

// Wake makes a blocked task ready. Waking any other is without effect.
func (s *Scheduler) Wake(t *Task) {
	if t.state != blocked || s.Over() {
		return
	}
	if s.witness != nil {
		s.witness.goesOn(t)
	}
	t.state = isReady
	t.cause = s.Cause()
	if s.host != nil {
		s.host.Unpark(t.token)
		return
	}
	s.makeReady(t)
	t.wait = waitInfo{} // a strategy may have asked what it was
}

// makeReady lets t wait for its next turn.
func (s *Scheduler) makeReady(t *Task) {
	t.readied++
	t.resumed = 0
	s.add(t)
}

// add puts t into the ready set.
func (s *Scheduler) add(t *Task) {
	t.arrival = s.arrivals
	s.arrivals++
	s.strategy.Add(t)
}

// Block makes the calling task t wait until somebody wakes it. op says in
// reports what it waits for; on may say more by being a fmt.Stringer.
func (s *Scheduler) Block(t *Task, op string, on any) {
	if s.host != nil && s.Over() {
		s.unwind()
	}
	if t == s.event {
		t.unwait()
		panic(fmt.Sprintf("%s would have to wait, and was called from an event (a timer's function, a check, a rule); events cannot wait: start a task for it", op))
	}
	if s.witness != nil {
		s.witness.waits(t, op, on)
	}
	t.wait = waitInfo{op, on}
	if s.host != nil {
		s.host.park(t)
		return
	}
	t.state = blocked
	s.park(t)
}

// Yield lets other ready tasks run before the caller goes on.
func (s *Scheduler) Yield() {
	t := s.Caller("Yield")
	if t == s.event {
		return
	}
	if s.host != nil {
		s.host.yield()
		return
	}
	t.state = isReady
	s.makeReady(t)
	s.park(t)
}

// Fail ends the run with an error, unless it has failed before. Called from a
// task it does not return; the task's deferred calls run without effect.
func (s *Scheduler) Fail(err error) {
	if s.err == nil && !s.over {
		s.err = err
	}
	s.over = true
	by := s.Current()
	if s.host != nil {
		s.host.stop()
	}
	if by != nil {
		s.unwind()
	}
}
