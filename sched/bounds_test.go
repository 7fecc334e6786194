package sched

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"samerun/internal/pick"

	"github.com/cockroachdb/datadriven"
)

// small is a program with one bug of a known depth. FIFO does not show it.
type small struct {
	name   string
	depth  int    // orders between two steps that must come out wrong
	delays int    // of FIFO that show it, at certain choices
	tasks  int    // with main
	orders [2]int // that show it, and all; 0 if they are not known
	fn     func(s *Scheduler, bug *bool)
}

// twice starts two tasks and waits for them.
func twice(a, b func()) {
	var wg WaitGroup
	wg.Go(a)
	wg.Go(b)
	wg.Wait()
}

func yields(s *Scheduler, n int) {
	for range n {
		s.Yield()
	}
}

// An order violation: a value is used before it was set.
var order = small{"order", 1, 1, 3, [2]int{35, 70}, func(s *Scheduler, bug *bool) {
	set := false
	twice(
		func() { yields(s, 3); set = true },
		func() { yields(s, 3); *bug = !set },
	)
}}

// An atomicity violation: a value is checked, another task takes it away, and it
// is used.
var atomicity = small{"atomicity", 2, 2, 3, [2]int{126, 462}, func(s *Scheduler, bug *bool) {
	there := true
	twice(
		func() {
			yields(s, 3)
			if there {
				s.Yield()
				*bug = !there
			}
		},
		func() { yields(s, 5); there = false },
	)
}}

// Two tasks must each be left at one step: a flag is up for one step only, and the
// other task must look at it then, and again after it.
var twoChanges = small{"two changes", 3, 2, 3, [2]int{35, 210}, func(s *Scheduler, bug *bool) {
	busy := false
	twice(
		func() {
			yields(s, 2)
			busy = true
			s.Yield()
			busy = false
		},
		func() {
			yields(s, 4)
			first := busy
			s.Yield()
			*bug = first && !busy
		},
	)
}}

// noisy is a program among tasks that have nothing to do with its bug.
func noisy(p small, name string, noise, delays int) small {
	fn := p.fn
	p.name, p.delays = name, delays
	p.tasks += noise
	// What has nothing to do with a bug takes no chance away from it.
	p.fn = func(s *Scheduler, bug *bool) {
		for range noise {
			Go(func() { yields(s, 4) })
		}
		fn(s, bug)
	}
	return p
}

func smallPrograms() []small {
	return []small{order, atomicity, twoChanges, noisy(order, "noisy order", 5, 1), noisy(atomicity, "noisy atomicity", 3, 2)}
}

// run says whether the program showed its bug.
func (p small) run(t tb, strategy Strategy) (bug bool, err error) {
	_, err = run(t, Config{Strategy: strategy}, func(s *Scheduler) { p.fn(s, &bug) })
	return bug, err
}

// choices is what PCT and Delay are told.
func (p small) choices(t tb) int {
	s := mustRun(t, Config{}, func(s *Scheduler) {
		var bug bool
		p.fn(s, &bug)
		if bug {
			t.Fatalf("%s: FIFO shows the bug", p.name)
		}
	})
	return EstimateLength(s.Choices())
}

// events are counted in the calm run.
func (p small) events(t tb) *Counting {
	c := NewCounting(&FIFO{})
	if _, err := p.run(t, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// bound returns the probability per seed that the paper promises, as a fraction;
// of 0 if it promises nothing for this program.
func (p small) bound(spec StrategySpec) (above, below int) {
	switch {
	case spec.by.Kind == pick.KindPCT && int(spec.by.Count) >= p.depth:
		below = p.tasks
		for range spec.by.Count - 1 {
			below *= int(spec.by.Length)
		}
		return 1, below
	case spec.by.Kind == pick.KindDelay && int(spec.by.Count) == p.delays:
		above, below = 1, 1
		for i := range spec.by.Count {
			above *= int(i) + 1
			below *= int(spec.by.Length)
		}
		return above, below
	case spec.by.Kind == pick.KindURW && p.orders[1] > 0:
		return p.orders[0], p.orders[1]
	}
	return 0, 1
}

// The table in the file shows, for programs with bugs of known depth, how many of
// the first seeds find it and how many the papers promise. Run the test with
// -rewrite to write it anew; what is promised is checked all the same.
func TestBounds(t *testing.T) {
	datadriven.RunTest(t, "testdata/bounds.txt", func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "find":
			return findTable(t, d)
		case "search":
			return searchTable(t, d)
		}
		t.Fatalf("%s: unknown command %q", d.Pos, d.Cmd)
		return ""
	})
}

func smallProgram(t *testing.T, d *datadriven.TestData) small {
	var name string
	d.ScanArgs(t, "program", &name)
	for _, p := range smallPrograms() {
		if p.name == strings.ReplaceAll(name, "-", " ") {
			return p
		}
	}
	t.Fatalf("%s: unknown program %q", d.Pos, name)
	return small{}
}

func findTable(t *testing.T, d *datadriven.TestData) string {
	p, seeds := smallProgram(t, d), 0
	d.ScanArgs(t, "seeds", &seeds)
	var b strings.Builder
	fmt.Fprintf(&b, "depth %d, %d tasks, %d choices\n", p.depth, p.tasks, p.choices(t))
	fmt.Fprintf(&b, "%-12s %-10s %-10s %s\n", "strategy", "bound", "promised", "found")
	for text := range strings.FieldsSeq(d.Input) {
		spec, err := ParseStrategy(text)
		if err != nil {
			t.Fatal(err)
		}
		name := spec.WithLength(p.choices(t)).String()
		spec = spec.WithLength(p.choices(t)).WithEvents(p.events(t))
		found := 0
		for seed := range uint64(seeds) {
			s, err := spec.New(seed + 1)
			if err != nil {
				t.Fatal(err)
			}
			bug, err := p.run(t, s)
			if err != nil {
				t.Fatal(err)
			}
			if bug {
				found++
			}
		}
		bound, promised := "-", "-"
		if above, below := p.bound(spec); above > 0 {
			bound = fmt.Sprintf("%d/%d", above, below)
			expected := seeds * above / below
			promised = strconv.Itoa(expected)
			// Three standard deviations below what is promised is too few.
			if short := expected - found; short > 0 && short*short > 9*expected {
				t.Errorf("%s: %s found it with %d seeds of %d, the bound promises %d", p.name, spec, found, seeds, expected)
			}
			// Of URW it is not a bound, but how many there are.
			if more := found - expected; spec.by.Kind == pick.KindURW && more > 0 && more*more > 9*expected {
				t.Errorf("%s: %s found it with %d seeds of %d, and of its orders only so many show it: %d", p.name, spec, found, seeds, expected)
			}
		}
		fmt.Fprintf(&b, "%-12s %-10s %-10s %d\n", name, bound, promised, found)
	}
	return b.String()
}

// searchTable searches each program within each bound.
func searchTable(t *testing.T, d *datadriven.TestData) string {
	p := smallProgram(t, d)
	var b strings.Builder
	for text := range strings.FieldsSeq(d.Input) {
		spec, err := ParseStrategy(text)
		if err != nil {
			t.Fatal(err)
		}
		opts, _ := spec.Exhaustive()
		x := newExhaustive(t, opts)
		first, found := 0, map[string]bool{}
		for x.More() {
			rec := NewRecording(x.Strategy())
			bug, err := p.run(t, rec)
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Done(); err != nil {
				t.Fatal(err)
			}
			if bug {
				found[fmt.Sprint(rec.Deviations())] = true
				if first == 0 {
					first = x.Runs()
				}
			}
		}
		fmt.Fprintf(&b, "%s: %d runs; %s; ", spec, x.Runs(), x)
		if len(found) == 0 {
			b.WriteString("none shows the bug\n")
			continue
		}
		fmt.Fprintf(&b, "%d show the bug, the first is run %d\n", len(found), first)
	}
	return b.String()
}
