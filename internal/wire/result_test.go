package wire

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"samerun/internal/feature"
	"samerun/internal/story"
	"samerun/internal/tracefile"
	"samerun/sim/fault"
	"samerun/sim/replay"
)

// full is a result with every field set.
func full(t *testing.T) *Result {
	t.Helper()
	yes := true
	r := &Result{
		Test: "TestX/sub", Seed: 1<<64 - 1, OK: true, Digest: "00000000000000ff", VirtualNS: 7, Events: 8, WallNS: 9,
		Property: "p", Error: "broken\nover two lines", Signature: "s", Repeats: &yes, Replay: "x.json",
		Story: &story.Story{
			Reason: "→ <broken>", Run: story.Run{Seed: 1, Repeats: true}, Again: []string{"again"},
			Ending: story.Ending{All: 1, Rows: []story.Row{{At: time.Second, Mark: story.Cross, From: story.Lane{Index: 1, Name: "n0"}}}},
		},
		Outcome: replay.Same, Words: "w", Unmet: []string{"u"}, Covered: "c", Vacuous: []string{"v"}, Reached: []string{"r"},
		Saw: &Saw{Seen: feature.Seen{{Feature: feature.Feature{Kind: feature.State, Hash: 7}, At: time.Second}}, Made: &Made{Virtual: 3}}, Orders: []uint64{7, 8}, Cover: &Cover{[]CoveredProperty{{"always", "p", 2, 1}}, []CoveredFault{{"cut", 2, 1}}},
		Choices: 3, Counted: []Counted{{7, -1, [][2]uint64{{31, 2}}}}, Left: 1, IO: 2, Refused: "1.2.3.4:5", Processes: 4, Seeded: true, Measured: true, After: "TestZ", Leaked: &Leaked{2, true, []LeakedPlace{{"TestX", "x.go:7: f waits", 2}}}, Skipped: true, Escaped: "unix /a", Held: "for a process, in raft.TestX", Loop: "x.F:1", Began: true, Ended: &Ended{Code: 1}, Died: true, Deviations: 3, Missed: []int{1}, Cut: []int{2},
		Faults: &Faults{[]Struck{{1, 2, 3, "cut"}}, []Pick{{1, "drop"}}, 4, []string{"listener 1"}, []string{"a"}, &Sent{[]int64{0}, []string{"ff", "a", "b"}}},
		Calls:  &Calls{[]int64{0, 1}, []string{"ff"}},
		Nodes:  2, Shared: &Shared{true, []SharedVariable{{3, true, []string{"n1", "n2"}}}},
		Goroutines: true, World: &World{Schedule: &fault.Schedule{}, Idle: []int{1}, Why: []string{"w"}, Probe: Probe{Nodes: []string{"n0"}}},
		Trace: &Traced{3, []TracedNode{{1, "n0"}}, []tracefile.Event{{N: 1, Kind: tracefile.Boot, Node: "n0"}}, true, &Sent{[]int64{0}, []string{}}},
	}
	v := reflect.ValueOf(*r)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("the field %s is not set: this test must know it", v.Type().Field(i).Name)
		}
	}
	return r
}

// What is appended is read as it was, whatever it is.
func TestResultsRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results")
	want := []Result{*full(t), {Test: "TestY"}}
	for i := range want {
		if err := Results(path).Append(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ReadFile(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, want)
	}
}

func TestReadIsStrict(t *testing.T) {
	for _, line := range []string{
		`{"test":"T","sede":3}`, `{"test":"T"} {}`, `{"test":7}`, `["T"]`, `{"test":"T","story":"as of old"}`, `{"test":"T"`,
	} {
		_, err := Read(line + "\n")
		if err == nil || !strings.Contains(err.Error(), "must be of one version") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", line, err)
		}
	}
	if all, err := ReadFile(filepath.Join(t.TempDir(), "none")); all != nil || err != nil {
		t.Errorf("no file: %v, %v", all, err)
	}
	if _, err := ReadFile(t.TempDir()); err == nil {
		t.Error("a folder is read")
	}
}

// Nobody runs for hours to find out at the end that nothing can be written.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for path, good := range map[Results]bool{"": true, Results(filepath.Join(dir, "new")): true, Results(filepath.Join(dir, "no", "folder")): false, Results(dir): false} {
		if err := path.Check(); (err == nil) != good {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("{\"test\":\"T\",\"seed\":3,\"ok\":true}\n{\"test\":")
	f.Add("{}\nnull\n[]\n")
	f.Fuzz(func(t *testing.T, text string) {
		results, err := Read(text)
		if err != nil {
			if results != nil || !strings.HasPrefix(err.Error(), "a test process wrote a result that is not understood") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v, %v", results, err)
			}
			return
		}
		// A torn last line never counts, so adding one changes nothing.
		if strings.HasSuffix(text, "\n") || text == "" {
			again, err := Read(text + `{"test":"T"`)
			if err != nil || len(again) != len(results) {
				t.Fatalf("a torn line made %d results out of %d: %v", len(again), len(results), err)
			}
		}
	})
}
