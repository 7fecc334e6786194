package sim

import (
	"fmt"
	"slices"

	"samerun/clock"
	"samerun/sim/disk"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// Elements that pick one operation of a disk by its number, and what crashes and failed syncs
// have done to single operations, told as such elements.

// setPicks tells the disks which of their operations elements pick.
func (in *injection) setPicks() {
	if len(in.diskPicks) == 0 {
		return
	}
	for _, x := range in.diskPicks {
		x.pickOnDisks()
	}
	for _, n := range in.w.nodes {
		if n.disk == nil {
			continue
		}
		var picks []disk.Pick
		for _, x := range in.diskPicks {
			if what := whatOf(x.f.Kind); what != 0 && x.picksOf(n) {
				picks = append(picks, disk.Pick{What: what, File: x.f.File, Nth: x.f.Nth, Sectors: x.f.Sectors, Bytes: x.f.Bytes})
			}
		}
		if err := n.disk.SetPicks(picks); err != nil {
			in.w.fail(err) // Validate lets nothing through that the disk refuses
		}
	}
}

// whatOf is what an element of the kind does to an operation, 0 for one that does nothing to it.
func whatOf(kind fault.Kind) disk.What {
	switch kind {
	case fault.Lose:
		return disk.Lose
	case fault.Torn:
		return disk.Tear
	case fault.SyncFail:
		return disk.FailSync
	case fault.Short:
		return disk.Shorten
	}
	return 0
}

// picksOf says whether the element is about operations of the node, now.
func (x *liveFault) picksOf(n *Node) bool {
	if x.in.quiet || !x.among(x.f.Nodes, nil, n) {
		return false
	}
	if n == x.in.w.main {
		x.miss(missMain)
		return false
	}
	return true
}

// diskOp is called in the midst of an operation of the disk, the n-th on that file.
func (n *Node) diskOp(file string, nth uint64) {
	in := n.w.inj
	if in == nil || len(in.diskPicks) == 0 {
		return
	}
	for _, x := range in.diskPicks {
		if x.f.Kind == fault.CrashAt && x.f.Nth == nth && x.f.File == file && x.picksOf(n) {
			x.crashAt(n)
		}
	}
}

// crashAt lets a node crash now, and start again when the element says.
func (x *liveFault) crashAt(n *Node) {
	w := x.in.w
	y := &liveFault{in: x.in, f: x.f, index: x.index, key: x.key, id: x.id, of: x, only: n, on: true}
	x.in.extra = append(x.in.extra, y)
	x.begun = true
	w.record(Record{What: FaultBegins, N: uint64(x.index), Text: x.f.String()})
	if x.f.For > 0 {
		w.s.Clock().At(w.Elapsed()+x.f.For, 0, clock.Func(func() { y.edge(false) }))
	}
	y.crash(n)
}

// crashDisk lets the disk of a node that goes down lose what it must. Its files do so when its
// goroutines are dead.
func (n *Node) crashDisk() {
	n.crashing = true
	if n.disk != nil {
		n.disk.Crash()
	}
}

// diskStruck is told by the disk what was lost or torn, which sync has failed, and which write was
// short. It is in the
// midst of other things.
func (n *Node) diskStruck(p disk.Pick) {
	f := fault.Fault{Nodes: []string{n.name}, File: p.File, Nth: p.Nth, Sectors: p.Sectors, Bytes: p.Bytes}
	switch p.What {
	case disk.Lose:
		f.Kind = fault.Lose
	case disk.Tear:
		f.Kind = fault.Torn
	case disk.FailSync:
		f.Kind = fault.SyncFail
	case disk.Shorten:
		f.Kind = fault.Short
	}
	n.befell(f, n.responsible(f))
}

// befell notes what became of an operation of the node's disk, in the words of the element that
// does the same, and by which element it was: nil for a crash by hand.
func (n *Node) befell(f fault.Fault, x *liveFault) {
	w := n.w
	index := shrink.NoElement
	if x != nil {
		index = x.index
		if whatOf(x.f.Kind) != 0 && x.picksOnDisk() {
			x.begun = true
			x.fire()
			w.record(Record{What: Note, Node: n, Text: fate(&f)})
		}
	}
	if w.cfg.hit != nil {
		w.cfg.hit(shrink.Hit{Index: index, At: w.Elapsed(), Message: f, Crash: n.crashing})
	}
}

// fate says in words what became of an operation.
func fate(f *fault.Fault) string {
	switch f.Kind {
	case fault.Torn:
		return f.Operation() + " is torn"
	case fault.SyncFail:
		return f.Operation() + " fails"
	case fault.Short:
		return f.Operation() + " is short"
	}
	return f.Operation() + " is lost"
}

// responsible is the element by which something became of an operation of the node's disk: the one
// that picks it, or else the one in force that leaves it to chance, or else the one by which
// the node crashes.
func (n *Node) responsible(f fault.Fault) *liveFault {
	if n.w.inj == nil {
		return nil
	}
	for _, x := range n.w.inj.diskPicks {
		if by := x.f.Kind; by != fault.CrashAt && atCrash(by) == atCrash(f.Kind) && (atCrash(by) || by == f.Kind) && x.f.Nth == f.Nth && x.f.File == f.File && x.picksOf(n) {
			return x
		}
	}
	chance := f.Kind
	if chance == fault.Lose {
		chance = fault.Unsynced
	}
	i := slices.IndexFunc(n.diskFaults, func(x *liveFault) bool {
		return x.f.Kind == chance && (x.f.File == "" || x.f.File == f.File)
	})
	if i >= 0 {
		return n.diskFaults[i]
	}
	return n.struckBy
}

// atCrash reports whether what the kind does to an operation of a disk, a crash does.
func atCrash(kind fault.Kind) bool { return kind != fault.SyncFail && kind != fault.Short }

// whyNotOnDisk says why no disk had the operation that the element picks, or what saved it.
func (x *liveFault) whyNotOnDisk() string {
	f, w := x.f, x.in.w
	if x.missed != "" {
		return x.missed
	}
	if w.host != nil && slices.ContainsFunc(w.nodes, func(n *Node) bool { return n.dir != "" && x.among(f.Nodes, nil, n) }) {
		if f.Kind == fault.Lose || f.Kind == fault.Torn {
			return fmt.Sprintf("it met nothing: no crash found a %s unsynced", f.Operation())
		}
		return fmt.Sprintf("it met nothing: there was no %s before the quiet period", f.Operation())
	}
	most := uint64(0)
	for _, n := range w.nodes {
		if n.disk != nil && x.among(f.Nodes, nil, n) {
			most = max(most, numberOn(n.disk, f))
		}
	}
	switch {
	case most < f.Nth:
		return fmt.Sprintf("there was no %s: there were %d", f.Operation(), most)
	case f.Kind == fault.Lose || f.Kind == fault.Torn:
		return fmt.Sprintf("no crash found %s unsynced", f.Operation())
	}
	return fmt.Sprintf("%s was in the quiet period", f.Operation())
}

// numberOn is how many operations a disk has had of those that the element counts.
func numberOn(d *disk.Disk, f *fault.Fault) uint64 {
	c := d.Counts(f.File)
	switch {
	case f.Kind == fault.CrashAt:
		return c.Ops
	case f.Kind == fault.SyncFail:
		return c.Syncs
	case f.File == "/":
		return c.DirOps
	}
	return c.Writes
}
