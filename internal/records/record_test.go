package records

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseRecordLine(t *testing.T) {
	for line, want := range map[string]Line{
		"test TestMoves seed 18446744073709551615\n": {Kind: "test", Test: "TestMoves", seed: 1<<64 - 1},
		"turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 sync.(*Mutex).Lock:46 < raft.(*Raft).tick:88\n": {
			Kind: "turn", Turn: 12, At: 1200 * time.Microsecond, Pick: 3, Ready: 5, ID: 0x1a2b3c4d5e6f7081,
			Frames: []string{"sync.(*Mutex).Lock:46", "raft.(*Raft).tick:88"}, Root: "raft.(*Raft).tick:88"},
		"turn 12 195298.000000001s 3/5 1a2b3c4d5e6f7081 +2@7 a.B[...]:1": {
			Kind: "turn", Turn: 12, At: 195298*time.Second + 1, Pick: 3, Ready: 5, ID: 0x1a2b3c4d5e6f7081, Waits: 2, Readied: 7, Frames: []string{"a.B[...]:1"}, Root: "a.B[...]:1"},
		"turn 1 0.000000000s 0/1 00000000000000ff":      {Kind: "turn", Turn: 1, Ready: 1, ID: 255},
		"left 3 0.000400000s -/2 00000000000000ff +1@9": {Kind: "left", Turn: 3, At: 400 * time.Microsecond, ID: 255, Waits: 1, Readied: 9},
		"draw 12 user 7 9c41000000000000 1a2b3c4d5e6f7081 math/rand.Intn:453 < raft.(*Raft).timeout:61": {
			Kind: "draw", Turn: 12, Stream: "user", Nth: 7, Value: 0x9c41 << 48, ID: 0x1a2b3c4d5e6f7081,
			Frames: []string{"math/rand.Intn:453", "raft.(*Raft).timeout:61"}, Root: "raft.(*Raft).timeout:61"},
		"draw 12 point 7@(*Raft).tick 0000000000000000 1a2b3c4d5e6f7081 a.b:1 < a.c:2 .. a.d:3": {
			Kind: "draw", Turn: 12, Stream: "point", Nth: 7, In: "(*Raft).tick", ID: 0x1a2b3c4d5e6f7081,
			Frames: []string{"a.b:1", "a.c:2"}, Root: "a.d:3"},
		`said 12 0.001200000s 1a2b3c4d5e6f7081 err "a\x22\x0aé"`: {Kind: "said", Turn: 12, At: 1200 * time.Microsecond, ID: 0x1a2b3c4d5e6f7081, Stream: "err", Said: "a\"\né"},
		"waits 12 0.001200000s 00000000000000ff chan_receive 000000c000012340 0000000000000001 a.b:1 < a.c:2": {
			Kind: "waits", Turn: 12, At: 1200 * time.Microsecond, ID: 255, Why: "chan receive", On: 0xc000012340, By: 1, Frames: []string{"a.b:1", "a.c:2"}, Root: "a.c:2"},
		"woken 12 0.001200000s 00000000000000ff 0000000000000001": {Kind: "woken", Turn: 12, At: 1200 * time.Microsecond, ID: 255, By: 1},
		"lives 12 00000000000000ff 3":                             {Kind: "lives", Turn: 12, ID: 255, Node: 3},
		"go 3 00000000000000ff 0000000000000000 a.b:1":            {Kind: "go", Turn: 3, ID: 255, Frames: []string{"a.b:1"}, Root: "a.b:1"},
	} {
		if got, err := Parse(line); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q gives %+v, %v\nwant %+v", line, got, err, want)
		}
	}
	for _, line := range []string{
		"", "\n", "hello", "test", "test T", "test T seed x", "turn", "turn 1", "turn 1 0.0s 5/5 00", "turn 1 0.0s 1 00",
		"turn -1 0.0s 0/1 00", "turn 1 0.0000000001s 0/1 00", "turn 1 99999999999999999999s 0/1 00", "turn 1 9999999999999s 0/1 00",
		"waits 1 0.0s 00 select 00", "woken 1 0.0s 00", "lives 1 00 x",
		"said 1 0.0s 00 err", `said 1 0.0s 00 err x"`, `said 1 0.0s 00 err 'x'`, `said 1 0.0s 00 err "x`,
		"draw 1 user x 00 00", "draw 1 user 1 00", "turn 1 0.000000000s 0/1 xyz",
		"turn 1 0.0s 0/1 00 +1", "turn 1 0.0s 0/1 00 +1@x", "turn 1 0.0s 0/1 00 +0@1", "turn 1 0.0s 0/1 00 +4294967296@1",
	} {
		if l, err := Parse(line); err == nil {
			t.Errorf("%q gives %+v, want an error", line, l)
		}
	}
}

func FuzzRecordLine(f *testing.F) {
	f.Add("test TestMoves seed 1")
	f.Add("turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 +2@7 sync.(*Mutex).Lock:46 < raft.(*Raft).tick:88")
	f.Add("draw 12 user 7 9c41000000000000 1a2b3c4d5e6f7081 math/rand.Intn:453")
	f.Fuzz(func(t *testing.T, line string) {
		l, err := Parse(line)
		if err != nil {
			return
		}
		switch l.Kind {
		case "test":
			if l.Test == "" {
				t.Errorf("%q is of no test", line)
			}
		case "turn":
			if l.Pick < 0 || l.Pick >= l.Ready || l.At < 0 {
				t.Errorf("%q gives pick %d of %d at %v", line, l.Pick, l.Ready, l.At)
			}
		case "draw":
			if l.Stream == "" {
				t.Errorf("%q is of no stream", line)
			}
		default:
			t.Errorf("%q is of the kind %q", line, l.Kind)
		}
	})
}

// Lines of any length come back whole; what was cut off in the middle does not.
func TestLineReader(t *testing.T) {
	long := strings.Repeat("x", 1<<18)
	r := NewReader(strings.NewReader("one\n\n" + long + "\nhalf"))
	for i, want := range []string{"one", "", long} {
		if line, err := r.Next(); err != nil || string(line) != want {
			t.Errorf("line %d has %d bytes, %v; want %d", i, len(line), err, len(want))
		}
	}
	if line, err := r.Next(); err != io.EOF {
		t.Errorf("half a line comes back: %q, %v", line, err)
	}
}

func TestReadSections(t *testing.T) {
	one := "test TestOne seed 1\nturn 1 0.000000000s 0/1 01\ndraw 1 map 1 02 01\ndraw 1 map 2 02 01\n"
	two := "test TestTwo seed 1\nturn 1 0.000000000s 0/1 01\n"
	sections, err := ReadSections(strings.NewReader(one + two))
	want := []Section{{"TestOne", 0, int64(len(one)), 1, 2}, {"TestTwo", int64(len(one)), int64(len(two)), 1, 0}}
	if err != nil || !reflect.DeepEqual(sections, want) {
		t.Errorf("%+v, %v; want %+v", sections, err, want)
	}
	if _, err := ReadSections(strings.NewReader("hello\n")); err == nil || !strings.Contains(err.Error(), `"hello" is no line of a record`) {
		t.Error(err)
	}
}
