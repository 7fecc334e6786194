package guide

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/internal/feature"
	"samerun/internal/keyed"
	"samerun/internal/seeds"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// base is what the inputs of the tests have in common.
func base() replay.File {
	return replay.File{World: replay.Tasks, Test: "TestX", Package: "./x"}
}

func mustSeeds(t interface{ Fatal(...any) }, text string) seeds.Set {
	set, err := seeds.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// chaos is the schedule of a seed.
func chaos(seed uint64) *fault.Schedule {
	s, known := schedules[seed]
	if !known {
		s = fault.Chaos().Draw(seed, []string{"n0", "n1", "n2"}, 10*time.Second)
		schedules[seed] = s
	}
	return &s
}

var schedules = map[uint64]fault.Schedule{}

// play stands in for a run: what it sees is a function of the input. With the chain, states are
// steps of it, each of which only few inputs take that have taken the one before.
func play(in *replay.File) Outcome {
	text, err := in.Marshal()
	if err != nil {
		return Outcome{Failed: true}
	}
	var d keyed.Digest
	d.AddBytes(text)
	key := keyed.Ident("play").With(in.Seed)
	for _, f := range in.Forks {
		key = key.With(uint64(f.At)).With(f.Seed)
	}
	schedule := in.Schedule
	if schedule == nil {
		schedule = chaos(in.Seed)
	}
	for _, id := range schedule.Keys() {
		key = key.With(id)
	}
	o := Outcome{Digest: d.String(), Made: &Made{
		Schedule: schedule, Nodes: []string{"n0", "n1", "n2"}, Virtual: 12 * time.Second, Sizes: []shrink.Size{{Name: "nodes", Value: 3}},
		Steps: shrink.Steps{{Of: "a", N: 0}, {Of: "a", N: 1}, {Of: "b", N: 0}},
		Turns: []sched.Deviation{{Task: 1, Ready: 1}, {Task: 2, Ready: 3}},
	}}
	var set feature.Set
	for i := range 3 {
		set.Add(feature.State, key.With(uint64(i)).Below(400), time.Duration(i)*time.Second)
	}
	set.Add(feature.Order, key.Str("order").Below(50), time.Second)
	o.Seen, o.Failed = set.Seen(), key.Str("fails").Below(100) == 0
	return o
}

// run makes n runs of a search.
func run(s *Search, n int) (inputs []*replay.File) {
	for left := n; left > 0; {
		next := s.Next(left)
		var outcomes []Outcome
		for _, in := range next {
			outcomes = append(outcomes, play(in))
		}
		s.Take(outcomes)
		inputs, left = append(inputs, next...), left-len(next)
	}
	return inputs
}

// The same first seed and number of runs are the same search, and each input is one that can be
// run: a file that can be written and read.
func TestSearchIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Uint64Range(0, 100).Draw(t, "first")
		text := fmt.Sprintf("%d-%d", first, first+uint64(rapid.IntRange(0, 50).Draw(t, "seeds")))
		n := rapid.IntRange(1, 70).Draw(t, "runs")
		a := run(New(Options{Base: base(), Seeds: mustSeeds(t, text)}), n)
		b := run(New(Options{Base: base(), Seeds: mustSeeds(t, text)}), n)
		if len(a) != n || len(b) != n {
			t.Fatalf("%d and %d inputs of %d", len(a), len(b), n)
		}
		for i := range a {
			x, err := a[i].Marshal()
			if err != nil {
				t.Fatalf("input %d cannot be written: %v", i, err)
			}
			y, _ := b[i].Marshal()
			if string(x) != string(y) {
				t.Fatalf("input %d is\n%s\nand\n%s", i, x, y)
			}
			p, err := replay.Parse(x)
			if err != nil || p.Kept == nil {
				t.Fatalf("input %d cannot be read: %v\n%s", i, err, x)
			}
		}
	})
}

// A search of fewer runs is the beginning of one of more.
func TestMoreRunsGoOn(t *testing.T) {
	few := run(New(Options{Base: base(), Seeds: mustSeeds(t, "1-10")}), 2*Generation)
	many := run(New(Options{Base: base(), Seeds: mustSeeds(t, "1-10")}), 5*Generation)
	for i := range few {
		if few[i].Seed != many[i].Seed || !slices.Equal(few[i].Forks, many[i].Forks) {
			t.Fatalf("input %d differs", i)
		}
	}
}

// Changed schedules ask no more of a test than drawn ones: they are valid, no more nodes are down
// at a time, and nothing begins when it is to be quiet.
func TestChangedSchedules(t *testing.T) {
	s := New(Options{Base: base(), Seeds: mustSeeds(t, "1-2000")})
	changed, kinds := 0, map[fault.Kind]bool{}
	for range 16 {
		inputs := s.Next(Generation)
		var outcomes []Outcome
		for i, in := range inputs {
			o := play(in)
			outcomes = append(outcomes, o)
			if s.asked[i].drawn {
				for _, f := range o.Made.Schedule.Faults {
					kinds[f.Kind] = true
				}
			}
			if in.Schedule == nil {
				continue
			}
			changed++
			if err := in.Schedule.Validate(); err != nil {
				t.Fatal(err)
			}
			if most := mostDown(*in.Schedule); most > s.down {
				t.Fatalf("%d nodes are down; drawn were %d", most, s.down)
			}
			for _, f := range in.Schedule.Faults {
				if !kinds[f.Kind] {
					t.Fatalf("%v is of a kind that no run had", f)
				}
				if f.Nth == 0 && f.Boot == 0 && f.At > in.Schedule.Quiet {
					t.Fatalf("%v begins behind %v, when it is to be quiet", f, in.Schedule.Quiet)
				}
			}
		}
		s.Take(outcomes)
	}
	if changed < 30 {
		t.Errorf("only %d schedules were changed", changed)
	}
}

// Each way to change an input comes up, and fresh seeds come in their order, each once.
func TestAllArmsAreTried(t *testing.T) {
	s := New(Options{Base: base(), Seeds: mustSeeds(t, "5-7,20")})
	var tried [arms]int
	var fresh []uint64
	for range 20 {
		inputs := s.Next(Generation)
		var outcomes []Outcome
		for i, in := range inputs {
			tried[s.asked[i].arm]++
			if s.asked[i].drawn {
				fresh = append(fresh, in.Seed)
			}
			outcomes = append(outcomes, play(in))
		}
		s.Take(outcomes)
	}
	for a, n := range tried {
		if n == 0 {
			t.Errorf("arm %d was never tried", a)
		}
	}
	if !slices.IsSorted(fresh) || len(slices.Compact(slices.Clone(fresh))) != len(fresh) || fresh[0] != 5 || !slices.Contains(fresh, 20) && !slices.Contains(fresh, 7) {
		t.Errorf("fresh seeds: %v", fresh)
	}
}

// What few runs have seen has more energy than what many have, and who was changed often less.
func TestEnergy(t *testing.T) {
	s := New(Options{Base: base(), Seeds: mustSeeds(t, "1")})
	rare, common := feature.Feature{Kind: feature.State, Hash: 1}, feature.Feature{Kind: feature.State, Hash: 2}
	s.hits[rare], s.hits[common] = 1, 100
	a, b := &entry{own: []feature.Feature{rare}}, &entry{own: []feature.Feature{common}}
	if s.energy(a) <= s.energy(b) {
		t.Errorf("rare %d, common %d", s.energy(a), s.energy(b))
	}
	before := s.energy(a)
	a.tries = 10
	if s.energy(a) >= before {
		t.Errorf("after ten tries %d, before %d", s.energy(a), before)
	}
	order := &entry{own: []feature.Feature{{Kind: feature.Order, Hash: 3}}}
	s.hits[order.own[0]] = 1
	if s.energy(order) >= before {
		t.Errorf("an order has %d, a state %d", s.energy(order), before)
	}
}

// A corpus that was read is run first, in its order, and the best entries see all that was seen.
func TestCorpus(t *testing.T) {
	first := New(Options{Base: base(), Seeds: mustSeeds(t, "1-100")})
	run(first, 400)
	best, left := first.Best()
	if len(best) == 0 || len(best) > MostSaved {
		t.Fatalf("%d entries are worth saving", len(best))
	}
	if left == 0 {
		seen := map[feature.Feature]bool{}
		for _, in := range best {
			for _, x := range play(in).Seen {
				seen[x.Feature] = true
			}
		}
		for f := range first.hits {
			if !seen[f] {
				t.Errorf("nobody who was saved sees %v", f)
			}
		}
	}
	again := New(Options{Base: base(), Seeds: mustSeeds(t, "1-100"), Corpus: best})
	inputs := run(again, len(best))
	for i, in := range inputs {
		if in.Seed != best[i].Seed || !slices.Equal(in.Forks, best[i].Forks) {
			t.Fatalf("input %d is not the entry", i)
		}
	}
	if again.Stale() != len(best)-again.Entries() {
		t.Errorf("%d of %d are stale, and %d are kept", again.Stale(), len(best), again.Entries())
	}
	for _, in := range best {
		if len(in.Kept) == 0 || in.Digest == noDigest {
			t.Errorf("an entry does not say what it is kept for: %v %s", in.Kept, in.Digest)
		}
	}
}

// What a guided search is for: states that only few runs reach, behind others that few reach. The
// world is a lock with a combination: each fork gives a new digit, and keeps those before it.
func TestDeepStatesAreFoundSooner(t *testing.T) {
	depth := func(in *replay.File) (n int) {
		digit := func(i int) uint64 {
			seed, at := in.Seed, time.Duration(i+1)*time.Second
			for _, f := range in.Forks {
				if f.At <= at {
					seed = f.Seed
				}
			}
			return keyed.Ident("digit").With(seed).With(uint64(i)).Below(8)
		}
		for n < 10 && digit(n) == 0 {
			n++
		}
		return n
	}
	deepest := func(blind bool, first int) (most int) {
		s := New(Options{Base: base(), Seeds: mustSeeds(t, fmt.Sprintf("%d-%d", first, first+999)), Blind: blind})
		for range 1000 / Generation {
			var outcomes []Outcome
			for _, in := range s.Next(Generation) {
				n := depth(in)
				most = max(most, n)
				var set feature.Set
				for i := range n + 1 {
					set.Add(feature.State, uint64(i), time.Duration(i)*time.Second)
				}
				outcomes = append(outcomes, Outcome{Digest: fmt.Sprintf("%016x", in.Seed), Seen: set.Seen(), Made: &Made{Virtual: 11 * time.Second}})
			}
			s.Take(outcomes)
		}
		return most
	}
	guided, blind := 0, 0
	for i := range 10 {
		guided += deepest(false, 1+10_000*i)
		blind += deepest(true, 1+10_000*i)
	}
	t.Logf("guided %d, fresh seeds %d", guided, blind)
	if guided < blind*3/2 {
		t.Errorf("in 1000 runs a guided search comes %d deep, and fresh seeds %d, in ten searches each", guided, blind)
	}
}
