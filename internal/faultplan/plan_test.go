package faultplan

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/overlay/leaf/plan"
	"samerun/internal/overlay/leaf/rule"
	"samerun/sim/fault"
)

func as(path string) string { return path }

// write makes a schedule file.
func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// What is no preset and no schedule is told in one sentence that says what to do.
func TestBadInput(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct{ what, want string }{
		{"", "-faults wants a preset (lan, wan, flaky, chaos, swarm or disk) or a schedule file"},
		{"flakey", "-faults flakey: there is no such preset, and no file of that name; say lan, wan, flaky, chaos, swarm or disk, or name a schedule file"},
		{"./no.json", "-faults ./no.json: the file cannot be read: "},
		{folder, "it is a folder; name a schedule file"},
		{write(t, `[]`), "it is no schedule: "},
		{write(t, `{"faults": [{"kind":"cutt","from":["*"],"to":["*"]}]}`), `did you mean "cut"?`},
		{write(t, `{"faults": [{"kind":"crash","nodes":["n1"]}]}`), "faults[0] is a crash, which befalls nodes, and sockets of ordinary Go have none; the kinds that they have are latency, loss, "},
		{write(t, `{"faults": [{"kind":"lose","nodes":["*"],"nth":1,"file":"f"}]}`), "faults[0] is lose, which is about a crash, and a test of ordinary Go is a process that does not crash; the kinds of disks that it has are syncfail, nospace, slowdisk, corrupt and short"},
		{write(t, `{"faults": [{"kind":"corrupt","nodes":["n1"],"ppm":1}]}`), `faults[0] is corrupt, and a test of ordinary Go has one disk, which is its temporary folder: nodes is ["*"]`},
		{write(t, `{"faults": [{"kind":"cut","from":["*"],"to":["*"]},{"kind":"split","nodes":["*"]}]}`), "faults[1], split: it parts several nodes from each other, and without nodes all who dial are one end, the test itself; name ends in a cut or a partition, or give the test nodes"},
		{write(t, `{"faults": [{"kind":"flapping","nodes":["TestX"],"period":"1s"}]}`), "faults[0], flapping: for is missing"},
		{write(t, `{"faults": [{"kind":"drop","from":["*"],"to":["*"],"nth":2,"method":"KV.Put"}]}`), `faults[0], drop: method is "KV.Put", and what sockets carry has no methods`},
		{write(t, `{"faults": [{"kind":"cut","from":["@leader"],"to":["*"]}]}`), `faults[0] names "@leader", and ordinary Go has no roles and domains`},
	} {
		_, err := Read(c.what, as)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v\nwant %s", c.what, err, c.want)
		}
	}
}

// A test has its faults whichever others there are, and other tests have others; seed 0 has
// none, of a file neither.
func TestSchedules(t *testing.T) {
	file, err := Read(write(t, `{"faults": [{"kind":"cut","at":"1ms","from":["TestB"],"to":["listener 1", "a"]}]}`), as)
	if err != nil {
		t.Fatal(err)
	}
	chaos, err := Read("chaos", as)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(50) {
		a, b := chaos.Of("TestA", seed, time.Second, nil), chaos.Of("TestB", seed, time.Second, nil)
		if seed == 0 != (a.Size() == 0) || seed > 0 && a.Equal(b) || !a.Equal(chaos.Of("TestA", seed, time.Second, nil)) {
			t.Errorf("seed %d: %v\nand %v", seed, a, b)
		}
		if f := file.Of("TestA", seed, time.Second, nil); seed == 0 != (f.Size() == 0) {
			t.Errorf("seed %d: %v", seed, f)
		}
	}
	if names := file.Names(); strings.Join(names, ",") != "TestB,a,listener 1" || !file.IsFile() || chaos.IsFile() || chaos.Names() != nil {
		t.Errorf("%q", names)
	}
	// -horizon counts, whatever a test takes.
	far := *chaos
	far.Horizon = time.Hour
	if one, two := far.Of("TestA", 3, time.Second, nil), far.Of("TestA", 3, time.Minute, nil); !one.Equal(two) || one.Equal(chaos.Of("TestA", 3, time.Second, nil)) {
		t.Errorf("%v\n%v", one, two)
	}
}

// lines are the rules of a text, without their places.
func lines(t *testing.T, given ...Given) (all []rule.Rule) {
	t.Helper()
	tests, problem := plan.ParsePlan(Text(given))
	if problem != "" || len(tests) != len(given) {
		t.Fatalf("%s: %s", problem, Text(given))
	}
	for i := range tests {
		if tests[i].Test != given[i].Test {
			t.Errorf("%q is %q", given[i].Test, tests[i].Test)
		}
		for n, r := range tests[i].Rules {
			if r.Index != n {
				t.Errorf("rule %d has the place %d", n, r.Index)
			}
			r.Index = 0
			all = append(all, r)
		}
	}
	return all
}

// What a preset draws is understood by package net as it was meant, and taking one fault out
// leaves all others as they were.
func TestTextWithoutOne(t *testing.T) {
	for _, name := range fault.SocketPresets() {
		presets, _ := fault.ForSockets(name)
		for seed := range uint64(20) {
			s := presets.Draw(seed, []string{"listener 1"}, time.Second)
			whole := lines(t, Given{"TestX", s})
			if len(whole) != s.Size() {
				t.Fatalf("%d rules of %d faults", len(whole), s.Size())
			}
			for i := range whole {
				if rest := lines(t, Given{"TestX", s.Without(i)}); !reflect.DeepEqual(rest, slices.Concat(whole[:i], whole[i+1:])) {
					t.Errorf("%s, seed %d: without %d: %v", name, seed, i, rest)
				}
			}
		}
	}
}

func TestText(t *testing.T) {
	s := fault.Schedule{Quiet: 5 * time.Millisecond, Faults: []fault.Fault{
		{Kind: fault.Cut, At: 2 * time.Millisecond, For: time.Millisecond, From: []string{"*"}, To: []string{"listener 1", "a b"}, Dir: fault.Reply},
		{Kind: fault.Latency, From: []string{"*"}, To: []string{"*"}, Min: 1, Max: 7, Shape: fault.Uniform},
		{Kind: fault.Loss, At: 6 * time.Millisecond, From: []string{"*"}, To: []string{"*"}, PPM: 9},
		{Kind: fault.Bandwidth, From: []string{"TestX"}, To: []string{"*"}, Bytes: 100, Queue: 3},
	}}
	k := s.Keys()
	all := rule.RuleEnds{All: true}
	want := []rule.Rule{
		{Key: k[0], Kind: rule.RuleCut, Begin: 2e6, End: 3e6, Dir: 2, From: all, To: rule.RuleEnds{Names: []string{"listener 1", "a b"}}},
		{Key: k[1], Kind: rule.RuleLatency, End: 5e6, Shape: 1, Min: 1, Max: 7, From: all, To: all},
		{Key: k[2], Kind: rule.RuleLoss, Begin: 6e6, End: 6e6, PPM: 9, From: all, To: all},
		{Key: k[3], Kind: rule.RuleBandwidth, End: 5e6, Bytes: 100, Queue: 3, From: rule.RuleEnds{Names: []string{"TestX"}}, To: all},
	}
	if got := lines(t, Given{"TestX", s}, Given{"TestY", fault.Schedule{}}); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}
