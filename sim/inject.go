package sim

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"samerun/clock"
	"samerun/internal/keyed"
	"samerun/sim/fault"
)

// Inject lets a plan of faults loose on the world: it draws a schedule for the
// run's seed, the nodes made so far and the given horizon of virtual time from
// the beginning of the run, applies it, and returns it. A fault.Schedule is a
// plan that is always the same.
//
// If the run was given a schedule (Config.Faults, a replay file), that one is in
// force from the start, and Inject only returns it. So that such a run is the
// same run, Inject is called at the very beginning: when the nodes are made, and
// before time passes or a message is sent. A run has one schedule: Inject may be
// called once.
func (w *World) Inject(plan fault.Plan, horizon time.Duration) fault.Schedule {
	if w.over("World.Inject") {
		return fault.Schedule{}
	}
	if w.given != nil {
		w.injectGiven()
	}
	switch {
	case w.inj == nil:
	case w.inj.given && !w.inj.asked:
		w.inj.asked = true
		return w.inj.plan
	default:
		w.fail(fmt.Errorf("World.Inject was called twice; a run has one schedule: join the two into one"))
		return fault.Schedule{}
	}
	if plan == nil {
		w.fail(fmt.Errorf("World.Inject was given no plan; fault.Chaos is one, and so is a fault.Schedule"))
		return fault.Schedule{}
	}
	if horizon <= 0 {
		w.fail(fmt.Errorf("World.Inject was given a horizon of %v; it is the virtual time in which faults may happen, and must be positive", horizon))
		return fault.Schedule{}
	}
	if w.Elapsed() > w.early() || w.count.Sent > 0 {
		w.fail(fmt.Errorf("World.Inject was called at %v, after %d messages; call it before the first wait and the first message, because a replay has the schedule from the start (the elements say themselves when they begin)", w.Elapsed(), w.count.Sent))
		return fault.Schedule{}
	}
	var names []string
	for _, n := range w.nodes[1:] {
		names = append(names, n.name)
	}
	s := plan.Draw(w.Seed(), names, horizon)
	if err := w.inject(s); err != nil {
		w.fail(fmt.Errorf("World.Inject: %w", err))
		return fault.Schedule{}
	}
	w.inj.asked = true
	return s
}

// Role names the nodes that "@name" means in a schedule, the name without the
// "@". find is asked when a fault begins, and by one that picks a message when
// that is sent: in the middle of other things, so that it must only look. A role
// that nobody has at that moment makes the fault miss, which the report tells.
func (w *World) Role(name string, find func() []*Node) {
	if w.over("World.Role") {
		return
	}
	if find == nil || name == "" || name[0] == '@' {
		w.fail(fmt.Errorf("World.Role(%q) needs a name without the @, and a function that finds the nodes", name))
		return
	}
	if w.roles == nil {
		w.roles = map[string]func() []*Node{}
	}
	w.roles[name] = find
}

// Domain names a failure domain: nodes that "%name" means in a schedule, the name
// without the "%", such as those of one rack.
func (w *World) Domain(name string, nodes ...*Node) {
	if w.over("World.Domain") {
		return
	}
	if name == "" || name[0] == '%' {
		w.fail(fmt.Errorf("World.Domain(%q) needs a name without the %%", name))
		return
	}
	if w.domains == nil {
		w.domains = map[string][]*Node{}
	}
	w.domains[name] = slices.Clone(nodes)
	if w.inj != nil {
		w.inj.changed()
		w.inj.setPicks()
	}
}

// early is how long after the start of the run Inject may be called: of goroutines, each
// turn takes a little time.
func (w *World) early() time.Duration {
	if w.host != nil {
		return time.Millisecond
	}
	return 0
}

// give puts the schedule of the configuration in force. In a world of goroutines that is
// where the scenario calls Inject, as in the run of which it is, or else when it is too
// late for that: what befalls at 0 finds the same nodes then.
func (w *World) give() error {
	if w.host == nil {
		if err := w.inject(*w.cfg.Faults); err != nil {
			return err
		}
		w.inj.given = true
		return nil
	}
	if err := w.cfg.Faults.Validate(); err != nil {
		return err
	}
	w.given = w.cfg.Faults
	w.givenAt = w.s.Clock().At(w.early(), 0, clock.Func(w.injectGiven))
	return nil
}

// injectGiven takes back the event that give has made: a run that draws its own schedule has
// none, and is the same run to the bit.
func (w *World) injectGiven() {
	if s := w.given; s != nil {
		w.given = nil
		w.s.Clock().Cancel(w.givenAt)
		if err := w.inject(*s); err != nil {
			w.fail(err) // give has looked at it
			return
		}
		w.inj.given = true
	}
}

// injection is a schedule at work.
//
// Invariants: all has one entry for each element of plan, in its order; live
// holds those that concern links now, in the same order; version changes
// whenever live does, which is how links know that what they remember is old.
type injection struct {
	w       *World
	plan    fault.Schedule
	all     []*liveFault
	live    []*liveFault
	extra   []*liveFault // of elements that befall several nodes at their n-th start
	version int
	// diskPicks are those that pick an operation of a disk by its number.
	diskPicks []*liveFault
	quiet     bool // the quiet period has begun
	given     bool // from Config.Faults
	asked     bool // Inject was called
}

// inject checks a schedule and schedules its beginnings and ends.
func (w *World) inject(s fault.Schedule) error {
	if err := s.Validate(); err != nil {
		return err
	}
	if err := w.hasNoSockets(s); err != nil {
		return err
	}
	in := &injection{w: w, plan: s, version: 1}
	w.inj = in
	for i, id := range s.Keys() {
		in.all = append(in.all, &liveFault{in: in, f: &s.Faults[i], index: i, key: w.key.With(id), id: keyed.Key(id)})
	}
	clk := w.s.Clock()
	for _, x := range in.all {
		if x.picksOnDisk() {
			in.diskPicks = append(in.diskPicks, x)
			continue
		}
		if x.f.Nth > 0 || x.early() {
			x.aim()
			in.setLive(x, true)
		}
	}
	in.setPicks()
	for _, e := range fault.Timeline(s) {
		x := in.all[e.Index]
		clk.At(e.At, 0, clock.Func(func() { x.edge(e.Begin) }))
	}
	if s.Quiet > 0 {
		clk.At(s.Quiet, 0, clock.Func(in.fallQuiet))
	}
	// Those that were started before, in that order: as if the schedule had been
	// there, so that a replay by Config.Faults is the same run.
	started := slices.Clone(w.nodes)
	slices.SortFunc(started, func(a, b *Node) int { return cmp.Compare(a.started, b.started) })
	for _, n := range started {
		in.booted(n)
	}
	return nil
}

// booted begins the faults that are tied to this start of a node. Whether it has
// the role, or is of the domain, is seen when they begin.
func (in *injection) booted(n *Node) {
	for _, x := range in.all {
		f := x.f
		if f.Boot == 0 || f.Boot != n.boots || !slices.ContainsFunc(f.Nodes, func(name string) bool { return name[0] == '@' || name[0] == '%' || in.w.means(name, n) }) {
			continue
		}
		at := n.bootAt + f.At
		if q := in.plan.Quiet; q > 0 && at >= q {
			x.miss("the quiet period began before")
			continue
		}
		clk := in.w.s.Clock()
		y := x
		if len(f.Nodes) != 1 || f.Nodes[0] != n.name {
			// Several nodes may reach that start: each has its own time.
			y = &liveFault{in: in, f: f, index: x.index, key: x.key, id: x.id, of: x}
		}
		y.only = n
		clk.At(at, 0, clock.Func(y.beginBoot))
		if f.For > 0 {
			clk.At(at+f.For, 0, clock.Func(func() { y.edge(false) }))
		}
		if y != x {
			in.extra = append(in.extra, y)
		}
	}
}

// beginBoot begins a fault that is tied to a start of a node, if that incarnation
// is still there.
func (x *liveFault) beginBoot() {
	w, n := x.in.w, x.only
	named := slices.ContainsFunc(x.f.Nodes, func(name string) bool { return w.means(name, n) })
	switch {
	case !n.up || n.boots != x.f.Boot:
		x.miss(fmt.Sprintf("boot %d of %s was over by then", x.f.Boot, n.name))
	case !named:
		x.miss(fmt.Sprintf("%s was not of those meant when it began", n.name))
	default:
		x.edge(true)
	}
}

// fallQuiet ends everything that the schedule does.
func (in *injection) fallQuiet() {
	in.w.record(Record{What: Quiet})
	for _, x := range in.all {
		x.edge(false)
	}
	for _, n := range in.w.nodes {
		n.rightClock()
	}
	for _, x := range in.extra {
		x.edge(false)
	}
	in.quiet = true
	in.setPicks()
	in.live = nil
	in.changed()
}

// setLive puts a fault among those that links look at, or takes it out.
func (in *injection) setLive(x *liveFault, on bool) {
	i, found := slices.BinarySearchFunc(in.live, x.index, func(y *liveFault, index int) int { return y.index - index })
	switch {
	case on && !found:
		in.live = slices.Insert(in.live, i, x)
	case !on && found:
		in.live = slices.Delete(in.live, i, i+1)
	}
	in.changed()
}

// FaultOutcome tells what became of one element of the schedule.
type FaultOutcome struct {
	Index int
	Fault fault.Fault
	Fired uint64 // how often it took effect
	Why   string // if it never did: what was not met
}

// outcomes lists the elements in order.
func (in *injection) outcomes() []FaultOutcome {
	out := make([]FaultOutcome, 0, len(in.all))
	for _, x := range in.all {
		for _, d := range x.disks {
			d.count(x)
		}
		for _, r := range x.rules {
			x.countHits(r)
		}
		for _, r := range x.onDisks {
			x.countDisk(r)
		}
		o := FaultOutcome{Index: x.index, Fault: *x.f, Fired: x.fired}
		if x.fired == 0 {
			o.Why = x.whyNot()
		}
		out = append(out, o)
	}
	return out
}
