package fault

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samerun/internal/keyed"
)

func TestWhatIsWrittenCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genSchedule().Draw(t, "schedule")
		if err := s.Validate(); err != nil {
			t.Fatalf("the generator drew an invalid schedule: %v", err)
		}
		text := s.AppendJSON(nil, "")
		got, err := Parse(text)
		if err != nil {
			t.Fatalf("Parse: %v\n%s", err, text)
		}
		if !got.Equal(s) {
			t.Fatalf("read back as %#v\nfrom %s", got, text)
		}
		if again := got.AppendJSON(nil, ""); string(again) != string(text) {
			t.Fatalf("written again as %s\nfirst %s", again, text)
		}
		// Through encoding/json, inside another value, as in a replay file.
		type file struct{ S Schedule }
		data, err := json.MarshalIndent(file{s}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		var back file
		if err := json.Unmarshal(data, &back); err != nil || !back.S.Equal(s) {
			t.Fatalf("through encoding/json: %v\n%s", err, data)
		}
	})
}

func TestPrefixKeepsTheMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genSchedule().Draw(t, "schedule")
		text := s.AppendJSON(nil, "\t ")
		got, err := Parse(text)
		if err != nil || !got.Equal(s) {
			t.Fatalf("%v\n%s", err, text)
		}
		for i, l := range strings.Split(string(text), "\n") {
			if i > 0 && !strings.HasPrefix(l, "\t ") {
				t.Fatalf("line %d lacks the prefix:\n%s", i+1, text)
			}
		}
	})
}

func TestWithoutTakesOneAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genSchedule().Draw(t, "schedule")
		before := Schedule{slices.Clone(s.Faults), s.Quiet}
		i := rapid.IntRange(-1, len(s.Faults)).Draw(t, "i")
		got := s.Without(i)
		if !s.Equal(before) {
			t.Fatal("Without changed its receiver")
		}
		want := s.Size()
		if i >= 0 && i < s.Size() {
			want--
		}
		if got.Size() != want || got.Quiet != s.Quiet {
			t.Fatalf("%d elements are left of %d", got.Size(), s.Size())
		}
		for j := range got.Faults {
			from := j
			if i >= 0 && j >= i {
				from++
			}
			if !got.Faults[j].Equal(s.Faults[from]) {
				t.Fatalf("element %d is another one", j)
			}
		}
		if got.Size() > 0 {
			got.Faults[0].At++
			if !s.Equal(before) {
				t.Fatal("the copy shares its elements with the original")
			}
		}
	})
}

// Dropping one element must not touch what any other one draws.
func TestKeysDoNotDependOnOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genSchedule().Draw(t, "schedule")
		keys := s.Keys()
		seen := map[uint64]int{}
		for i, k := range keys {
			if j, dup := seen[k]; dup {
				t.Fatalf("elements %d and %d have one key: %v and %v", j, i, s.Faults[j], s.Faults[i])
			}
			seen[k] = i
		}
		if s.Size() == 0 {
			return
		}
		i := rapid.IntRange(0, s.Size()-1).Draw(t, "i")
		for j, k := range s.Without(i).Keys() {
			from := j
			if j >= i {
				from++
			}
			if k != keys[from] && !s.Faults[from].Equal(s.Faults[i]) {
				t.Fatalf("without %d (%v), element %d has another key (%v)", i, s.Faults[i], from, s.Faults[from])
			}
		}
		shuffled := Schedule{Faults: rapid.Permutation(s.Faults).Draw(t, "order"), Quiet: s.Quiet}
		got := shuffled.Keys()
		slices.Sort(got)
		slices.Sort(keys)
		if !slices.Equal(got, keys) {
			t.Fatal("another order gives other keys")
		}
	})
}

// Each field is part of the identity and of equality.
func TestKeyAndEqualSeeEveryField(t *testing.T) {
	full := Fault{
		Kind: Loss, From: []string{"a"}, To: []string{"b"}, Nodes: []string{"c"}, At: 1, For: 2, Boot: 3, Method: "d",
		Dir: Reply, Nth: 4, PPM: 5, Shape: Uniform, Min: 6, Max: 7, Bytes: 8, Queue: 9, Period: 10, Offset: 11, File: "e", Conn: 12, Sectors: 13,
	}
	if got := full.isSet(); got != allFields {
		t.Fatalf("the test does not fill %v", allFields&^got)
	}
	change := []func(*Fault){
		func(f *Fault) { f.Kind = Cut }, func(f *Fault) { f.From = nil }, func(f *Fault) { f.To = []string{"b", ""} },
		func(f *Fault) { f.Nodes = []string{"C"} }, func(f *Fault) { f.At = 0 }, func(f *Fault) { f.For = 0 },
		func(f *Fault) { f.Boot = 0 }, func(f *Fault) { f.Method = "" }, func(f *Fault) { f.Dir = 0 },
		func(f *Fault) { f.Nth = 0 }, func(f *Fault) { f.PPM = -5 }, func(f *Fault) { f.Shape = 0 },
		func(f *Fault) { f.Min = 0 }, func(f *Fault) { f.Max = 0 }, func(f *Fault) { f.Bytes = 0 },
		func(f *Fault) { f.Queue = 0 }, func(f *Fault) { f.Period = 0 }, func(f *Fault) { f.Offset = -11 },
		func(f *Fault) { f.File = "" }, func(f *Fault) { f.Conn = 0 }, func(f *Fault) { f.Sectors = 0 }, func(f *Fault) { f.From, f.To = f.To, f.From },
		func(f *Fault) { f.Method, f.File = f.File, f.Method }, func(f *Fault) { f.At, f.For = f.For, f.At },
	}
	if same := full; !full.Equal(same) || full.Key() != same.Key() {
		t.Fatal("a fault differs from itself")
	}
	for i, c := range change {
		f := full
		c(&f)
		if f.Equal(full) {
			t.Errorf("change %d is not seen by Equal", i)
		}
		if f.Key() == full.Key() {
			t.Errorf("change %d is not seen by Key", i)
		}
	}
}

func TestTimelineIsSortedAndComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genSchedule().Draw(t, "schedule")
		edges := Timeline(s)
		if !slices.IsSortedFunc(edges, func(a, b Edge) int { return cmp.Compare(a.At, b.At) }) {
			t.Fatal("not sorted by time")
		}
		open := map[int]bool{}
		for _, e := range edges {
			f := s.Faults[e.Index]
			if e.Begin == open[e.Index] {
				t.Fatalf("element %d begins or ends twice", e.Index)
			}
			open[e.Index] = e.Begin
			if e.Begin && e.At != f.At || s.Quiet > 0 && e.At > s.Quiet {
				t.Fatalf("an edge of element %d at %v", e.Index, e.At)
			}
			if !e.Begin && e.At != s.Quiet && e.At != f.At+f.For {
				t.Fatalf("element %d ends at %v", e.Index, e.At)
			}
		}
		for i, f := range s.Faults {
			_, begun := open[i]
			timed := f.Boot == 0 && f.Nth == 0 && (s.Quiet == 0 || f.At < s.Quiet)
			if begun != timed {
				t.Fatalf("element %d (%v): begun is %v", i, f, begun)
			}
			if ends := s.Quiet > 0 || f.For > 0; begun && open[i] == ends {
				t.Fatalf("element %d (%v): open at the end is %v", i, f, open[i])
			}
		}
	})
}

// An end and a beginning at one instant: first the end, so that a node that goes
// down as another comes back stays within a budget.
func TestTimelineEndsFirst(t *testing.T) {
	s := Schedule{Faults: []Fault{
		{Kind: Crash, Nodes: []string{"b"}, At: 5, For: 5},
		{Kind: Crash, Nodes: []string{"a"}, For: 5},
		{Kind: Pause, Nodes: []string{"a"}, At: 10},
		{Kind: Pause, Nodes: []string{"a"}, At: 20},
	}, Quiet: 20}
	want := []Edge{{0, 1, true}, {5, 1, false}, {5, 0, true}, {10, 0, false}, {10, 2, true}, {20, 2, false}}
	if got := Timeline(s); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// These keys are part of the meaning of saved schedules (D8).
func TestKeysAreStable(t *testing.T) {
	s, err := Parse([]byte(golden))
	if err != nil {
		t.Fatal(err)
	}
	var d keyed.Digest
	keys := s.Keys()
	for _, k := range keys[:32] {
		d.Add(k)
	}
	if d != 0x7e7751aca0ac50e0 {
		t.Errorf("the digest of the keys of kinds that tasks have is %#x", uint64(d))
	}
	for _, k := range keys[35:] {
		d.Add(k)
	}
	if d != 0x37076d6680621568 {
		t.Errorf("the digest of the keys is %#x", uint64(d))
	}
	for _, k := range keys[32:35] {
		d.Add(k)
	}
	if d != 0x9b5363e68e8365de {
		t.Errorf("the digest of the keys with those of kinds of disks is %#x", uint64(d))
	}
}
