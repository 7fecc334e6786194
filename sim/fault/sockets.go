package fault

import (
	"cmp"
	"slices"
	"time"

	"samerun/internal/keyed"
)

// The presets for ordinary Go, whose tests have sockets and no nodes. What a Mix draws by
// node and second would be nothing in a test that is over in five milliseconds; so these
// draw by the run: how many of a kind there are, on average, whatever the test is.

// SocketPresets returns the names of the plans that ForSockets knows, "swarm" being the
// one in which each seed draws its own kinds and rates from those of chaos.
func SocketPresets() []string { return []string{"lan", "wan", "flaky", "chaos", "swarm"} }

// ForSockets returns the plan of that name for the sockets of a test of ordinary Go, and
// reports whether there is one. Its names are those of SocketPresets.
//
// What Draw is given as nodes are the names of listeners; half of the elements that have a
// time aim at one of them, or at what comes from it, and the others at every link. Elements
// begin before the horizon, which is how long the test takes when nothing goes wrong, and
// last as long as their kind does: there is no quiet time, since a test ends when it ends.
// Seed 0 draws the empty schedule.
func ForSockets(name string) (Plan, bool) {
	switch name {
	case "lan":
		return sockets{name, LAN().Rules}, true
	case "wan":
		return sockets{name, []Rule{{Kind: Latency, Sites: 2, Shape: LongTail, Delay: Durations{20 * ms, 150 * ms}}}}, true
	case "flaky":
		return sockets{name, flakySockets()}, true
	case "chaos":
		return sockets{name, chaosSockets()}, true
	case "swarm":
		return socketSwarm{sockets{name, chaosSockets()}}, true
	}
	return nil, false
}

// flakySockets loses, doubles and reorders datagrams, cuts links for a moment, and resets
// and refuses a connection now and then.
func flakySockets() []Rule {
	return []Rule{
		{Kind: Loss, PPM: Range{5_000, 100_000}},
		{Kind: Duplicate, PPM: Range{5_000, 50_000}},
		{Kind: Reorder, PPM: Range{10_000, 200_000}, Delay: Durations{2 * ms, 40 * ms}},
		{Kind: Cut, Rate: 1_000, For: Durations{10 * ms, 300 * ms}},
		{Kind: Reset, Rate: 700},
		{Kind: Refuse, Rate: 500, PPM: Range{200_000, Million}, For: Durations{5 * ms, 300 * ms}},
	}
}

// chaosSockets is everything that can go wrong with sockets and that a preset can know of.
func chaosSockets() []Rule {
	return []Rule{
		{Kind: Latency, Rate: 700, Shape: LongTail, Delay: Durations{ms, 300 * ms}, For: Durations{10 * ms, 5 * sec}},
		{Kind: Loss, PPM: Range{1_000, 100_000}},
		{Kind: Loss, Rate: 700, PPM: Range{100_000, Million}, For: Durations{10 * ms, sec}},
		{Kind: Duplicate, PPM: Range{1_000, 50_000}},
		{Kind: Replay, PPM: Range{1_000, 20_000}, Delay: Durations{100 * ms, 2 * sec}},
		{Kind: Reorder, PPM: Range{5_000, 200_000}, Delay: Durations{2 * ms, 100 * ms}},
		{Kind: Cut, Rate: 1_000, For: Durations{10 * ms, 20 * sec}},
		{Kind: Clog, Rate: 700, For: Durations{10 * ms, 5 * sec}},
		{Kind: Bandwidth, Rate: 300, Bytes: Range{2_000, 200_000}, Queue: 256, For: Durations{50 * ms, 5 * sec}},

		{Kind: Reset, Rate: 1_000},
		{Kind: Reset, Rate: 300, PPM: Range{10_000, 300_000}, For: Durations{10 * ms, 2 * sec}},
		{Kind: Refuse, Rate: 700, PPM: Range{200_000, Million}, For: Durations{5 * ms, 5 * sec}},
		{Kind: Backlog, Rate: 300, For: Durations{10 * ms, 5 * sec}},
		{Kind: HalfOpen, Rate: 300},
		{Kind: Stall, Rate: 500, PPM: Range{200_000, Million}, For: Durations{10 * ms, 10 * sec}},
		{Kind: BitFlip, PPM: Range{500, 10_000}},
	}
}

// sockets is a Plan of rules whose Rate is how many there are in a thousand runs.
type sockets struct {
	name  string
	rules []Rule
}

// Draw returns the schedule of a seed.
func (s sockets) Draw(seed uint64, listeners []string, horizon time.Duration) Schedule {
	if seed == 0 {
		return Schedule{}
	}
	root := keyed.Root(seed).Str("sockets").Str(s.name)
	horizon = max(time.Microsecond, min(horizon, MaxTime))
	var all []Fault
	counts := make(map[Kind]uint64, len(s.rules))
	for i := range s.rules {
		r := &s.rules[i]
		info, ok := r.Kind.Info()
		if !ok || !info.ForSockets() || !info.Uses(FieldFrom) {
			continue
		}
		k := root.Str(string(r.Kind)).With(counts[r.Kind])
		counts[r.Kind]++
		if r.Rate == 0 {
			all = append(all, s.throughout(r, info, k))
			continue
		}
		for n := range perRun(r.Rate, k.Str("count")) {
			all = append(all, s.once(r, info, k.With(n), listeners, horizon))
		}
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
	return Schedule{Faults: all}
}

// everyLink is all ends of connections.
func everyLink() []string { return []string{"*"} }

// throughout is the element of a rule that lasts for the whole test, on every link.
func (s sockets) throughout(r *Rule, info Info, k keyed.Key) Fault {
	var f Fault
	if r.Sites > 0 {
		f = r.apart(time.Duration(drawFrom(k)("distance", int64(r.Delay.Min), int64(r.Delay.Max))))
	} else {
		f = r.numbers(info, drawFrom(k))
	}
	f.For, f.From, f.To = 0, everyLink(), everyLink()
	return f
}

// once is an element of a rule that begins at some time.
func (s sockets) once(r *Rule, info Info, k keyed.Key, listeners []string, horizon time.Duration) Fault {
	f := r.numbers(info, drawFrom(k))
	f.From, f.To = everyLink(), everyLink()
	if n := uint64(len(listeners)); n > 0 {
		one := []string{listeners[k.Str("listener").Below(n)]}
		switch k.Str("way").Below(4) {
		case 0:
			f.To = one
		case 1:
			f.From = one
		}
	}
	if r.Kind == Reset && f.PPM == 0 && k.Str("picked").Below(2) == 0 {
		// In the place of a piece, and not of all connections that are open.
		f.Nth = 1 + k.Str("nth").Below(mostNth)
		return f
	}
	f.At = instant(k.Str("at"), horizon)
	return f
}

// mostNth is how far from the first the piece may be that a preset picks.
const mostNth = 24

// perRun draws how many there are: from none to twice the rate.
func perRun(rate int64, k keyed.Key) uint64 {
	n := k.Below(2*uint64(rate)/1000 + 1)
	if k.Str("one more").Chance(2 * rate % 1000 * 500) {
		n++
	}
	return n
}

// instant draws a time before the horizon, in units of which there are a hundred at
// least. Finer times would only be hard to read.
func instant(k keyed.Key, horizon time.Duration) time.Duration {
	unit := time.Duration(1)
	for unit*10 <= horizon/100 {
		unit *= 10
	}
	at := time.Duration(k.Below(uint64(horizon)))
	return at - at%unit
}

// socketSwarm keeps a kind in one case of two, with a rate of its own, as Swarm does.
type socketSwarm struct{ all sockets }

// Draw returns the schedule of the seed's own rules.
func (s socketSwarm) Draw(seed uint64, listeners []string, horizon time.Duration) Schedule {
	own := swarm{Mix{Name: s.all.name, Rules: s.all.rules}}.of(seed)
	return sockets{s.all.name, own.Rules}.Draw(seed, listeners, horizon)
}

// ForSockets reports whether the kind has a meaning for the sockets of a test of ordinary
// Go, whether or not that has nodes.
func (i Info) ForSockets() bool { return i.Stream != "" || i.Datagram != "" }
