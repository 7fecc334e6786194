package fault

import (
	"slices"
	"time"
)

// Million is the whole of a chance: parts per million.
const Million = 1_000_000

// Fault is one element of a Schedule. Which fields a kind uses, and which of
// these it needs, is in the table Kinds; a field that a kind does not use must
// be zero.
//
// From, To and Nodes hold names: a node's name, "*" for all nodes, "@role" for
// the nodes that the system under test names when the fault begins (such as
// "@leader"), "%domain" for the nodes of a failure domain.
//
// Invariant of a fault that passes Validate: every field is within the limits of
// its kind, so that who applies it need not check again.
type Fault struct {
	Kind Kind
	// From and To are, for the kinds of a link, every directed link from a node in
	// From to one in To, never from a node to itself. A link is the way that a
	// message travels: a reply to a call a → b travels on b → a.
	From, To []string
	// Nodes are the nodes that the fault befalls; for a partition, the side that is
	// meant (see the kind).
	Nodes []string
	// At is the virtual time of the beginning. With Boot > 0 it counts from that
	// start of the node.
	At time.Duration
	// For is how long it lasts. 0 is until Quiet or the end of the run.
	For time.Duration
	// Boot, for the kinds of a node, ties the fault to the n-th incarnation of the
	// node: it begins At after that start, and is not met if there is no such
	// incarnation. 0 is whichever runs at At.
	Boot int
	// Method is the kind of message, such as "Raft.AppendEntries". Empty is all.
	Method string
	// Dir tells requests and replies apart. Zero is both.
	Dir Dir
	// Nth picks the n-th message of that method and direction on the link, counted
	// from 1 and from the beginning of the run. For the kinds of a disk it is the n-th
	// operation on File: the n-th write (a truncation is one), sync or, of a folder, change
	// of names.
	Nth uint64
	// PPM is a chance, a share or a rate, in parts per million.
	PPM int64
	// Shape is how delays spread between Min and Max. Zero is Fixed.
	Shape Shape
	// Min and Max bound a delay, both included. Max 0 means the same as Min.
	Min, Max time.Duration
	// Bytes is a bandwidth, in bytes per virtual second, or a size.
	Bytes int64
	// Queue is how many messages may wait for the bandwidth. 0 is no bound.
	Queue int
	// Period is half a cycle of flapping, or the time that swizzle takes to clog all
	// its nodes.
	Period time.Duration
	// Offset is by how much a clock is wrong, or jumps. It may be negative.
	Offset time.Duration
	// File limits a fault of a disk to one file. Empty is every file. One that ends in "/"
	// is a folder, and all that is below it; with Nth, the names in it. "/" is the folder
	// that is the disk.
	File string
	// Sectors, for a write that Nth picks and a crash tears, says which of its sectors
	// survive: if positive, so many from its beginning; if negative, those whose bits are
	// set in ^Sectors, the first sector having the lowest bit, of the first MaxSectors. 0
	// leaves it to chance.
	Sectors int64
	// Conn, in ordinary Go, limits a fault to the n-th connection that is dialled on the
	// link, counted from 1 and from the beginning of the run; Nth then counts its pieces. 0
	// is every connection, and all that is sent on the link.
	Conn uint64
}

// Equal reports whether two faults are the same in every field. A nil list
// equals an empty one.
func (f Fault) Equal(g Fault) bool {
	return f.Kind == g.Kind && slices.Equal(f.From, g.From) && slices.Equal(f.To, g.To) &&
		slices.Equal(f.Nodes, g.Nodes) && f.At == g.At && f.For == g.For && f.Boot == g.Boot &&
		f.Method == g.Method && f.Dir == g.Dir && f.Nth == g.Nth && f.PPM == g.PPM &&
		f.Shape == g.Shape && f.Min == g.Min && f.Max == g.Max && f.Bytes == g.Bytes &&
		f.Queue == g.Queue && f.Period == g.Period && f.Offset == g.Offset && f.File == g.File &&
		f.Conn == g.Conn && f.Sectors == g.Sectors
}

// picksOnDisk says whether the fault is about one operation of a disk, by its number.
func (f *Fault) picksOnDisk(info Info) bool { return info.Group == Disks && f.Nth > 0 }

// Delay returns the bounds of the fault's delay with Max filled in.
func (f Fault) Delay() (shortest, longest time.Duration) {
	if f.Max == 0 {
		return f.Min, f.Min
	}
	return f.Min, f.Max
}

// End returns the virtual time at which the fault ends by itself, and whether it
// does. For a fault with Boot > 0 the time counts, like At, from that start.
func (f Fault) End() (at time.Duration, ends bool) {
	return f.At + f.For, f.For > 0
}

// Dir tells requests and replies apart.
type Dir uint8

// The directions. The zero value is Both.
const (
	Both Dir = iota
	Request
	Reply
)

// String returns the direction in one word, as in JSON.
func (d Dir) String() string { return wordOf(dirWords(), int(d)) }

// Shape is a distribution of delays between a minimum and a maximum.
type Shape uint8

// The shapes. The zero value is Fixed.
const (
	Fixed       Shape = iota // always the minimum
	Uniform                  // all alike, both ends included
	Exponential              // a quarter of the way on average, cut at the maximum
	LongTail                 // 95 % near the minimum, the rest up to the maximum
)

// String returns the shape in one word, as in JSON.
func (s Shape) String() string { return wordOf(shapeWords(), int(s)) }
