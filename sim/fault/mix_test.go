package fault

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

func presets() []Mix { return []Mix{LAN(), WAN(), Flaky(), Chaos()} }

// genPlan draws a preset, or the swarm of one, and the mix whose budget it keeps.
func genPlan(t *rapid.T) (Plan, Mix) {
	m := rapid.SampledFrom(presets()).Draw(t, "preset")
	m.MaxDown = rapid.SampledFrom([]int{0, 0, 1, 2, 5, 100}).Draw(t, "MaxDown")
	m.Window = rapid.SampledFrom([]time.Duration{0, 1, 300 * ms, sec, time.Hour}).Draw(t, "Window")
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "swarm") {
		return Swarm(m), m
	}
	return m, m
}

func genHorizon(t *rapid.T) time.Duration {
	return time.Duration(rapid.SampledFrom([]int64{1, 7, int64(ms), 900 * int64(ms), int64(10 * sec), int64(10 * sec), int64(time.Hour), int64(MaxTime)}).Draw(t, "horizon"))
}

func TestPlansAreValidAndEndBeforeQuiet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := genPlan(t)
		nodes := names(rapid.SampledFrom([]int{1, 2, 3, 4, 5, 9, 40}).Draw(t, "nodes"))
		horizon := genHorizon(t)
		seed := rapid.Uint64Min(1).Draw(t, "seed")
		s := p.Draw(seed, nodes, horizon)
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		if s.Quiet != horizon-horizon/5 {
			t.Fatalf("quiet from %v of %v", s.Quiet, horizon)
		}
		known := map[string]bool{}
		for _, name := range nodes {
			known[name] = true
		}
		last := time.Duration(0)
		for i, f := range s.Faults {
			if f.At >= s.Quiet || f.At+f.For > s.Quiet || f.At < last {
				t.Fatalf("element %d, %v, with quiet at %v", i, f, s.Quiet)
			}
			last = f.At
			for _, list := range [][]string{f.From, f.To, f.Nodes} {
				for _, name := range list {
					if !known[name] {
						t.Fatalf("%v hits %s, which was not given", f, name)
					}
				}
			}
			if info, _ := f.Kind.Info(); len(nodes) < info.fewest() {
				t.Fatalf("%v in a world of %d", f, len(nodes))
			}
		}
		if again := p.Draw(seed, nodes, horizon); !again.Equal(s) {
			t.Fatal("the second draw differs")
		}
		if !slices.Equal(nodes, names(len(nodes))) {
			t.Fatal("the list of nodes was changed")
		}
	})
}

// The overlap is simulated: at every edge, how many different nodes are down?
func TestPlansKeepTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, m := genPlan(t)
		n := rapid.SampledFrom([]int{1, 2, 3, 4, 5, 6, 7, 30}).Draw(t, "nodes")
		s := p.Draw(rapid.Uint64Min(1).Draw(t, "seed"), names(n), genHorizon(t))
		most := m.MaxDown
		if most == 0 {
			most = (n - 1) / 2
		}
		if down := mostDown(t, s); down > most {
			t.Fatalf("%d of %d nodes are down at once, at most %d may be:\n%v", down, n, most, s)
		}
	})
}

// mostDown returns how many nodes are down at once at most. No node may go down
// while it is down already: that fault would do nothing.
func mostDown(t interface{ Fatalf(string, ...any) }, s Schedule) int {
	down, most := map[string]int{}, 0
	for _, e := range Timeline(s) {
		f := s.Faults[e.Index]
		if info, _ := f.Kind.Info(); !info.goesDown() {
			continue
		}
		if len(f.Nodes) != 1 {
			t.Fatalf("%v: whom does it take down?", f)
		}
		if !e.Begin {
			delete(down, f.Nodes[0])
			continue
		}
		if down[f.Nodes[0]]++; down[f.Nodes[0]] > 1 {
			t.Fatalf("%s goes down twice at %v", f.Nodes[0], e.At)
		}
		most = max(most, len(down))
	}
	return most
}

func TestSeedZeroIsCalm(t *testing.T) {
	for _, m := range presets() {
		for _, p := range []Plan{m, Swarm(m)} {
			if s := p.Draw(0, names(5), 10*sec); !s.Equal(Schedule{}) {
				t.Errorf("%s: seed 0 draws\n%v", m.Name, s)
			}
			if s := p.Draw(1, nil, 10*sec); !s.Equal(Schedule{}) {
				t.Errorf("%s: no nodes, but\n%v", m.Name, s)
			}
			if s := p.Draw(1, names(5), -1); !s.Equal(Schedule{}) {
				t.Errorf("%s: no horizon, but\n%v", m.Name, s)
			}
		}
	}
	fixed := Schedule{Quiet: 7}
	if !Plan(fixed).Draw(0, nil, 0).Equal(fixed) {
		t.Error("a schedule is not its own plan")
	}
}

func TestSeedsDiffer(t *testing.T) {
	for _, p := range []Plan{WAN(), Flaky(), Chaos(), Swarm(Chaos())} {
		seen := map[string]uint64{}
		for seed := uint64(1); seed <= 200; seed++ {
			text := string(p.Draw(seed, names(5), 10*sec).AppendJSON(nil, ""))
			if other, dup := seen[text]; dup && len(text) > 40 {
				t.Fatalf("seeds %d and %d draw the same", seed, other)
			}
			seen[text] = seed
		}
	}
}

// Taking one kind out of a mix leaves every element of the others as it is.
func TestKindsDoNotDependOnEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, m := genPlan(t)
		seed := rapid.Uint64Min(1).Draw(t, "seed")
		nodes, horizon := names(rapid.IntRange(1, 9).Draw(t, "nodes")), genHorizon(t)
		gone := rapid.SampledFrom(m.Rules).Draw(t, "rule").Kind
		less := m
		less.Rules = slices.DeleteFunc(slices.Clone(m.Rules), func(r Rule) bool { return r.Kind == gone })
		swarmed := rapid.Bool().Draw(t, "swarmed")
		draw := func(m Mix) Schedule {
			if swarmed {
				return Swarm(m).Draw(seed, nodes, horizon)
			}
			return m.Draw(seed, nodes, horizon)
		}
		want := draw(m)
		want.Faults = slices.DeleteFunc(want.Faults, func(f Fault) bool { return f.Kind == gone })
		if got := draw(less); !got.Equal(want) {
			t.Fatalf("without %s:\n%v\nwant\n%v", gone, got, want)
		}
	})
}

// The distance of two nodes is one number, both ways, and does not depend on the
// other nodes.
func TestDistancesAreStable(t *testing.T) {
	distance := func(nodes []string, a, b string) (found []time.Duration) {
		for _, f := range WAN().Draw(5, nodes, 10*sec).Faults {
			if slices.Contains(f.From, a) && slices.Contains(f.To, b) {
				found = append(found, f.Min)
			}
			if f.Min < 20*ms || f.Min > 150*ms || f.Max != 3*f.Min || f.Shape != LongTail || f.Kind != Latency {
				t.Errorf("the element %v", f)
			}
		}
		return found
	}
	five := distance(names(5), "n1", "n3")
	if len(five) != 1 || !slices.Equal(five, distance(names(5), "n3", "n1")) {
		t.Errorf("the distance is %v there, %v back", five, distance(names(5), "n3", "n1"))
	}
	if got := distance([]string{"n3", "x", "n1"}, "n1", "n3"); !slices.Equal(got, five) {
		t.Errorf("among other nodes the distance is %v, not %v", got, five)
	}
	// 20 nodes at 8 sites: n1 and n9 share a site, n1 and n2 don't.
	if got := distance(names(20), "n1", "n9"); len(got) != 0 {
		t.Errorf("inside a site: %v", got)
	}
	if a, b := distance(names(20), "n1", "n2"), distance(names(20), "n10", "n9"); len(a) != 1 || !slices.Equal(a, b) {
		t.Errorf("between two sites: %v and %v", a, b)
	}
}

// What a preset is for, counted over many seeds.
func TestPresetsDrawWhatTheySay(t *testing.T) {
	kinds := func(p Plan, n int) (map[Kind]int, int) {
		count, total := map[Kind]int{}, 0
		for seed := uint64(1); seed <= 300; seed++ {
			s := p.Draw(seed, names(n), 10*sec)
			total += s.Size()
			for _, f := range s.Faults {
				count[f.Kind]++
			}
		}
		return count, total
	}
	for _, m := range []Mix{LAN(), WAN()} {
		if count, _ := kinds(m, 5); len(count) != 1 || count[Latency] == 0 {
			t.Errorf("%s draws %v", m.Name, count)
		}
	}
	if count, _ := kinds(Flaky(), 5); len(count) != 5 || count[Crash] > 0 || count[Pause] < 100 {
		t.Errorf("flaky draws %v", count)
	}
	count, total := kinds(Chaos(), 5)
	for _, info := range Kinds() {
		if drawn := count[info.Kind] > 0; drawn == (info.picks() || info.Group == Sockets || info.Kind == Short) {
			t.Errorf("chaos draws %d of %s", count[info.Kind], info.Kind)
		}
	}
	if total < 300*30 || total > 300*50 {
		t.Errorf("chaos draws %d faults a run, want about 40", total/300)
	}
	// The rates are met: 40 node-seconds a run (8 of 10 s, 5 nodes).
	for kind, rate := range map[Kind]int{Cut: 120, Partition: 50, Drift: 20, Crash: 50} {
		want := 300 * 40 * rate / 1000
		if got := count[kind]; got < want*85/100 || got > want*115/100 {
			t.Errorf("%s: %d were drawn, the rate says %d", kind, got, want)
		}
	}
	var sizes, smallest, largest = 0, 1000, 0
	for seed := uint64(1); seed <= 100; seed++ {
		m := swarm{Chaos()}.of(seed)
		sizes += len(m.Rules)
		smallest, largest = min(smallest, len(m.Rules)), max(largest, len(m.Rules))
		if err := m.Validate(); err != nil {
			t.Fatal(err)
		}
	}
	if half := len(Chaos().Rules) * 50; sizes < half*9/10 || sizes > half*11/10 || smallest > 11 || largest < 18 {
		t.Errorf("swarms have %d rules in 100 seeds, from %d to %d", sizes, smallest, largest)
	}
}

// A world of ten thousand nodes and a year: still bounded.
func TestLargeWorlds(t *testing.T) {
	for _, m := range presets() {
		start := m.Draw(1, names(10_000), 365*24*time.Hour)
		if err := start.Validate(); err != nil || start.Size() > 20_000 {
			t.Errorf("%s: %d elements, %v", m.Name, start.Size(), err)
		}
	}
}

func TestMixValidate(t *testing.T) {
	for _, c := range []struct {
		m    Mix
		want string
	}{
		{Mix{Name: "m", MaxDown: -1}, `mix "m": MaxDown is -1; it must not be negative`},
		{Mix{Window: -1}, `mix "": Window is -1ns; it must lie between 0 and ten years`},
		{Mix{Rules: []Rule{{Kind: "flaping"}}}, `rule 0: "flaping" is not a known kind; did you mean "flapping"?`},
		{Mix{Rules: []Rule{{Kind: Drop}}}, "rule 0: drop picks one message by its number; a mix cannot know which, so leave it out"},
		{Mix{Rules: []Rule{{Kind: Cut, Rate: -1}}}, "cut: Rate is -1; it must lie between 0 and 1000000"},
		{Mix{Rules: []Rule{{Kind: Crash}}}, "crash: Rate is 0, so that there would be none; give one or leave the rule out"},
		{Mix{Rules: []Rule{{Kind: Latency, Sites: 65}}}, "latency: Sites is 65; it must lie between 0 and 64"},
		{Mix{Rules: []Rule{{Kind: Latency, Sites: 2}}}, "latency: Delay is 0s to 0s; distances need a longest delay, and one above 0"},
		{Mix{Rules: []Rule{{Kind: Loss}}}, "loss: ppm is missing; give parts per million"},
		{Mix{Rules: []Rule{{Kind: Loss, PPM: Range{2, 1}}}}, "loss: the range PPM ends before it begins; swap its ends"},
		{Mix{Rules: []Rule{{Kind: Loss, PPM: Range{1, 1000001}}}}, "loss: ppm is 1000001; it must lie between 0 and 1000000"},
		{Mix{Rules: []Rule{{Kind: Swizzle, Rate: 1, For: Durations{sec, 9 * sec}, Period: Durations{sec / 4, sec}}}}, "swizzle: for is 1s, less than two periods of 1s"},
	} {
		if err := c.m.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

// A mix that nobody validated must not make Draw panic or run for ever; what it
// draws is refused by Validate.
func TestWildMixesAreHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string) int64 {
			return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-5, 5)).Draw(t, name)
		}
		var m Mix
		m.MaxDown, m.Window = rapid.Int().Draw(t, "MaxDown"), time.Duration(number("window"))
		for range 3 {
			r := Rule{Kind: rapid.SampledFrom(append(kindWordsAsKinds(), "?")).Draw(t, "kind"), Rate: number("rate")}
			r.For = Durations{time.Duration(number("for")), time.Duration(number("for"))}
			r.PPM = Range{number("ppm"), number("ppm")}
			r.Delay = Durations{time.Duration(number("delay")), time.Duration(number("delay"))}
			r.Sites, r.Shape = rapid.Int().Draw(t, "sites"), Shape(number("shape"))
			r.Bytes, r.Queue = Range{number("bytes"), number("bytes")}, rapid.Int().Draw(t, "queue")
			r.Period = Durations{time.Duration(number("period")), time.Duration(number("period"))}
			r.Offset = Durations{time.Duration(number("offset")), time.Duration(number("offset"))}
			m.Rules = append(m.Rules, r)
		}
		s := m.Draw(rapid.Uint64().Draw(t, "seed"), names(3), genHorizon(t))
		if m.Validate() == nil && s.Validate() != nil {
			t.Fatalf("a valid mix draws an invalid schedule: %v", s.Validate())
		}
		Swarm(m).Draw(2, names(3), time.Hour)
	})
}

func kindWordsAsKinds() []Kind {
	var kinds []Kind
	for _, info := range Kinds() {
		kinds = append(kinds, info.Kind)
	}
	return kinds
}

// What a seed draws is part of its meaning (D8): a change here is told in
// CHANGELOG.md.
func TestPresetsAreStable(t *testing.T) {
	for _, c := range []struct {
		p    Plan
		want keyed.Digest
	}{
		{LAN(), 0x2d3e560e1aa58fb8}, {WAN(), 0xc785b04c6d1effdf}, {Flaky(), 0xb9ed4262dc4a7de8},
		{Chaos(), 0xeffd989ec4c909da}, {Swarm(Chaos()), 0x2693fb1cc4ddaebd},
	} {
		var d keyed.Digest
		for seed := range uint64(20) {
			d.AddBytes(c.p.Draw(seed, names(5), 10*sec).AppendJSON(nil, ""))
		}
		if d != c.want {
			t.Errorf("the digest is %#x", uint64(d))
		}
	}
}
