// Package rule is the flat form of faults on links: what a fault does to streams and
// datagrams while it lasts, in whole numbers and names. Package net gets it from
// internal/overlay/bundle, and obeys it; package testing gets it, too, and reads the plan
// of a process in it; samerun/internal/faultplan writes it.
//
// A rule is what is left of an element of a schedule when roles, domains and partitions are
// resolved: directed links between ends, each a node or a name. A partition is several cuts.
package rule

// Kind says what a rule does. The names are those of samerun/sim/fault.
type Kind int64

// The kinds.
const (
	RuleLatency Kind = 1 + iota
	RuleLoss
	RuleDuplicate
	RuleReplay
	RuleReorder
	RuleFlip
	RuleCut
	RuleClog
	RuleBandwidth
	RuleDrop
	RuleHold
	RuleTwice
	RuleDeliver
	RuleReset
	RuleRefuse
	RuleBacklog
	RuleHalfOpen
	RuleStall

	ruleKinds
)

// ruleNames are the names of the kinds, by their values.
var ruleNames = [ruleKinds]string{
	RuleLatency: "latency", RuleLoss: "loss", RuleDuplicate: "duplicate", RuleReplay: "replay",
	RuleReorder: "reorder", RuleFlip: "bitflip", RuleCut: "cut", RuleClog: "clog",
	RuleBandwidth: "bandwidth", RuleDrop: "drop", RuleHold: "hold", RuleTwice: "twice",
	RuleDeliver: "deliver", RuleReset: "reset", RuleRefuse: "refuse", RuleBacklog: "backlog",
	RuleHalfOpen: "halfopen", RuleStall: "stall",
}

// String is the name of the kind.
func (k Kind) String() string {
	if k > 0 && k < ruleKinds {
		return ruleNames[k]
	}
	return "none"
}

// KindOf returns the kind of a name, and 0 for none.
func KindOf(name string) Kind {
	for k := Kind(1); k < ruleKinds; k++ {
		if ruleNames[k] == name {
			return k
		}
	}
	return 0
}

// Million is the whole of a chance: parts per million.
const Million = 1000000

// RuleEnds are ends of links: nodes by their numbers, and names of nodes, of listeners and
// of the test functions that dial.
type RuleEnds struct {
	All   bool // all but those that are listed; else those alone
	Nodes []int
	Names []string
}

// Rule is a fault on links. Fields that its kind does not use are 0.
type Rule struct {
	Index      int    // the element of the schedule; several rules may be of one
	Key        uint64 // of its decisions; the key 0 leaves nothing to chance, and is calm
	Kind       Kind
	Begin, End int64 // in nanoseconds of the test; End is -1 for never. A plan alone has Begin.
	Dir        int   // 0 is both ways, 1 what who has dialled sends, 2 what the other side does
	PPM        int64
	Shape      int // 0 fixed, 1 uniform, 2 exponential, 3 longtail
	Min, Max   int64
	Bytes      int64
	Queue      int64
	Conn, Nth  uint64 // the n-th connection of the link and the n-th piece, from 1; 0 for each
	From, To   RuleEnds
}

// The places of the numbers in the flat form. The ends follow, those of From first: how
// many entries there are, or -1 less that number if all but those are meant; then the
// entries. One that is not negative is the number of a node, and -1, -2 … are the names.
const (
	flatIndex = iota
	flatKey
	flatKind
	flatDir
	flatPPM
	flatShape
	flatMin
	flatMax
	flatBytes
	flatQueue
	flatConn
	flatNth
	flatEnd
	flatEnds
)

// Flat returns the rule in numbers and names.
func (r *Rule) Flat() (nums []int64, names []string) {
	nums = []int64{
		flatIndex: int64(r.Index), flatKey: int64(r.Key), flatKind: int64(r.Kind), flatDir: int64(r.Dir),
		flatPPM: r.PPM, flatShape: int64(r.Shape), flatMin: r.Min, flatMax: r.Max,
		flatBytes: r.Bytes, flatQueue: r.Queue, flatConn: int64(r.Conn), flatNth: int64(r.Nth),
		flatEnd: r.End,
	}
	for _, e := range [2]*RuleEnds{&r.From, &r.To} {
		n := int64(len(e.Nodes) + len(e.Names))
		if e.All {
			n = -1 - n
		}
		nums = append(nums, n)
		for _, node := range e.Nodes {
			nums = append(nums, int64(node))
		}
		for _, name := range e.Names {
			names = append(names, name)
			nums = append(nums, -int64(len(names)))
		}
	}
	return nums, names
}

// RuleOf returns the rule of numbers and names, and what is wrong with them, or nothing.
func RuleOf(nums []int64, names []string) (r Rule, problem string) {
	if len(nums) < flatEnds {
		return r, "a rule of a fault has too few numbers"
	}
	r = Rule{
		Index: int(nums[flatIndex]), Key: uint64(nums[flatKey]), Kind: Kind(nums[flatKind]), End: nums[flatEnd],
		Dir: int(nums[flatDir]), PPM: nums[flatPPM], Shape: int(nums[flatShape]), Min: nums[flatMin], Max: nums[flatMax],
		Bytes: nums[flatBytes], Queue: nums[flatQueue], Conn: uint64(nums[flatConn]), Nth: uint64(nums[flatNth]),
	}
	rest := nums[flatEnds:]
	for _, e := range [2]*RuleEnds{&r.From, &r.To} {
		if len(rest) == 0 {
			return r, "a rule of a fault does not say which links it is for"
		}
		n := rest[0]
		rest = rest[1:]
		if n < 0 {
			e.All, n = true, -1-n
		}
		if n > int64(len(rest)) {
			return r, "a rule of a fault has fewer ends of links than it says"
		}
		for _, x := range rest[:n] {
			switch {
			case x >= 0:
				e.Nodes = append(e.Nodes, int(x))
			case -x <= int64(len(names)):
				e.Names = append(e.Names, names[-x-1])
			default:
				return r, "a rule of a fault has fewer names than it says"
			}
		}
		rest = rest[n:]
	}
	if len(rest) > 0 {
		return r, "a rule of a fault has more numbers than it says"
	}
	return r, r.Problem()
}

// Problem returns what is wrong with the rule, or nothing.
func (r *Rule) Problem() string {
	switch {
	case r.Kind <= 0 || r.Kind >= ruleKinds:
		return "there is no such kind of rule"
	case r.Index < 0:
		return "index is negative"
	case r.Dir < 0 || r.Dir > 2:
		return "dir is not 0, 1 or 2"
	case r.Shape < 0 || r.Shape > 3:
		return "shape is not 0 to 3"
	case r.PPM < 0 || r.PPM > Million:
		return "ppm is not 0 to 1000000"
	case r.Min < 0 || r.Max < 0 || r.Max != 0 && r.Max < r.Min:
		return "min and max are not a range of times"
	case r.Bytes < 0 || r.Queue < 0 || int64(r.Conn) < 0 || int64(r.Nth) < 0:
		return "bytes, queue, conn or nth is negative"
	case r.Kind == RuleBandwidth && r.Bytes == 0:
		return "bytes is 0, which carries nothing; a cut does that"
	case r.Begin < 0 || r.End != -1 && r.End < r.Begin:
		return "begin and end are not a range of times"
	}
	return ""
}
