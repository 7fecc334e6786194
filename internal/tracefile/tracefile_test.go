package tracefile

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// sample is a trace with each field.
func sample() *Trace {
	var b Builder
	b.Add(Event{At: 5, Kind: Log, Node: "n1", Text: "<script>\x00\xff \u2028"})
	b.Add(Event{At: 0, Kind: Boot, Node: "n0", Nth: 1})
	send := b.Add(Event{At: 1, Kind: Send, Node: "n0", Peer: "n1", Method: "Raft.Vote", Nth: 2, Conn: 3, Size: 93, Reply: true, Task: "tick"})
	b.Add(Event{At: 5, Kind: Arrive, Cause: send, Msg: send, Node: "n0", Peer: "n1"})
	b.Add(Event{At: 4, Kind: Drop, Cause: send, Msg: send, Node: "n0", Peer: "n1", Fate: "lost"})
	b.Add(Event{At: 4, Kind: Fault, Element: 1, Where: "a.go:3", Text: "cut"})
	wait := b.Add(Event{At: 5, Kind: Wait, Node: "n0", Task: "tick", Method: "Mutex.Lock", On: "Mutex 1"})
	call := b.Add(Event{At: 5, Kind: Call, Node: "n0", Client: "client 0", Text: "get(x)"})
	b.Add(Event{At: 5, Kind: Woken, Node: "n0", Began: wait, Took: 7})
	b.Add(Event{At: 5, Kind: Point, Node: "n0", Began: call, Nth: 1, Moment: 5})
	b.Order([]string{"n0"})
	return b.Trace(Header{Tool: "x", Go: "go1", World: "tasks", Package: "p", Test: "T", Seed: 1<<64 - 1, Digest: "00", Virtual: 5, Failure: "f"})
}

func written(t testing.TB, x *Trace) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is written is read as it was, and is what encoding/json writes.
func TestWriteAndRead(t *testing.T) {
	x := sample()
	file := written(t, x)
	y, err := Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(x, y) {
		t.Errorf("read %+v\nof %+v", y, x)
	}
	for i := range x.Events {
		want, _ := json.Marshal(&x.Events[i])
		if got := x.Events[i].AppendJSON(nil); !bytes.Equal(got, want) {
			t.Errorf("%s\nis written, and not\n%s", got, want)
		}
	}
	if want := (Counts{Events: 10, Messages: 1, Arrived: 1, Dropped: 1, Faults: 1}); y.Count() != want {
		t.Errorf("counts %+v", y.Count())
	}
	if y.Nodes[0] != "n0" || y.Nodes[1] != "n1" || len(y.Nodes) != 2 {
		t.Errorf("lanes %v", y.Nodes)
	}
}

// What a Stream writes is what a Builder's trace is.
func TestStream(t *testing.T) {
	x := sample()
	x.Events[9].Text = strings.Repeat("ä", mostText)
	var b Builder
	var s Stream
	for _, e := range x.Events {
		b.Add(e)
		s.Add(&e)
	}
	s.Order([]string{"n1"})
	b.Order([]string{"n1"})
	var got bytes.Buffer
	if err := s.Write(&got, Header{World: "tasks"}); err != nil {
		t.Fatal(err)
	}
	if want := written(t, b.Trace(Header{World: "tasks"})); got.String() != want {
		t.Errorf("%.3000s\nand not\n%.3000s", got.String(), want)
	}
}

// Events come into the order of time, and what points at them follows.
func TestBuilder(t *testing.T) {
	x := sample()
	if a := x.Events[5]; a.Kind != Arrive || a.Msg != 2 || a.Cause != 2 || x.Events[1].Kind != Send {
		t.Errorf("events %+v", x.Events)
	}
	var b Builder
	late := b.Add(Event{At: 9, Kind: Send, Node: "n"})
	b.Add(Event{At: 1, Kind: Arrive, Cause: late, Msg: late, Text: strings.Repeat("ä", mostText)})
	if e := b.Trace(Header{World: "tasks"}).Events[0]; e.Cause != 0 || e.Msg != 0 || len(e.Text) > mostText || !strings.HasSuffix(e.Text, "ä…") {
		t.Errorf("an event before its cause: %d %d, %d bytes", e.Cause, e.Msg, len(e.Text))
	}
}

// Whatever is not as documented is refused, with its line.
func TestReadRefuses(t *testing.T) {
	good := strings.SplitAfter(written(t, sample()), "\n")
	with := func(i int, old, new string) string {
		lines := append([]string(nil), good...)
		if !strings.Contains(lines[i], old) {
			t.Fatalf("line %d has no %s", i+1, old)
		}
		lines[i] = strings.Replace(lines[i], old, new, 1)
		return strings.Join(lines, "")
	}
	for _, tt := range []struct{ file, want string }{
		{"", "the file ends in line 1"},
		{"hello\n", "this is no trace"},
		{with(0, `"version":1`, `"version":2`), "version 2, and this samerun knows version 1"},
		{with(0, `"version":1`, `"version":0`), "the version is 0"},
		{with(0, `"tasks"`, `"boats"`), `the world is "boats"`},
		{with(0, `["n0"`, `["n1"`), "stands twice"},
		{with(0, `"events":10`, `"events":9`), "line 11: there is more than the 9 events"},
		{with(0, `"events":10`, `"events":11`), "the file ends in line 12"},
		{with(0, `"events":10`, `"events":99999999`), "the number of events"},
		{strings.TrimSuffix(with(10, `"n"`, `"n"`), "\n"), "the file ends in line 11"},
		{with(1, `"n":1`, `"n":2`), "line 2 is no event of this trace: its number n is 2, and it is the 1st"},
		{with(2, `"at":1`, `"at":-1`), "before the event above it"},
		{with(2, `"send"`, `"Sent!"`), `its kind is "Sent!"`},
		{with(9, `"began":7`, `"began":6`), "there is no wait or call of that number"},
		{with(9, `"took":7`, `"took":-7`), "cannot be negative"},
		{with(6, `"cause":2`, `"cause":6`), "its cause is event 6"},
		{with(6, `"msg":2`, `"msg":1`), "no sending before it"},
		{with(2, `"node"`, `"msg":1,"node"`), "a send is not about a message"},
		{with(2, `"peer":"n1"`, `"peer":"n9"`), `its peer "n9" is none of the header's`},
		{with(2, `"node":"n0"`, `"node":"n9"`), `its node "n9"`},
		{with(2, `"size":93`, `"size":-1`), "cannot be negative"},
		{with(2, "}\n", "} {}\n"), "something stands behind its end"},
		{with(2, "tick", "\xff"), "line 3 is not UTF-8"},
		{with(2, "tick", strings.Repeat("x", mostLine)), "line 3 is longer than"},
	} {
		if _, err := Read(strings.NewReader(tt.file)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80q: %v, and not: %s", tt.file, err, tt.want)
		}
	}
}

// What a later samerun may add does not keep this one from reading a file of the version.
func TestReadLeavesOutWhatIsNew(t *testing.T) {
	file := strings.Replace(written(t, sample()), `"kind":"fault"`, `"kind":"novelty","colour":{"of":["it"]}`, 1)
	file = strings.Replace(file, `"seed"`, `"mood":"fine","seed"`, 1)
	x, err := Read(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if n := x.Count(); n.Events != 10 || n.Faults != 0 || x.Seed != 1<<64-1 {
		t.Errorf("%+v of %+v", n, x.Header)
	}
}

// Whatever can be read is written as a file that is read the same.
func FuzzRead(f *testing.F) {
	f.Add(written(f, sample()))
	f.Add("{\"format\":\"samerun-trace\",\"version\":1,\"world\":\"tasks\",\"nodes\":[],\"events\":1}\n{\"n\":1,\"kind\":\"log\"}\n")
	f.Fuzz(func(t *testing.T, file string) {
		x, err := Read(strings.NewReader(file))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		y, err := Read(strings.NewReader(written(t, x)))
		if err != nil || !reflect.DeepEqual(x.Events, y.Events) {
			t.Errorf("%v: %+v is %+v", err, x, y)
		}
	})
}
