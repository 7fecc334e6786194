package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"samerun/clock"
	"samerun/internal/host"
	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim/fault"
)

// World is one simulated world: nodes, links, messages in flight, and what must
// hold. sim.Run and sim.Test make it and hand it to the scenario.
//
// Its methods are called from tasks of the world (the scenario is one), and,
// where that is said, from checks and events. A goroutine that was started with
// the go statement must not call in: that is found out, and ends the run.
//
// Invariants: nodes are numbered in the order in which they were made, node 0 is
// the main node, to which the scenario belongs; a link exists once it was used;
// every link that is cut or clogged is in stuck, once.
type World struct {
	cfg   Config
	host  host.Host // nil in a world of tasks
	s     *sched.Scheduler
	key   keyed.Key
	main  *Node
	nodes []*Node
	names map[string]*Node
	links map[linkID]*Link
	kinds kinds
	stuck []*Link // cut or clogged, and perhaps mended since: see HealAll
	trace trace
	props properties
	count MessageCounts
	fault faults

	starts  uint64          // of nodes
	inj     *injection      // the schedule at work; nil without one
	given   *fault.Schedule // one that has yet to begin
	givenAt clock.ID        // when it begins at the latest
	roles   map[string]func() []*Node
	domains map[string][]*Node
	rule    func(*Message) Verdict

	deviating *sched.Deviating // nil without deviations
	counting  *sched.Counting  // nil if nobody wants to know
	recording *sched.Recording // nil if nobody wants to know
	work      workload
	sockets   socketRules
	disks     diskRules
	dirs      string // where the folders of nodes are
	attached  []attachment
	seen      *seen        // nil if nobody wants to know what the run sees
	stateKind reflect.Type // of the last state that was told
	events    asides       // what is told of besides the records
}

func newWorld(cfg Config) (*World, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	w := &World{cfg: cfg, host: cfg.host, names: map[string]*Node{}, links: map[linkID]*Link{}}
	if cfg.saw != nil {
		w.seen = newSeen(w)
	}
	strategy, err := w.strategy()
	if err != nil {
		return nil, err
	}
	with := sched.Config{
		Seed: cfg.Seed, Forks: cfg.Forks, Strategy: strategy, MaxSteps: cfg.MaxSteps, Stall: cfg.Stall,
		Quiet: w.quiet, Late: cfg.late, Value: w,
	}
	if cfg.patient {
		with.Stall = longest
	}
	if w.host != nil {
		with.Host = w.host
	}
	s, err := sched.New(with)
	if err != nil {
		return nil, err
	}
	if w.host != nil {
		w.host.OnExit(w.exited)
		w.host.OnHit(w.struck)
		w.host.OnDisk(w.diskTold)
		w.sockets.hand = map[handRule]int{}
	}
	w.s, w.key = s, keyed.Root(cfg.Seed)
	if cfg.saw != nil {
		w.seen.watch()
	}
	if cfg.asides && cfg.Trace != nil {
		w.s.Witness(w.witness)
	}
	w.kinds.ids = map[string]Kind{}
	w.work.want(cfg.Steps)
	w.newKind("")
	w.main = w.newNode("main")
	w.main.adopt(s.Root())
	if cfg.Faults != nil {
		if err := w.give(); err != nil {
			return nil, fmt.Errorf("sim.Config.Faults: %w", err)
		}
	}
	return w, nil
}

// Current returns the world to which the calling task belongs, and nil if the
// caller is no task. It is for libraries whose functions take no world.
func Current() *World {
	if s := sched.Running(); s != nil {
		w, _ := s.Root().Value().(*World)
		return w
	}
	return nil
}

// Seed returns the seed with which the run began.
func (w *World) Seed() uint64 { return w.cfg.Seed }

// chance is the key of what is left to chance at present.
func (w *World) chance() keyed.Key {
	if len(w.cfg.Forks) == 0 {
		return w.key
	}
	return keyed.Root(w.s.Seed())
}

// Calm returns how much of the network is not left to chance. It is for packages
// that build networks on this one. It may be called from anywhere in the world.
func (w *World) Calm() Calm { return w.cfg.Calm }

// Scheduler returns the scheduler of the run, for packages that build on this
// one. Scenarios have no need of it.
func (w *World) Scheduler() *sched.Scheduler { return w.s }

// Elapsed returns the true virtual time since the start of the run. It may be
// called from anywhere in the world.
func (w *World) Elapsed() time.Duration { return w.s.Clock().Now() }

// Now returns the true virtual time as a date; a run starts at clock.Epoch. A
// node's own, perhaps wrong, clock is Node.Now.
func (w *World) Now() time.Time { return w.s.Clock().Time() }

// Sleep lets the calling task wait for d of virtual time, by the clock of its node.
func (w *World) Sleep(d time.Duration) { w.s.Sleep(d) }

// Go starts fn as a task on the calling task's node, as the go statement starts
// a goroutine. The name is for reports and may be empty.
func (w *World) Go(name string, fn func()) {
	w.s.Caller("World.Go")
	if fn == nil {
		w.fail(fmt.Errorf("World.Go(%q) was given no function; it needs one to run as a task", name))
		return
	}
	w.s.Go(name, fn)
}

// Rand returns the random generator of the calling task's node: see Node.Rand.
func (w *World) Rand() *rand.Rand { return w.here("World.Rand").Rand() }

// Main returns the node to which the scenario itself belongs. It cannot crash.
func (w *World) Main() *Node { return w.main }

// Here returns the node of the calling task, and the main node in an event.
func (w *World) Here() *Node { return w.here("World.Here") }

func (w *World) here(op string) *Node {
	if n, ok := w.s.Caller(op).Group().Value().(*Node); ok {
		return n
	}
	return w.main
}

// over makes sure that the caller belongs to the world, and says that the run has
// ended: deferred calls of tasks that are being unwound must change nothing.
//
// For a search that leaves out equivalent orders, what op does may matter to everybody.
func (w *World) over(op string) bool {
	w.s.Touch(nil, sched.ToWrite)
	return w.overFor(op)
}

// overFor is over for what matters to nobody, or where the caller says to whom by Touch.
func (w *World) overFor(op string) bool {
	w.s.Caller(op)
	return w.s.Over()
}

// Failf ends the run as failed. Called from a task it does not return; the
// task's deferred calls run without effect on the world. It may be called from
// checks and events too.
func (w *World) Failf(format string, args ...any) {
	w.s.Caller("World.Failf")
	w.fail(fmt.Errorf(format, args...))
}

// Fail is Failf for an error.
func (w *World) Fail(err error) {
	w.s.Caller("World.Fail")
	if err == nil {
		err = errNilFailure
	}
	w.fail(err)
}

var errNilFailure = errors.New("World.Fail was called with a nil error; it needs one that says what went wrong")

func (w *World) fail(err error) {
	if !w.s.Over() {
		w.record(Record{What: Failed, Text: err.Error()})
	}
	w.s.Fail(err)
}

// Logf writes a line into the trace; a failure shows the last ones. It may be
// called from checks and events.
func (w *World) Logf(format string, args ...any) {
	node := w.here("World.Logf")
	w.record(Record{What: Note, Node: node, Text: fmt.Sprintf(format, args...)})
}
