package overlay

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"samerun/internal/pick"
	"samerun/internal/wire"

	"github.com/cockroachdb/datadriven"
)

// kernel says of a program in testdata/kernels how deep its bug is.
type kernel struct {
	depth  uint64 // orders between two steps that must come out wrong; 0: it is no matter of the order
	delays uint64 // of FIFO that show it, at certain choices; 0: none do
	tasks  uint64 // goroutines, with the one that starts them
}

var kernels = map[string]kernel{
	"order": {1, 1, 3}, "update": {2, 1, 3}, "atomicity": {2, 1, 3}, "changes": {3, 2, 3}, "handover": {0, 0, 3},
	"noisy-order": {1, 1, 8}, "noisy-update": {2, 1, 6},
}

// bound returns the chance per run that the papers promise, as a fraction; of 0 if
// they promise nothing for this program.
func (k kernel) bound(s pick.Spec) (above, below uint64) {
	switch {
	case s.Kind == pick.KindPCT && k.depth > 0 && s.Count >= k.depth:
		below = k.tasks
		for range s.Count - 1 {
			below *= s.Length
		}
		return 1, below
	case s.Kind == pick.KindDelay && k.delays > 0 && s.Count == k.delays:
		above, below = 1, 1
		for i := range s.Count {
			above *= i + 1
			below *= s.Length
		}
		return above, below
	}
	return 0, 1
}

var (
	choicesField = regexp.MustCompile(`"choices":(\d+),`)
	foundLine    = regexp.MustCompile(`(?m)^found (\d+)$`)
)

// chains says of a kernel of two goroutines how many events each has, and what the order of
// the events must be for the bug to show: a3 is the third event of the first one.
type chains struct {
	a, b int
	bug  [][2]string
}

var straight = map[string]chains{
	"order":     {4, 4, [][2]string{{"b4", "a4"}}},
	"update":    {4, 4, [][2]string{{"a3", "b4"}, {"b3", "a4"}}},
	"atomicity": {5, 6, [][2]string{{"a4", "b6"}, {"b6", "a5"}}},
	"changes":   {4, 6, [][2]string{{"a3", "b5"}, {"b5", "a4"}, {"a4", "b6"}}},
}

// orders counts the orders of the events that show the bug, and all. The one that starts the
// two comes to a point behind each go statement, m1 and m2, and the second begins behind m1.
func (c chains) orders() (show, all uint64) {
	at := make(map[string]int)
	var walk func(a, b, m int)
	walk = func(a, b, m int) {
		n := a + b + m
		if a == c.a && b == c.b && m == 2 {
			all++
			for _, x := range c.bug {
				if at[x[0]] > at[x[1]] {
					return
				}
			}
			show++
			return
		}
		if a < c.a {
			at[fmt.Sprint("a", a+1)] = n
			walk(a+1, b, m)
		}
		if b < c.b && m > 0 {
			at[fmt.Sprint("b", b+1)] = n
			walk(a, b+1, m)
		}
		if m < 2 {
			walk(a, b, m+1)
		}
	}
	walk(0, 0, 0)
	return show, all
}

// uniformTable makes a run in a process of its own for each seed, which has counted events:
// under URW the bug must come up as often as there are orders that show it.
func uniformTable(t *testing.T, exe string, d *datadriven.TestData) string {
	var name string
	var runs uint64
	d.ScanArgs(t, "kernel", &name)
	d.ScanArgs(t, "runs", &runs)
	if name != "update" && os.Getenv("SAMERUN_LONG") == "" {
		return d.Expected // each row is a process for each run
	}
	c := straight[name]
	show, all := c.orders()
	_, results, code := run(t, exe, "^TestOnce$", "SAMERUN_SEED=0", "SAMERUN_COUNT=1", "KERNEL="+name)
	calm, err := wire.Read(results)
	if code != 0 || err != nil || len(calm) != 1 || len(calm[0].Counted) == 0 {
		t.Fatalf("the calm run of %s: exit status %d, %v, %s", name, code, err, results)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "events %d and %d, %d of %d orders show the bug\n", c.a, c.b, show, all)
	for text := range strings.FieldsSeq(d.Input) {
		spec, problem := pick.ParseSpec(text)
		if problem != "" {
			t.Fatal(problem)
		}
		w := pick.WeightsOf(spec.Kind, calm[0].Families())
		found := uint64(0)
		for seed := range runs {
			out, _, code := run(t, exe, "^TestOnce$", fmt.Sprint("SAMERUN_SEED=", seed+1), "SAMERUN_STRATEGY="+spec.WithWeights(&w).String(), "KERNEL="+name)
			switch {
			case code == 1 && strings.Contains(out, "the bug shows"):
				found++
			case code != 0:
				t.Fatalf("%s under %s, seed %d: exit status %d\n%s", name, text, seed+1, code, out)
			}
		}
		promised := "-"
		if spec.Kind == pick.KindURW {
			want := int(runs * show / all)
			promised = strconv.Itoa(want)
			if off := int(found) - want; off*off > 9*want {
				t.Errorf("%s: %s found it in %d runs of %d, and of its orders only so many show it: %d", name, text, found, runs, want)
			}
		}
		fmt.Fprintf(&b, "%-12s %-10s %d\n", text, promised, found)
	}
	return b.String()
}

// The table in the file shows, for ordinary goroutines and bugs of known depth, how
// many runs find one and how many the papers promise: the counterpart of
// sched/testdata/bounds.txt. Run the test with -rewrite to write it anew; what is
// promised is checked all the same.
func TestBounds(t *testing.T) {
	exe := binary(t, "kernels")
	datadriven.RunTest(t, "testdata/bounds.txt", func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd == "uniform" {
			return uniformTable(t, exe, d)
		}
		var name string
		var runs uint64
		d.ScanArgs(t, "kernel", &name)
		d.ScanArgs(t, "runs", &runs)
		k := kernels[name]
		_, results, code := run(t, exe, "^TestOnce$", "SAMERUN_SEED=0", "KERNEL="+name)
		choices := choicesField.FindStringSubmatch(results)
		if code != 0 || choices == nil {
			t.Fatalf("the calm run of %s: exit status %d, %s", name, code, results)
		}
		n, _ := strconv.ParseUint(choices[1], 10, 64)
		length := pick.EstimateLength(n)
		var b strings.Builder
		fmt.Fprintf(&b, "depth %d, %d goroutines, %d choices\n", k.depth, k.tasks, length)
		fmt.Fprintf(&b, "%-12s %-10s %-10s %s\n", "strategy", "bound", "promised", "found")
		for text := range strings.FieldsSeq(d.Input) {
			spec, problem := pick.ParseSpec(text)
			if problem != "" {
				t.Fatal(problem)
			}
			if spec = spec.WithLength(length); spec.Length > 0 {
				text = fmt.Sprintf("%s:%d:%d", spec.Kind.Name(), spec.Count, spec.Length)
			}
			out, _, code := run(t, exe, "^TestMany$", "SAMERUN_SEED=1", "SAMERUN_STRATEGY="+text, "KERNEL="+name, "RUNS="+strconv.FormatUint(runs, 10))
			line := foundLine.FindStringSubmatch(out)
			if code != 0 || line == nil {
				t.Fatalf("%s under %s: exit status %d\n%s", name, text, code, out)
			}
			found, _ := strconv.ParseUint(line[1], 10, 64)
			bound, promised := "-", "-"
			if above, below := k.bound(spec); above > 0 {
				expected := runs * above / below
				bound, promised = fmt.Sprintf("%d/%d", above, below), strconv.FormatUint(expected, 10)
				// Three standard deviations below what is promised is too few.
				if found < expected && (expected-found)*(expected-found) > 9*expected {
					t.Errorf("%s: %s found it in %d runs of %d, the bound promises %d", name, text, found, runs, expected)
				}
			}
			fmt.Fprintf(&b, "%-12s %-10s %-10s %d\n", text, bound, promised, found)
		}
		return b.String()
	})
}

// The length that the file names for a test is as good as one in the strategy, whichever
// tests run beside it; without a line it is 4096.
func TestLengths(t *testing.T) {
	exe := binary(t, "exact")
	file := filepath.Join(t.TempDir(), "lengths")
	if err := os.WriteFile(file, []byte("TestManyGoroutines 64\nTestMutexOverYield 8\nTestOther 16\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{"TestManyGoroutines": "64", "TestMutexOverYield": "8", "TestSameInstant": "4096"}
	_, all, _ := run(t, exe, "^(TestManyGoroutines|TestMutexOverYield|TestSameInstant)$", "SAMERUN_SEED=2", "SAMERUN_STRATEGY=pct:4", "SAMERUN_LENGTHS="+file)
	for name, length := range tests {
		_, alone, code := run(t, exe, "^"+name+"$", "SAMERUN_SEED=2", "SAMERUN_STRATEGY=pct:4:"+length)
		if code != 0 || alone == "" || !strings.Contains(all, alone) {
			t.Errorf("%s with pct:4:%s: exit status %d\n%swant one of\n%s", name, length, code, alone, all)
		}
	}
	// A length counts.
	digests := make(map[string]bool)
	for _, length := range []string{"8", "64", "4096"} {
		_, results, _ := run(t, exe, "^TestMutexOverYield$", "SAMERUN_SEED=2", "SAMERUN_STRATEGY=pct:4:"+length)
		digests[results] = true
	}
	if len(digests) < 2 {
		t.Errorf("lengths of 8, 64 and 4096 give one run:\n%v", digests)
	}
}

// Under pos who wants another object than those that race takes no part: their order is the
// same with it and without. Under walk it is not, so that the test sees something.
func TestPOSIsByObject(t *testing.T) {
	exe := binary(t, "kernels")
	line := regexp.MustCompile(`(?m)^order \[.*\]$`)
	for _, strategy := range []string{"pos", "walk"} {
		same, orders := 0, make(map[string]bool)
		const seeds = 20
		for seed := range seeds {
			with, _, _ := run(t, exe, "^TestStranger$", fmt.Sprint("SAMERUN_SEED=", seed+1), "SAMERUN_STRATEGY="+strategy)
			without, _, _ := run(t, exe, "^TestStranger$", fmt.Sprint("SAMERUN_SEED=", seed+1), "SAMERUN_STRATEGY="+strategy, "STRANGER=none")
			a, b := line.FindString(with), line.FindString(without)
			if a == "" || b == "" {
				t.Fatalf("%s\n%s", with, without)
			}
			if orders[b] = true; a == b {
				same++
			} else if strategy == "pos" {
				t.Errorf("seed %d: with a stranger\n%s, without\n%s", seed+1, a, b)
			}
		}
		if len(orders) < seeds/2 || strategy == "walk" && same > seeds/2 {
			t.Errorf("%s: %d seeds have %d orders, and %d the same without the stranger", strategy, seeds, len(orders), same)
		}
	}
}
