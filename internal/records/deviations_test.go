package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/latency"
	"samerun/sched"
)

const smallRecord = `# why
test TestA seed 7
turn 1 0.000000000s 0/1 0000000000000001 a.TestA:1
draw 1 user 1 0000000000000002 0000000000000001 a.TestA:2
go 1 0000000000000004 0000000000000001 a.TestA:3
draw 1 select 1 0000000000000003 0000000000000001 a.TestA:3
go 1 0000000000000006 0000000000000001 a.TestA:2
turn 2 0.000200000s 1/2 0000000000000004 a.b:4
turn 3 0.000400000s 0/1 0000000000000005 +1@3 a.c:5 < a.TestA:6
left 3 0.000400000s -/1 0000000000000006 +2@1 a.serve:9 < a.TestA.func1:3
test TestB seed 7
draw 9 timer 1 0000000000000007 0000000000000001 time.Sleep:8 < a.TestB:9
draw 9 point 4@f 0000000000000000 0000000000000001 a.TestB:10
draw 9 stall 5@f 0000000000000009 0000000000000001 a.TestB:11
draw 9 begin 1 0000000000000009 0000000000000008 sync.(*WaitGroup).Go:237 < a.TestB:12
`

func TestDeviations(t *testing.T) {
	file := filepath.Join(t.TempDir(), "record")
	if err := os.WriteFile(file, []byte(smallRecord), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := ReadDeviations(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []sched.Deviation{{}, {Ready: 3, Shift: 1}, {Ready: 1, Shift: 2}, {}, {}, {}, {}}
	if got := d.IDs(); len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	seen := make(map[sched.Deviation]bool)
	for i, id := range d.IDs() {
		if seen[id] {
			t.Errorf("two deviations are %v", id)
		}
		seen[id] = true
		if id.Ready != want[i].Ready || id.Shift != want[i].Shift {
			t.Errorf("%v, want %v", id, want[i])
		}
	}
	// A part of it is a record again, each line below its test.
	const part = "test TestA seed 7\nturn 3 0.000400000s 0/1 0000000000000005 +1@3 a.c:5 < a.TestA:6\ntest TestB seed 7\n"
	if got := d.Text(d.IDs()[1:2]); got != part {
		t.Errorf("%q, want %q", got, part)
	}
	for _, line := range []string{
		"turn 1: select looks at its cases in another order, in a.TestA:3",
		"at 400µs, turn 3: 1 that became ready later goes before a.c:5 < a.TestA:6",
		"at 400µs, turn 3: 2 that became ready later go before a goroutine that does not get this turn any more: it stands in a.serve:9 < a.TestA.func1:3, started in a.TestA:2",
		"turn 9: a timer that fires before or behind others of its instant is made in a.TestB:9",
		"turn 9: others go first when a goroutine comes to a.TestB:10",
		"turn 9: a goroutine is held up for a while when it comes to a.TestB:11",
		"turn 9: the goroutine that was started at a.TestB:12 begins late",
	} {
		if !strings.Contains(d.Story(), line+"\n") {
			t.Errorf("%q is missing in\n%s", line, d.Story())
		}
	}
}

// Whatever the file, there is a sentence or a record.
func FuzzReadDeviations(f *testing.F) {
	f.Add(smallRecord)
	f.Add("turn 1 0s 0/1 01 +1@1\n")
	f.Add("test T seed 1\nturn 1 0s 0/1 01 +@\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "record")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := ReadDeviations(file)
		if err != nil {
			return
		}
		if err := os.WriteFile(file, []byte(d.Text(d.IDs())), 0o666); err != nil {
			t.Fatal(err)
		}
		again, err := ReadDeviations(file)
		if err != nil || again.Text(again.IDs()) != d.Text(d.IDs()) {
			t.Errorf("read again, it is another record: %v", err)
		}
		_ = d.Story()
	})
}

// What the story says of a delay is what the network of a test draws.
func TestDelaysInTheStory(t *testing.T) {
	for ns, want := range map[uint64]string{
		0: "arrives a little early or late, in", 2 * latency.LatencyUsual: "arrives a little early or late, in",
		1e6: "arrives 1ms late, in", 16e6 - 1: "arrives 16ms late, in",
	} {
		d := Deviations{All: []deviation{{line: Line{Kind: "draw", Turn: 1, Stream: "delay", Value: ns}}}}
		if story := d.Story(); !strings.Contains(story, want) {
			t.Errorf("%d ns: %s", ns, story)
		}
	}
}
