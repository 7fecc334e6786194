package report

import (
	"cmp"
	"maps"
	"slices"

	"samerun/internal/feature"
	"samerun/internal/wire"
)

// Run is what a collector wants to know of a run.
type Run struct {
	Number  uint64 // its seed, or of a guided search its number
	Failed  bool
	Wall    int64
	Virtual int64
	Events  uint64
	Digest  string
	Seen    feature.Seen
	Cover   *wire.Cover
}

// Collector takes in the runs of a sweep, test by test. It keeps some words of each run and
// each thing that was seen, and no more; so it knows which run saw it first. It is for use by one
// goroutine at a time.
type Collector struct {
	tests []collected
}

// collected is what the runs of a test came to.
type collected struct {
	numbers               []uint64
	wall, virtual, events []int64
	failed                uint64
	digests               map[string]uint64 // the lowest number of a run with that
	seen                  [feature.Kinds]map[uint64]uint64
	properties            map[[2]string]*Property
	faults                map[string]*Fault
}

// NewCollector returns a collector for so many tests.
func NewCollector(tests int) *Collector { return &Collector{make([]collected, tests)} }

// Add takes in a run of a test.
func (c *Collector) Add(test int, r *Run) {
	x := &c.tests[test]
	x.numbers = append(x.numbers, r.Number)
	x.wall, x.virtual, x.events = append(x.wall, r.Wall), append(x.virtual, r.Virtual), append(x.events, int64(min(r.Events, 1<<62)))
	if r.Failed {
		x.failed++
	}
	if r.Digest != "" {
		lowest(&x.digests, r.Digest, r.Number)
	}
	for _, s := range r.Seen {
		lowest(&x.seen[s.Kind], s.Hash, r.Number)
	}
	if r.Cover == nil {
		return
	}
	for _, p := range r.Cover.Properties {
		key := [2]string{p.Kind, p.Name}
		have := x.properties[key]
		if have == nil {
			if x.properties == nil {
				x.properties = map[[2]string]*Property{}
			}
			have = &Property{Kind: p.Kind, Name: p.Name}
			x.properties[key] = have
		}
		have.Checked += p.Checked
		have.Met += p.Met
		if p.Met > 0 {
			have.Runs++
			if have.First == nil || r.Number < *have.First {
				n := r.Number
				have.First = &n
			}
		}
	}
	for _, f := range r.Cover.Faults {
		have := x.faults[f.Kind]
		if have == nil {
			if x.faults == nil {
				x.faults = map[string]*Fault{}
			}
			have = &Fault{Kind: f.Kind}
			x.faults[f.Kind] = have
		}
		have.Asked += f.Asked
		have.Fired += f.Fired
		if f.Fired > 0 {
			have.Runs++
		}
	}
}

// lowest notes a number under a key, unless there is a lower one.
func lowest[K comparable](m *map[K]uint64, key K, number uint64) {
	if *m == nil {
		*m = map[K]uint64{}
	}
	if old, ok := (*m)[key]; !ok || number < old {
		(*m)[key] = number
	}
}

// Test returns what the runs of a test came to. The caller fills in what it is called, and
// what it never reached.
func (c *Collector) Test(test int) Test {
	x := &c.tests[test]
	t := Test{
		Runs: uint64(len(x.numbers)), Failed: x.failed, Different: len(x.digests),
		Wall: quantiles(x.wall), Virtual: quantiles(x.virtual), Events: quantiles(x.events),
		States: len(x.seen[feature.State]), Orders: len(x.seen[feature.Order]), Growth: x.growth(),
		histograms: [2]histogram{histogramOf(x.wall), histogramOf(x.virtual)},
	}
	for _, p := range x.properties { //samerun:allow maprange: sorted below
		t.Properties = append(t.Properties, *p)
	}
	slices.SortFunc(t.Properties, func(a, b Property) int {
		return cmp.Or(cmp.Compare(rankOf(a.Kind), rankOf(b.Kind)), cmp.Compare(a.Name, b.Name))
	})
	for _, kind := range slices.Sorted(maps.Keys(x.faults)) {
		t.Faults = append(t.Faults, *x.faults[kind])
	}
	return t
}

// rankOf orders the kinds of properties: those that a sweep must come to stand first.
func rankOf(kind string) int {
	return slices.Index([]string{"sometimes", "eventually", "always", "buggify"}, kind)
}

// Sums are those over all tests.
func (c *Collector) Sums() (t Totals) {
	for i := range c.tests {
		x := &c.tests[i]
		t.Runs += uint64(len(x.numbers))
		t.Failed += x.failed
		t.Different += len(x.digests)
		for k := range x.numbers {
			t.Virtual += x.virtual[k]
			t.Wall += x.wall[k]
		}
	}
	return t
}

// mostPoints is how many points a curve has.
const mostPoints = 120

// growth is how coverage grew over the runs in the order of their numbers.
func (x *collected) growth() (points []Point) {
	numbers := slices.Clone(x.numbers)
	slices.Sort(numbers)
	firsts := func(m map[uint64]uint64) []uint64 { return slices.Sorted(maps.Values(m)) }
	digests := slices.Sorted(maps.Values(x.digests))
	states, sometimes, orders := firsts(x.seen[feature.State]), firsts(x.seen[feature.Sometimes]), firsts(x.seen[feature.Order])
	upTo := func(list []uint64, number uint64) int {
		n, found := slices.BinarySearch(list, number)
		for found && n < len(list) && list[n] == number {
			n++
		}
		return n
	}
	n := len(numbers)
	for i := range min(n, mostPoints) {
		runs := (i + 1) * n / min(n, mostPoints)
		last := numbers[runs-1]
		points = append(points, Point{uint64(runs), upTo(digests, last), upTo(states, last), upTo(sometimes, last), upTo(orders, last)})
	}
	return points
}

// quantiles are those of some values, by the nearest rank.
func quantiles(values []int64) (q Quantiles) {
	n := len(values)
	if n == 0 {
		return q
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	at := func(percent int) int64 { return sorted[max((n*percent+99)/100, 1)-1] }
	return Quantiles{sorted[0], at(50), at(90), at(99), sorted[n-1]}
}
