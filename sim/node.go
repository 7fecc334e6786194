package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim/disk"
)

// Node is one machine of the world: its tasks live and die with it, its clock
// may be wrong, and what it saved survives a crash.
//
// Invariants: group is the present incarnation and nil before the first Start
// (never, for the main node); up says that it has not crashed; boots counts
// incarnations, the first being 1.
type Node struct {
	w       *World
	index   int
	name    string
	id      keyed.Key
	machine int // its number for the host, 0 in a world of tasks
	group   *sched.Group
	view    *clock.View
	boot    func()
	boots   int
	bootAt  time.Duration // of the last start
	started uint64        // its number among the starts of all nodes
	up      bool
	paused  bool
	tasks   uint64
	store   *savedItem
	rand    *rand.Rand
	onDown  []func()
	dump    func() string // what it tells of its state; nil for nothing

	// What schedules do to it.
	downs      []*liveFault // that keep it down
	fell       bool         // it is down by a fault: the last that keeps it down starts it
	stills     []*liveFault // that keep it still
	stopped    bool         // it is paused by a fault: the last that keeps it still resumes it
	slowed     []*liveFault // that make it slow
	wrong      wrongClock
	disk       *disk.Disk // nil until it is used
	diskFaults []*liveFault
	struckBy   *liveFault // the fault by which it crashes just now, nil if it is by hand
	crashing   bool       // its disk loses what is unsynced just now
	dir        string     // the folder of its files; empty until it is used
	fileSystem FileSystem
	diskFiles  []string          // that had a fault of their own
	diskOps    map[string]uint64 // by file
	buggified  map[string]uint64
}

// Node returns the node of that name, and makes it on first use: a machine that
// is switched off until Start. The name "main" is the scenario's own node.
func (w *World) Node(name string) *Node {
	w.s.Caller("World.Node")
	if n := w.names[name]; n != nil {
		return n
	}
	w.s.Touch(nil, sched.ToWrite)
	if name == "" {
		w.fail(errNoName)
	}
	return w.newNode(name)
}

var errNoName = errors.New("World.Node was called with an empty name; traces and keys need one, such as \"n0\"")

// Nodes returns all nodes but the main node, in the order in which they were made.
func (w *World) Nodes() []*Node { return slices.Clone(w.nodes[1:]) }

func (w *World) newNode(name string) *Node {
	n := &Node{w: w, index: len(w.nodes), name: name, id: keyed.Ident("node").Str(name), view: clock.NewView(w.s.Clock())}
	if w.host != nil && n.index > 0 {
		n.machine = w.host.NewNode(name)
	}
	w.nodes = append(w.nodes, n)
	w.names[name] = n
	w.named(name)
	w.newLinks()
	return n
}

// adopt makes the scheduler's own group the main node's incarnation.
func (n *Node) adopt(root *sched.Group) {
	n.up, n.boots = true, 1
	n.group, n.view = root, root.View()
	if n.w.host != nil {
		// Everything of the process that is on no node goes by the same clock.
		n.view.OnChange(func(time.Duration, int64) { n.w.fail(n.mainOnly("a setter of Node.Clock")) })
	}
}

// Name returns the node's name.
func (n *Node) Name() string { return n.name }

// String returns the node's name.
func (n *Node) String() string { return n.name }

// Up says whether the node runs, or is paused; not so before Start and after Crash.
func (n *Node) Up() bool { return n.up }

// Paused says whether the node is paused.
func (n *Node) Paused() bool { return n.paused }

// Boot returns how often the node was started: 1 in its first incarnation.
func (n *Node) Boot() int { return n.boots }

// Start switches the node on: boot runs as its first task, and again after each
// Restart. boot may return; the tasks that it started go on.
func (n *Node) Start(boot func()) {
	if n.w.over("Node.Start") {
		return
	}
	var err error
	switch {
	case boot == nil:
		err = fmt.Errorf("Node.Start of %s was given no function; it needs one that starts what runs on the node", n.name)
	case n == n.w.main:
		err = n.mainOnly("Node.Start")
	case n.up:
		err = fmt.Errorf("Node.Start was called on %s, which runs already; use Restart", n.name)
	}
	if err != nil {
		n.w.fail(err)
		return
	}
	n.boot = boot
	n.start()
}

func (n *Node) start() {
	n.boots++
	n.bootAt = n.w.Elapsed()
	n.w.starts++
	n.started = n.w.starts
	n.up, n.paused, n.fell, n.stopped, n.rand, n.tasks = true, false, false, false, nil, 0
	n.crashing, n.struckBy = false, nil
	n.tellPicked()
	n.group = n.w.s.NewGroup(n.name, n.view, n)
	n.switchOn()
	n.w.record(Record{What: Booted, Node: n, N: uint64(n.boots)})
	n.stretch()
	n.Go("main", n.boot)
	if n.w.inj != nil {
		n.w.inj.booted(n)
		n.keepStill()
	}
}

func (n *Node) mainOnly(op string) error {
	return fmt.Errorf("%s was called on the main node, which is the scenario itself; use another node", op)
}

// Go starts a task on the node, from wherever it is called. On a node that is
// down nothing happens.
func (n *Node) Go(name string, fn func()) {
	if n.w.overFor("Node.Go") || !n.up {
		return
	}
	if fn == nil {
		n.w.fail(fmt.Errorf("Node.Go(%q) on %s was given no function; it needs one to run as a task", name, n.name))
		return
	}
	n.tasks++
	n.w.s.Spawn(n.group, name, n.id.With(uint64(n.boots)).With(n.tasks).Uint64(), fn)
}

// Spawn starts a task with an identity of the caller's making, a hash as
// sched.Scheduler.Spawn has it: for packages that start tasks because a message
// arrived.
func (n *Node) Spawn(name string, id uint64, fn func()) {
	if !n.w.overFor("Node.Spawn") && n.up {
		n.w.s.Spawn(n.group, name, id, fn)
	}
}

// Crash switches the node off: its tasks stop where they stand, for good, and
// none of their deferred calls touches the world. What is in memory is lost;
// what was saved stays. Messages on the way to it are dropped on arrival, those
// that it sent before go on. A node that is down stays so, also when a fault of
// the schedule ends that brought it down. A task of the node itself does not
// return from the call.
func (n *Node) Crash() {
	if n.w.over("Node.Crash") {
		return
	}
	if n == n.w.main {
		n.w.fail(n.mainOnly("Node.Crash"))
		return
	}
	n.fell = false // what is done by hand, no fault undoes
	if n.up {
		n.crash()
	} else {
		n.w.fault.asked(faultCrash)
	}
}

func (n *Node) crash() {
	n.w.fault.asked(faultCrash)
	n.w.fault.fired(faultCrash)
	n.goDown()
}

// goDown ends the present incarnation.
func (n *Node) goDown() {
	n.up, n.paused, n.stopped, n.dump = false, false, false, nil
	n.w.record(Record{What: Crashed, Node: n, N: uint64(n.boots)})
	down := n.onDown
	n.onDown = nil
	for _, f := range down {
		f()
	}
	n.crashDisk()
	n.endBoot()
	// It does not return if the caller is of the node.
	n.group.Freeze(fmt.Sprintf("crashed at %v", n.w.Elapsed()))
	n.crashing, n.struckBy = false, nil
}

// Run is Start for a function that returns an error, such as the main function of a
// service: an error other than nil ends the run as failed.
func (n *Node) Run(boot func() error) {
	if boot == nil {
		n.Start(nil)
		return
	}
	n.Start(func() {
		if err := boot(); err != nil {
			n.w.fail(fmt.Errorf("the function of node %s returned an error: %w", n.name, err))
		}
	})
}

// Restart starts the node again with the function that was given to Start, in a
// new incarnation. A node that is up crashes first.
func (n *Node) Restart() {
	if n.w.over("Node.Restart") {
		return
	}
	switch {
	case n == n.w.main:
		n.w.fail(n.mainOnly("Node.Restart"))
		return
	case n.boot == nil:
		n.w.fail(fmt.Errorf("Node.Restart was called on %s, which was never started; use Start first", n.name))
		return
	case n.up && n == n.w.Here():
		// The caller dies in the crash: somebody else must do the rest, unless a
		// third was faster.
		n.w.main.Spawn("restart "+n.name, n.id.Str("restart").With(uint64(n.boots)).Uint64(), func() {
			if !n.up {
				n.start()
			}
		})
		n.Crash()
	}
	if n.up {
		n.Crash()
	}
	n.start()
}

// Pause stops the node without its noticing: no task of it runs until Resume,
// its clock goes on, messages arrive and wait. Pausing a node that is down does
// nothing; one that is paused stays so, also when a fault of the schedule ends
// that paused it.
func (n *Node) Pause() {
	if n.w.over("Node.Pause") {
		return
	}
	if n == n.w.main {
		n.w.fail(n.mainOnly("Node.Pause"))
		return
	}
	n.stopped = false // what is done by hand, no fault undoes
	if n.up && !n.paused {
		n.pause()
	} else {
		n.w.fault.asked(faultPause)
	}
}

func (n *Node) pause() {
	n.w.fault.asked(faultPause)
	n.w.fault.fired(faultPause)
	n.paused = true
	n.w.record(Record{What: Paused, Node: n})
	n.group.Pause()
}

// Resume lets a paused node go on.
func (n *Node) Resume() {
	if n.w.over("Node.Resume") || !n.paused {
		return
	}
	n.paused, n.stopped = false, false
	n.w.record(Record{What: Resumed, Node: n})
	n.group.Resume()
}

// OnDown calls f when the present incarnation ends by a crash. f must not block.
// It is for packages that keep something per incarnation, such as servers.
func (n *Node) OnDown(f func()) {
	n.use("Node.OnDown")
	n.onDown = append(n.onDown, f)
}

// use makes sure that the caller belongs to the world. For a search that leaves out
// equivalent orders: what only tasks of the node itself use needs no more; if another
// does, that may matter to everybody.
func (n *Node) use(op string) {
	if t := n.w.s.Caller(op); t.Group() != n.group {
		n.w.s.Touch(nil, sched.ToWrite)
	}
}

// Now returns the date by the node's own clock.
func (n *Node) Now() time.Time { return n.view.Now() }

// Clock returns the node's own clock, on which offset and drift are set. It
// outlives crashes.
func (n *Node) Clock() *clock.View { return n.view }

// Rand returns the node's random generator, for the program on it: drawn from
// the seed, the node's name and the incarnation, so that no other node's draws
// matter to it. It is random at seed 0 too.
func (n *Node) Rand() *rand.Rand {
	n.use("Node.Rand")
	if n.rand == nil {
		n.rand = n.w.random(n.id.With(uint64(n.boots)))
	}
	return n.rand
}
