package shrink

import (
	"slices"
	"time"

	"samerun/sim/fault"
)

// rank says how far an element is from nothing that happens, as numbers of
// decreasing weight, none negative. An element may only be replaced by one of a
// lower rank. Ranks are well-ordered, so a search ends, whatever try says.
type rank [12]int64

// less reports whether a is simpler than b.
func less(a, b rank) bool { return slices.Compare(a[:], b[:]) < 0 }

// rankOf weighs, in this order: the kind; the names; what else must be told; how
// many digits that takes; how long and how strong it is; how late it begins.
func rankOf(f fault.Fault) rank {
	info, _ := f.Kind.Info()
	r := rank{
		kindRank(f.Kind),
		namesRank(f.From) + namesRank(f.To) + namesRank(f.Nodes),
		optionsRank(f, info),
		coarseness(int64(f.At)),
		int64(f.For),
		magnitude(f.PPM),
		int64(f.Min),
		int64(f.Max),
		magnitude(int64(f.Offset)),
		0,
		0,
		int64(fault.MaxTime - f.At),
	}
	for _, n := range [...]int64{
		int64(f.For), f.PPM, int64(f.Min), int64(f.Max), int64(f.Period), int64(f.Offset), f.Bytes, int64(f.Queue),
	} {
		r[3] += digits(n)
	}
	if info.Uses(fault.FieldFor) && f.For == 0 {
		r[3] += endless // "until quiet" is longer than any duration
		r[4] = int64(fault.MaxTime) + 1
	}
	if info.Uses(fault.FieldBytes) {
		r[9] = max(0, mostBytes-f.Bytes)
	}
	if f.Sectors != 0 {
		r[9] = magnitude(f.Sectors)
	}
	if f.Queue > 0 {
		r[10] = max(1, mostQueue-int64(f.Queue))
	}
	return r
}

const (
	// endless outweighs the digits of any duration.
	endless = 20
	// mostBytes and mostQueue are beyond what matters in a simulation.
	mostBytes = 1_000_000_000_000
	mostQueue = 1_000_000
)

// kindRank orders the kinds by how much there is to understand.
func kindRank(k fault.Kind) int64 {
	switch k {
	case fault.Drop, fault.Hold, fault.Twice, fault.Deliver, fault.Lose:
		return 0
	case fault.OneWay:
		return 2
	case fault.Isolate:
		return 3
	case fault.Partition:
		return 4
	case fault.Split, fault.Ring, fault.Bridge:
		return 5
	case fault.Flapping:
		return 6
	case fault.Swizzle:
		return 7
	}
	return 1
}

// namesRank weighs a list of names. A role is worth one name, but not two; all
// nodes, or those of a domain, two.
func namesRank(names []string) int64 {
	sum := int64(0)
	for _, name := range names {
		switch {
		case isNode(name):
			sum += 2
		case name[0] == '@':
			sum += 3
		default:
			sum += 5
		}
	}
	return sum
}

// isNode reports whether the name is that of one node, not of several.
func isNode(name string) bool { return name[0] != '*' && name[0] != '@' && name[0] != '%' }

// optionsRank counts what is to be told beyond the least.
func optionsRank(f fault.Fault, info fault.Info) int64 {
	n := int64(0)
	for _, more := range [...]bool{
		info.Uses(fault.FieldDir) && f.Dir == fault.Both, // requests and replies are two things
		f.Shape != fault.Fixed,
		f.Max != 0,
		f.Kind == fault.Slow && f.PPM != 0 && f.Min+f.Max != 0,
		f.Queue != 0,
		f.Sectors < 0, // some, rather than those at the beginning
	} {
		if more {
			n++
		}
	}
	return n
}

// digits returns how many digits of n are to be read: those before the zeros at
// the end. That of 0 is 0.
func digits(n int64) int64 {
	n = magnitude(n)
	if n == 0 {
		return 0
	}
	for n%10 == 0 {
		n /= 10
	}
	count := int64(0)
	for ; n > 0; n /= 10 {
		count++
	}
	return count
}

// coarseness is how many digits a point in time has beyond tenths of a second. A
// time is read on an axis: there 10.1s is as round as 1s.
func coarseness(t int64) int64 {
	count := int64(0)
	for unit := int64(tenth); t%unit != 0; unit /= 10 {
		count++
	}
	return count
}

const tenth = 100 * time.Millisecond

func magnitude(n int64) int64 { return max(n, -n) }
