package fault

import (
	"cmp"
	"slices"
	"time"

	"samerun/internal/keyed"
	"samerun/internal/overlay/leaf/shape"
)

// Draw returns the schedule of the seed: faults during the first four fifths of
// the horizon, then quiet, so that liveness can be asked for. Set Quiet to
// something else if that does not suit.
//
// The schedule is empty at seed 0, without nodes, and without a horizon. Kinds
// that need more nodes than there are (two for a link or partition, three for a
// bridge, four for a ring) are left out.
func (m Mix) Draw(seed uint64, nodes []string, horizon time.Duration) Schedule {
	horizon = min(horizon, MaxTime)
	if seed == 0 || len(nodes) == 0 || horizon <= 0 {
		return Schedule{}
	}
	d := drawing{
		mix:    m,
		key:    keyed.Root(seed).Str("faults").Str(m.Name),
		nodes:  slices.Clone(nodes),
		active: horizon - horizon/5,
	}
	counts := make(map[Kind]uint64, len(m.Rules))
	for i := range m.Rules {
		r := &m.Rules[i]
		info, ok := r.Kind.Info()
		if !ok || info.picks() || len(nodes) < info.fewest() {
			continue
		}
		k := d.key.Str(string(r.Kind)).With(counts[r.Kind])
		counts[r.Kind]++
		switch {
		case info.goesDown():
			d.down(r, info, k)
		case r.Kind == Latency && r.Sites > 0:
			d.distances(r, k)
		case r.Rate == 0:
			d.throughout(r, info, k)
		default:
			d.nowAndThen(r, info, k)
		}
	}
	// A story reads in the order of time. The sort is stable, and the keys of the
	// elements do not depend on their places.
	slices.SortStableFunc(d.faults, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
	return Schedule{Faults: d.faults, Quiet: d.active}
}

// drawing is the work of one Draw.
type drawing struct {
	mix    Mix
	key    keyed.Key
	nodes  []string
	active time.Duration // until then there are faults
	faults []Fault
}

// fewest returns how many nodes a kind needs to do anything.
func (i Info) fewest() int {
	switch {
	case i.Kind == Ring:
		return 4
	case i.Kind == Bridge:
		return 3
	case i.Group == Links || i.Group == Partitions:
		return 2
	}
	return 1
}

// throughout draws the one element that lasts as long as the faults do.
func (d *drawing) throughout(r *Rule, info Info, k keyed.Key) {
	f := r.numbers(info, drawFrom(k))
	f.For = 0
	if info.Uses(FieldFrom) {
		f.From, f.To = d.nodes, d.nodes
	} else {
		f.Nodes = d.nodes
	}
	d.add(f)
}

// nowAndThen draws elements that begin at any time and hit some nodes.
func (d *drawing) nowAndThen(r *Rule, info Info, k keyed.Key) {
	for i := range d.count(r, k.Str("count")) {
		k := k.With(uint64(i))
		f := r.numbers(info, drawFrom(k))
		d.aim(&f, info, k.Str("who"))
		if f.For > d.active {
			f.For = d.active
			if f.problem(info) != "" {
				continue // the run is too short for one
			}
		}
		f.At = moment(k.Str("at"), d.active-f.For)
		d.add(f)
	}
}

// add takes an element that begins before quiet; one of no length may be drawn
// at that very instant.
func (d *drawing) add(f Fault) {
	if f.At < d.active {
		d.faults = append(d.faults, f)
	}
}

// count draws how many elements there are: from none to twice the rate, so that
// seeds differ. Large worlds and long runs are bounded, lest a schedule outgrow
// the run.
func (d *drawing) count(r *Rule, k keyed.Key) int {
	n := uint64(len(d.nodes))
	rate := uint64(max(0, min(r.Rate, maxRate)))
	most := max(10, min(1000, 200_000/n))
	millionths := min(shape.Scale(n*rate, uint64(d.active/time.Microsecond), 1000), most*Million)
	count := k.Below(2*(millionths/Million) + 1)
	if k.Str("one more").Chance(int64(millionths % Million)) {
		count++
	}
	return int(min(most, count))
}

// drawFrom returns a choice from ranges, each by its name. The numbers have two
// digits and zeros, so that people can read them.
func drawFrom(k keyed.Key) func(what string, low, high int64) int64 {
	return func(what string, low, high int64) int64 {
		return max(low, twoDigits(k.Str(what).Between(low, high)))
	}
}

// twoDigits returns n with zeros after its first two digits.
func twoDigits(n int64) int64 {
	unit := int64(1)
	for n/unit > 99 {
		unit *= 10
	}
	return n - n%unit
}

// moment draws a time from 0 to last, in whole milliseconds if it can be. Finer
// times would only be hard to read.
func moment(k keyed.Key, last time.Duration) time.Duration {
	at := time.Duration(k.Between(0, int64(max(0, last))))
	if last >= 100*time.Millisecond {
		at -= at % time.Millisecond
	}
	return at
}

// numbers fills the numbers of an element from the ranges of the rule, those of
// fields that the kind has.
func (r *Rule) numbers(info Info, choose func(what string, low, high int64) int64) Fault {
	f := Fault{Kind: r.Kind}
	if info.Uses(FieldFor) {
		f.For = time.Duration(choose("for", int64(r.For.Min), int64(r.For.Max)))
	}
	if info.Uses(FieldPPM) {
		f.PPM = choose("ppm", r.PPM.Min, r.PPM.Max)
		if r.Kind == Drift && choose("sign", 0, 1) == 1 {
			f.PPM = -f.PPM
		}
	}
	if info.Uses(FieldMin) {
		f.Min = r.Delay.Min
	}
	if info.Uses(FieldShape) {
		f.Shape = r.Shape
	}
	if info.Uses(FieldMax) && (r.Delay.Max > r.Delay.Min || f.Shape != Fixed) {
		f.Max = r.Delay.Max
	}
	if info.Uses(FieldBytes) && r.Kind != Short { // of that, bytes is about one write
		f.Bytes = choose("bytes", r.Bytes.Min, r.Bytes.Max)
	}
	if info.Uses(FieldQueue) {
		f.Queue = r.Queue
	}
	if info.Uses(FieldPeriod) {
		f.Period = time.Duration(choose("period", int64(r.Period.Min), int64(r.Period.Max)))
	}
	if info.Uses(FieldOffset) {
		f.Offset = time.Duration(choose("offset", int64(r.Offset.Min), int64(r.Offset.Max)))
		if choose("sign", 0, 1) == 1 {
			f.Offset = -f.Offset
		}
	}
	return f
}
