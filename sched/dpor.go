package sched

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"samerun/internal/keyed"
)

// ErrRedundant is how Run ends if an exhaustive search with ExhaustiveOptions.DPOR has given
// the run up: in whatever order it could go on, an earlier run was equivalent. It is no failure.
var ErrRedundant = errors.New("the run was given up: each order in which it could go on is equivalent to that of an earlier run of the search")

var errOneIdentity = errors.New("has two tasks of one identity that are ready at once, so that their orders cannot be told apart; give each task that is started with Spawn an id of its own")

// dpor is dynamic partial order reduction: of all orders that are equivalent (phase.go) it
// runs one. The algorithm is Source-DPOR of Abdulla, Aronis, Jonsson and Sagonas, "Optimal
// dynamic partial order reduction" (POPL 2014), which is that of Flanagan and Godefroid,
// "Dynamic partial-order reduction for model checking software" (POPL 2005), with a
// weaker demand on where to branch, and the sleep sets of Godefroid, "Partial-order methods
// for the verification of concurrent systems" (1996).
//
// It goes depth first. When two turns of a run race, that in which the second comes first
// must be run, too: then a task is added to the todo list of the node before the first turn,
// unless one is there from which such a run will be found. What has been run from a node sleeps
// in those that are tried after it until a turn comes that depends on it: before that, to
// wake it would lead to a run that is equivalent to an earlier one. If all tasks that are
// ready sleep, the run is given up.
//
// A turn may also keep tasks from running that were ready: it freezes or pauses their group, or
// ends the run. Such a turn depends on all others, and the tasks are added to the todo list of
// the node before it, because no turn of theirs may come that races with it.
//
// Invariants: path has a node for each turn of the last run, or of the next one as far as
// that is decided; phase has the turns since the last event, the turn in progress left out,
// and node i of it is path[base+i].
type dpor struct {
	path    []*node
	given   int // how much of path was decided before the run
	pos     int // turns that the run has had
	foot    footprint
	phase   []*turn
	base    int
	done    []phaseOrders // phases of the run that are over
	seen    map[uint64]bool
	orders  *big.Int // how many are equivalent to those that were run
	inexact bool     // there are more
	counter counter
	cut     bool // the run in progress was given up
	cuts    int
	err     error
}

// node is a point of a run at which a turn begins.
type node struct {
	ready     []uint64     // tasks that can run, in the order in which they became ready
	who       keyed.Digest // of ready
	todo      []uint64     // tasks that are to have this turn, those that had it included
	sleep     []asleep
	inherited int    // of sleep, those that slept when the node was made
	took      uint64 // who has it in this run
	stuck     bool   // all tasks sleep: nobody has it
	turn      *turn  // what it did, nil before
	apart     map[uint64]bool
}

// asleep is a task that need not have its turn now: what would follow was run before.
// Things without a name are told apart in one run only (touch.go); apart has the hashes of
// turns that were seen beside this one, in a run that had both, and did not depend on it.
type asleep struct {
	turn  *turn
	apart map[uint64]bool
}

// phaseOrders says how many orders of the turns of a phase are equivalent to that which
// was run: those of path from one node to another.
type phaseOrders struct {
	from, to int
	n        *big.Int
	exact    bool
	hash     uint64
}

func newDPOR() *dpor {
	return &dpor{seen: map[uint64]bool{}, orders: new(big.Int), counter: counter{allSteps}}
}

// begin is called before each run.
func (d *dpor) begin() {
	d.given, d.pos, d.base, d.cut = len(d.path), 0, 0, false
	d.foot = footprint{numbers: map[any]uint64{}, holds: map[hold]int{}}
	d.phase = d.phase[:0]
	// The last node of path has another turn than in the run before.
	d.done = slices.DeleteFunc(d.done, func(p phaseOrders) bool { return p.to >= d.given })
}

// choose begins a turn: it returns which of the tasks that are ready has it, and why these are
// ready is in after; -1 gives the run up.
func (d *dpor) choose(ready []uint64, group []groupThing, all []bool, after [][]int) int {
	who := keyed.Digest(0)
	for i, id := range ready {
		who.Add(id)
		if slices.Contains(ready[:i], id) && d.err == nil {
			d.err = errOneIdentity
		}
	}
	if d.pos < d.given {
		n := d.path[d.pos]
		if n.who != who && d.err == nil {
			d.err = fmt.Errorf("is not deterministic: at turn %d other tasks could run than in an earlier run that chose the same", d.pos+1)
		}
	} else {
		d.path = append(d.path, d.newNode(ready, who))
	}
	n := d.path[d.pos]
	if n.stuck {
		return -1
	}
	at := max(slices.Index(ready, n.took), 0) // the search is over if it is not there
	d.pos++
	d.foot.cur = &turn{task: ready[at], all: all[at], known: uint64(len(d.foot.numbers)), after: after[at]}
	d.foot.touch(group[at], ToWrite)
	return at
}

// newNode is a node behind the last turn.
func (d *dpor) newNode(ready []uint64, who keyed.Digest) *node {
	n := &node{ready: slices.Clone(ready), who: who, stuck: true}
	if k := len(d.phase); k > 0 {
		before, last := d.path[d.pos-1], d.phase[k-1]
		for _, s := range before.sleep {
			if s.turn.task != last.task && s.sleepsOn(last) {
				n.sleep = append(n.sleep, s)
			}
		}
	}
	n.inherited = len(n.sleep)
	for _, id := range ready {
		if !n.sleeps(id) {
			n.took, n.todo, n.stuck = id, []uint64{id}, false
			break
		}
	}
	return n
}

func (n *node) sleeps(id uint64) bool {
	return slices.ContainsFunc(n.sleep, func(s asleep) bool { return s.turn.task == id })
}

// sleepsOn says that another turn does not depend on the one that sleeps.
func (s asleep) sleepsOn(t *turn) bool {
	certain, possible := mayDepend(s.turn, t)
	return !certain && (!possible || s.apart[t.hash])
}

// end ends the turn in progress. ready are the tasks that can run behind it; over says
// that it has ended the run.
func (d *dpor) end(ready []uint64, over bool) {
	t := d.foot.cur
	if t == nil {
		return
	}
	d.foot.cur = nil
	n := d.path[d.pos-1]
	if over {
		t.all, ready = true, nil
	}
	for _, id := range n.ready {
		if id != t.task && !slices.Contains(ready, id) {
			t.all = true
			n.want(id)
		}
	}
	t.close()
	if d.pos < d.given {
		d.phase = append(d.phase, n.turn)
		if !n.turn.same(t) && d.err == nil {
			d.err = fmt.Errorf("is not deterministic: turn %d touches other things than in an earlier run that chose the same", d.pos)
		}
		return
	}
	n.turn = t
	d.phase = append(d.phase, t)
	races := place(d.phase)
	last := len(d.phase) - 1
	for i, u := range d.phase[:last] {
		if v := d.path[d.base+i]; len(v.ready) > 1 && !t.past.has(i) && u.touchesNew(u.known) && t.touchesNew(u.known) {
			if v.apart == nil {
				v.apart = map[uint64]bool{}
			}
			v.apart[t.hash] = true
		}
	}
	for _, i := range races {
		u := d.phase[i]
		d.reverse(i, apartFrom(d.phase, i, last, func(k *turn) bool { return k == u }), last)
	}
	d.sleepersRace(last)
}

// sleepersRace looks for races of the last turn with turns that sleep. The run in which such a
// turn was had shows these races at the node from which it was run, and not at those in between.
// In the literature that is enough, because there a thread's next step touches the same thing
// whatever others do before it. A turn here may touch much, and what it touches later depends on
// what it has found: while it sleeps, only it knows that another has to do with it.
func (d *dpor) sleepersRace(last int) {
	t := d.phase[last]
	for i := range last + 1 {
		n := d.path[d.base+i]
		for _, s := range n.sleep[:n.inherited] {
			if s.turn.task == t.task || s.sleepsOn(t) {
				continue
			}
			v := apartFrom(d.phase, i, last, func(k *turn) bool { return k.task == s.turn.task || !s.sleepsOn(k) })
			direct := true
			for k := i; k < last; k++ {
				direct = direct && (v.has(k) || !t.past.has(k))
			}
			if direct {
				d.reverse(i, v, last)
			}
		}
	}
}

// reverse sees to it that from the node before turn i of the phase the turns of v and then turn
// j are run.
func (d *dpor) reverse(i int, v set, j int) {
	n := d.path[d.base+i]
	tasks, first := initials(d.phase, v, j)
	id := d.phase[j].task
	if first && !slices.Contains(n.ready, id) {
		return // it could not run there: its group was paused
	}
	for _, p := range tasks {
		if slices.Contains(n.todo, p) || n.sleeps(p) {
			return
		}
	}
	if !first {
		id = tasks[0]
	}
	n.want(id)
}

func (n *node) want(id uint64) {
	if !slices.Contains(n.todo, id) {
		n.todo = append(n.todo, id)
	}
}

// endPhase is called when no task is ready: an event comes next, or the end of the run.
func (d *dpor) endPhase() {
	to := d.base + len(d.phase)
	if len(d.phase) > 0 && (len(d.done) == 0 || d.done[len(d.done)-1].to < to) {
		past, hash := make([]set, len(d.phase)), keyed.Digest(0)
		sum := uint64(0)
		for i, t := range d.phase {
			past[i] = t.past
			sum += t.hash
		}
		hash.Add(sum)
		n, exact := d.counter.extensions(past)
		d.done = append(d.done, phaseOrders{d.base, to, n, exact, uint64(hash)})
	}
	d.base, d.phase = to, d.phase[:0]
}

// finish is called when the run is over, and decides on the next. more is false if there
// is none.
func (d *dpor) finish() (more bool) {
	d.end(nil, true)
	d.endPhase()
	if d.err == nil && d.pos < d.given {
		d.err = fmt.Errorf("is not deterministic: it ended after %d turns, and an earlier run that chose the same had more", d.pos)
	}
	if d.err != nil {
		return false
	}
	if d.cut {
		d.cuts++
	} else {
		d.count()
	}
	for len(d.path) > 0 {
		n := d.path[len(d.path)-1]
		if n.turn != nil {
			n.sleep = append(n.sleep, asleep{n.turn, n.apart})
			n.turn, n.apart = nil, nil
			for _, id := range n.todo {
				if !n.sleeps(id) {
					n.took = id
					return true
				}
			}
		}
		d.path = d.path[:len(d.path)-1]
	}
	return false
}

// count adds the orders that are equivalent to that of the run.
func (d *dpor) count() {
	hash, n := keyed.Digest(0), big.NewInt(1)
	exact := true
	for _, p := range d.done {
		hash.Add(p.hash)
		n.Mul(n, p.n)
		exact = exact && p.exact
	}
	if d.seen[uint64(hash)] {
		return
	}
	d.seen[uint64(hash)] = true
	d.orders.Add(d.orders, n)
	d.inexact = d.inexact || !exact
}
