package sim

import (
	"slices"
	"strconv"
	"strings"

	"samerun/clock"
	"samerun/internal/overlay/leaf/diskrule"
	"samerun/sim/fault"
)

// In a world of goroutines, what faults do to disks they do to the real files below Node.Dir, too.
// Whom a fault befalls is decided here; the host is told as rules in numbers (leaf/diskrule), one
// for each node, and decides by the fault's own key what becomes of each operation.

// diskRules are the rules of disks that the host has been told of.
//
// Invariant: of has the element of each rule, by its index.
type diskRules struct{ of []*liveFault } // no map, as in savedItem

// diskRule is one rule in force: for one node.
type diskRule struct {
	n     *Node
	index int
	hits  uint64 // counted so far
}

// beginOnDisk tells the host that the fault befalls the files of a node.
func (x *liveFault) beginOnDisk(n *Node) {
	w := x.in.w
	kind := diskrule.DiskKindOf(string(x.f.Kind))
	if w.host == nil || kind == 0 {
		return
	}
	f := x.f
	shortest, longest := f.Delay()
	r := diskrule.DiskRule{
		Index: len(w.disks.of), Key: x.key.Uint64(), Kind: kind, Node: n.machine, Nth: int64(f.Nth), PPM: f.PPM,
		Min: int64(shortest), Max: int64(longest), Bytes: f.Bytes, Sectors: f.Sectors, File: f.File,
	}
	w.disks.of = append(w.disks.of, x)
	x.onDisks = append(x.onDisks, &diskRule{n: n, index: r.Index})
	w.host.DiskRule(r.Flat())
}

// endOnDisk ends what beginOnDisk has begun.
func (x *liveFault) endOnDisk(n *Node) {
	i := slices.IndexFunc(x.onDisks, func(r *diskRule) bool { return r.n == n })
	if i < 0 {
		return
	}
	x.countDisk(x.onDisks[i])
	x.in.w.host.EndDiskRule(x.onDisks[i].index)
	x.onDisks = slices.Delete(x.onDisks, i, i+1)
}

// countDisk brings the fault's own count up to date, and reports how much there was to add.
func (x *liveFault) countDisk(r *diskRule) (more uint64) {
	now := uint64(x.in.w.host.DiskHits(r.index))
	for ; r.hits < now; r.hits++ {
		if more++; x.f.Kind != fault.CrashAt { // of which sim knows by itself
			x.begun = true
			x.fire()
		}
	}
	return more
}

// pickOnDisks tells the host which operations of a node's files an element picks, or that it does
// so no more.
func (x *liveFault) pickOnDisks() {
	w := x.in.w
	if w.host == nil {
		return
	}
	for _, n := range w.nodes[1:] {
		has := slices.ContainsFunc(x.onDisks, func(r *diskRule) bool { return r.n == n })
		switch picks := x.picksOf(n); {
		case picks && !has:
			x.beginOnDisk(n)
		case !picks && has:
			x.endOnDisk(n)
		}
	}
}

// tellPicked notes what elements that pick have done to the node's files, of which the host says
// nothing but a count.
func (n *Node) tellPicked() {
	in := n.w.inj
	if n.w.host == nil || in == nil {
		return
	}
	for _, x := range in.diskPicks {
		for _, r := range x.onDisks {
			if r.n == n && x.countDisk(r) > 0 && whatOf(x.f.Kind) != 0 {
				n.w.record(Record{What: Note, Node: n, Text: fate(x.f)})
			}
		}
	}
}

// diskTold is told by the host what chance, or a crash, has done to files, in a line such as
//
//	torn nth=2 sectors=3 node=1 file="wal"
//
// which is the element that does the same; and that a crash is due, in the midst of an operation of
// the node, which stands still until then. The index is that of a rule, or -1.
func (w *World) diskTold(index int, what string) {
	f, machine, ok := diskPickOf(what)
	n := w.byMachine(machine)
	if !ok || n == nil || w.s.Over() {
		return
	}
	var x *liveFault
	if index >= 0 && index < len(w.disks.of) {
		x = w.disks.of[index]
	}
	f.Nodes = []string{n.name}
	if f.Kind != fault.CrashAt {
		if x == nil && n.crashing {
			x = n.struckBy
		}
		n.befell(f, x)
		return
	}
	boot := n.boots
	w.s.Clock().At(w.Elapsed(), 0, clock.Func(func() {
		if x == nil || !n.up || n.boots != boot {
			return
		}
		x.crashAt(n)
		if x.in.quiet { // which has begun at this very instant
			n.start()
		}
	}))
}

// diskPickOf reads a line of diskTold, but for the name of the node.
func diskPickOf(line string) (f fault.Fault, machine int, ok bool) {
	head, name, ok := strings.Cut(line, " file=")
	words := strings.Fields(head)
	if !ok || len(words) == 0 {
		return f, 0, false
	}
	f.Kind = fault.Kind(words[0])
	for _, word := range words[1:] {
		field, value, _ := strings.Cut(word, "=")
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return f, 0, false
		}
		switch field {
		case "nth":
			f.Nth = uint64(v)
		case "sectors":
			f.Sectors = v
		case "bytes":
			f.Bytes = v
		case "node":
			machine = int(v)
		default:
			return f, 0, false
		}
	}
	file, err := strconv.Unquote(name)
	f.File = file
	f.Nodes = []string{"n"} // for Validate
	return f, machine, err == nil && f.Validate() == nil
}
