package faultplan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		{"", "-faults wants a preset (lan, wan, flaky, chaos or swarm) or a schedule file"},
		{"flakey", "-faults flakey: there is no such preset, and no file of that name; say lan, wan, flaky, chaos or swarm, or name a schedule file"},
		{"./no.json", "-faults ./no.json: the file cannot be read: "},
		{folder, "it is a folder; name a schedule file"},
		{write(t, `[]`), "it is no schedule: "},
		{write(t, `{"faults": [{"kind":"cutt","from":["*"],"to":["*"]}]}`), `did you mean "cut"?`},
		{write(t, `{"faults": [{"kind":"crash","nodes":["n1"]}]}`), "faults[0] is a crash, which befalls nodes, and sockets of ordinary Go have none; the kinds that they have are latency, loss, "},
		{write(t, `{"faults": [{"kind":"cut","from":["*"],"to":["*"]},{"kind":"split","nodes":["*"]}]}`), "faults[1] is a split, which befalls nodes"},
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

// Taking one fault out leaves the lines of all others as they were, but for their places.
func TestTextWithoutOne(t *testing.T) {
	plan, _ := fault.ForSockets("chaos")
	s := plan.Draw(7, []string{"listener 1"}, time.Second)
	lines := func(s fault.Schedule) (all []string) {
		for line := range strings.Lines(Text([]Given{{"TestX", s}})) {
			if words := strings.Fields(line); words[0] == "rule" {
				all = append(all, strings.Join(words[2:], " "))
			}
		}
		return all
	}
	whole := lines(s)
	if len(whole) != s.Size() || s.Size() < 4 {
		t.Fatalf("%d lines of %d faults", len(whole), s.Size())
	}
	for i := range whole {
		rest := lines(s.Without(i))
		if strings.Join(rest, "\n") != strings.Join(append(whole[:i:i], whole[i+1:]...), "\n") {
			t.Errorf("without %d:\n%s", i, strings.Join(rest, "\n"))
		}
	}
}

func TestText(t *testing.T) {
	s := fault.Schedule{Quiet: 5 * time.Millisecond, Faults: []fault.Fault{
		{Kind: fault.Cut, At: 2 * time.Millisecond, For: time.Millisecond, From: []string{"*"}, To: []string{"listener 1", "a b"}},
		{Kind: fault.Latency, From: []string{"*"}, To: []string{"*"}, Min: 1, Max: 7, Shape: fault.Uniform},
		{Kind: fault.Loss, At: 6 * time.Millisecond, From: []string{"*"}, To: []string{"*"}, PPM: 9},
	}}
	got := Text([]Given{{"TestX", s}, {"TestY", fault.Schedule{}}})
	k := s.Keys()
	want := "test TestX\n" +
		"rule 0 " + hex(k[0]) + ` cut 2000000 3000000 0 0 0 0 0 0 0 from "*" to "listener 1" "a b"` + "\n" +
		"rule 1 " + hex(k[1]) + ` latency 0 5000000 0 1 1 7 0 0 0 from "*" to "*"` + "\n" +
		"rule 2 " + hex(k[2]) + ` loss 6000000 6000000 9 0 0 0 0 0 0 from "*" to "*"` + "\n" +
		"test TestY\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func hex(k uint64) string { return fmt.Sprintf("%016x", k) }
