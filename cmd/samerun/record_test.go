package main

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseRecordLine(t *testing.T) {
	for line, want := range map[string]recordLine{
		"test TestMoves seed 18446744073709551615\n": {kind: "test", test: "TestMoves", seed: 1<<64 - 1},
		"turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 sync.(*Mutex).Lock:46 < raft.(*Raft).tick:88\n": {
			kind: "turn", turn: 12, at: 1200 * time.Microsecond, pick: 3, ready: 5, id: 0x1a2b3c4d5e6f7081,
			frames: []string{"sync.(*Mutex).Lock:46", "raft.(*Raft).tick:88"}},
		"turn 12 195298.000000001s 3/5 1a2b3c4d5e6f7081 +2@7 a.B[...]:1": {
			kind: "turn", turn: 12, at: 195298*time.Second + 1, pick: 3, ready: 5, id: 0x1a2b3c4d5e6f7081, waits: 2, readied: 7, frames: []string{"a.B[...]:1"}},
		"turn 1 0.000000000s 0/1 00000000000000ff":      {kind: "turn", turn: 1, ready: 1, id: 255},
		"left 3 0.000400000s -/2 00000000000000ff +1@9": {kind: "left", turn: 3, at: 400 * time.Microsecond, id: 255, waits: 1, readied: 9},
		"draw 12 user 7 9c41000000000000 1a2b3c4d5e6f7081 math/rand.Intn:453 < raft.(*Raft).timeout:61": {
			kind: "draw", turn: 12, stream: "user", nth: 7, value: 0x9c41 << 48, id: 0x1a2b3c4d5e6f7081,
			frames: []string{"math/rand.Intn:453", "raft.(*Raft).timeout:61"}},
	} {
		if got, err := parseRecordLine(line); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q gives %+v, %v\nwant %+v", line, got, err, want)
		}
	}
	for _, line := range []string{
		"", "\n", "hello", "test", "test T", "test T seed x", "turn", "turn 1", "turn 1 0.0s 5/5 00", "turn 1 0.0s 1 00",
		"turn -1 0.0s 0/1 00", "turn 1 0.0000000001s 0/1 00", "turn 1 99999999999999999999s 0/1 00", "turn 1 9999999999999s 0/1 00",
		"draw 1 user x 00 00", "draw 1 user 1 00", "turn 1 0.000000000s 0/1 xyz",
		"turn 1 0.0s 0/1 00 +1", "turn 1 0.0s 0/1 00 +1@x", "turn 1 0.0s 0/1 00 +0@1", "turn 1 0.0s 0/1 00 +4294967296@1",
	} {
		if l, err := parseRecordLine(line); err == nil {
			t.Errorf("%q gives %+v, want an error", line, l)
		}
	}
}

func FuzzRecordLine(f *testing.F) {
	f.Add("test TestMoves seed 1")
	f.Add("turn 12 0.001200000s 3/5 1a2b3c4d5e6f7081 +2@7 sync.(*Mutex).Lock:46 < raft.(*Raft).tick:88")
	f.Add("draw 12 user 7 9c41000000000000 1a2b3c4d5e6f7081 math/rand.Intn:453")
	f.Fuzz(func(t *testing.T, line string) {
		l, err := parseRecordLine(line)
		if err != nil {
			return
		}
		switch l.kind {
		case "test":
			if l.test == "" {
				t.Errorf("%q is of no test", line)
			}
		case "turn":
			if l.pick < 0 || l.pick >= l.ready || l.at < 0 {
				t.Errorf("%q gives pick %d of %d at %v", line, l.pick, l.ready, l.at)
			}
		case "draw":
			if l.stream == "" {
				t.Errorf("%q is of no stream", line)
			}
		default:
			t.Errorf("%q is of the kind %q", line, l.kind)
		}
	})
}

// Lines of any length come back whole; what was cut off in the middle does not.
func TestLineReader(t *testing.T) {
	long := strings.Repeat("x", 1<<18)
	r := newLineReader(strings.NewReader("one\n\n" + long + "\nhalf"))
	for i, want := range []string{"one", "", long} {
		if line, err := r.next(); err != nil || string(line) != want {
			t.Errorf("line %d has %d bytes, %v; want %d", i, len(line), err, len(want))
		}
	}
	if line, err := r.next(); err != io.EOF {
		t.Errorf("half a line comes back: %q, %v", line, err)
	}
}

func TestReadSections(t *testing.T) {
	one := "test TestOne seed 1\nturn 1 0.000000000s 0/1 01\ndraw 1 map 1 02 01\ndraw 1 map 2 02 01\n"
	two := "test TestTwo seed 1\nturn 1 0.000000000s 0/1 01\n"
	sections, err := readSections(strings.NewReader(one + two))
	want := []section{{"TestOne", 0, int64(len(one)), 1, 2}, {"TestTwo", int64(len(one)), int64(len(two)), 1, 0}}
	if err != nil || !reflect.DeepEqual(sections, want) {
		t.Errorf("%+v, %v; want %+v", sections, err, want)
	}
	if _, err := readSections(strings.NewReader("hello\n")); err == nil || !strings.Contains(err.Error(), `"hello" is no line of a record`) {
		t.Error(err)
	}
}
