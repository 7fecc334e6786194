package fault

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// golden is the JSON form as it is promised: one element of every kind.
const golden = `{"faults": [
  {"kind":"latency","from":["n0"],"to":["n1"],"shape":"uniform","min":"20ms","max":"80ms"},
  {"kind":"loss","from":["*"],"to":["*"],"dir":"reply","ppm":50000},
  {"kind":"duplicate","from":["*"],"to":["n2"],"ppm":20000},
  {"kind":"replay","from":["n0"],"to":["*"],"method":"Raft.AppendEntries","ppm":10000,"min":"500ms","max":"2s"},
  {"kind":"reorder","from":["*"],"to":["*"],"ppm":100000,"min":"5ms","max":"50ms"},
  {"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]},
  {"kind":"clog","at":"2s","for":"1s","from":["n1"],"to":["*"]},
  {"kind":"bandwidth","from":["n0"],"to":["*"],"bytes":125000,"queue":64},
  {"kind":"drop","from":["n3"],"to":["n0"],"method":"Raft.RequestVote","dir":"reply","nth":3},
  {"kind":"hold","from":["n0"],"to":["n1"],"method":"Raft.AppendEntries","dir":"request","nth":7,"min":"400ms"},
  {"kind":"twice","from":["n0"],"to":["n1"],"method":"KV.Put","dir":"request","nth":1},
  {"kind":"deliver","from":["n2"],"to":["n0"],"dir":"request","nth":12},
  {"kind":"partition","at":"1s","for":"2s","nodes":["n0","n1"]},
  {"kind":"oneway","at":"1s","for":"2s","from":["@leader"],"to":["*"]},
  {"kind":"split","at":"1s","for":"2s","nodes":["*"]},
  {"kind":"isolate","at":"1s","for":"2s","nodes":["@leader"]},
  {"kind":"ring","at":"1s","for":"2s","nodes":["*"]},
  {"kind":"bridge","at":"1s","for":"2s","nodes":["*"]},
  {"kind":"flapping","at":"1s","for":"2s","nodes":["n4"],"period":"100ms"},
  {"kind":"swizzle","at":"1s","for":"3s","nodes":["*"],"period":"500ms"},
  {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"],"boot":1},
  {"kind":"pause","at":"800ms","for":"1s","nodes":["@leader"]},
  {"kind":"slow","at":"1s","for":"5s","nodes":["n1"],"ppm":1000000,"min":"1ms","max":"5ms"},
  {"kind":"offset","nodes":["n2"],"offset":"-250ms"},
  {"kind":"drift","at":"1s","nodes":["n2"],"ppm":-200},
  {"kind":"jump","at":"3s","nodes":["n2"],"offset":"1m0s"},
  {"kind":"torn","nodes":["*"],"file":"wal"},
  {"kind":"syncfail","at":"1s","for":"1s","nodes":["n0"],"ppm":100000},
  {"kind":"nospace","at":"2s","for":"1s","nodes":["n0"],"bytes":4096},
  {"kind":"slowdisk","at":"1s","for":"2s","nodes":["n0"],"min":"5ms","max":"40ms"},
  {"kind":"corrupt","nodes":["n1"],"ppm":1000,"file":"snapshot"},
  {"kind":"unsynced","at":"1s","nodes":["*"],"ppm":300000},
  {"kind":"lose","nodes":["n0"],"nth":2,"file":"wal"},
  {"kind":"crashat","for":"200ms","nodes":["n0"],"nth":7,"file":"wal"},
  {"kind":"short","at":"1s","for":"1s","nodes":["n0"],"ppm":100000},
  {"kind":"reset","at":"1s","from":["n0"],"to":["n1"],"conn":2},
  {"kind":"refuse","at":"1s","for":"500ms","from":["n0"],"to":["n1"],"ppm":500000},
  {"kind":"backlog","at":"1s","for":"2s","from":["*"],"to":["n1"],"queue":1},
  {"kind":"halfopen","at":"1s","from":["n0"],"to":["n1"]},
  {"kind":"stall","at":"1s","for":"10s","from":["n0"],"to":["n1"],"dir":"reply","ppm":200000},
  {"kind":"bitflip","from":["n0"],"to":["*"],"ppm":10000}
], "quiet":"10s"}`

func TestGoldenText(t *testing.T) {
	s, err := Parse([]byte(golden))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.AppendJSON(nil, "")); got != golden {
		t.Errorf("written as\n%s", got)
	}
	table := Kinds()
	if s.Size() != len(table) {
		t.Fatalf("the text has %d elements, there are %d kinds", s.Size(), len(table))
	}
	for i, l := range strings.Split(golden, "\n")[1 : len(table)+1] {
		if got := strings.TrimSuffix(strings.TrimSpace(l), ","); got != table[i].Example {
			t.Errorf("%s: the example of the table is\n%s\nthe text has\n%s", table[i].Kind, table[i].Example, got)
		}
	}
}

func TestSmallTexts(t *testing.T) {
	for _, c := range []struct {
		text string
		want Schedule
		back string
	}{
		{`{}`, Schedule{}, `{"faults": []}`},
		{" {\"quiet\" : \"1h\"}\r\n", Schedule{Quiet: 3600e9}, `{"faults": [], "quiet":"1h0m0s"}`},
		{`{"faults":[{"nodes":["*"],"kind":"pause"}]}`, Schedule{Faults: []Fault{{Kind: Pause, Nodes: []string{"*"}}}},
			"{\"faults\": [\n  {\"kind\":\"pause\",\"nodes\":[\"*\"]}\n]}"},
	} {
		s, err := Parse([]byte(c.text))
		if err != nil || !s.Equal(c.want) {
			t.Errorf("%s: got %#v, %v", c.text, s, err)
		}
		if got := string(s.AppendJSON(nil, "")); got != c.back {
			t.Errorf("%s: written as %s, want %s", c.text, got, c.back)
		}
	}
}

// one is a schedule whose third line is the given element.
func one(element string) string { return "{\"faults\": [\n\n" + element + "\n]}" }

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "line 1: this is not JSON: it ends too early; something is cut off"},
		{"{\n\"faults\": [\n", "line 3: this is not JSON: it ends too early; something is cut off"},
		{`[]`, "line 1: the schedule is a list; it must be an object in { }"},
		{`null`, "line 1: the schedule is null; it must be an object in { }"},
		{"{} \n{}", "line 2: something follows after the end of the schedule; remove it"},
		{`{"faults":null}`, "line 1: faults is null; it must be a list in [ ]"},
		{`{"faults":[],"faults":[]}`, `line 1: the field "faults" stands twice; keep one`},
		{`{"quiet":"1s","quiet":"1s"}`, `line 1: the field "quiet" stands twice; keep one`},
		{`{"fault":[]}`, `line 1: "fault" is not a known field; did you mean "faults"?`},
		{`{"quiet":"-1s"}`, "line 1: quiet is -1s; it must not be negative"},
		{`{"quiet":10}`, `line 1: quiet is the number 10; it must be a duration in quotes, such as "1.5s" or "300ms"`},
		{"{\n\"quiet\": tru}", "line 2: this is not JSON: "},
		{"{\"quiet\":\"1s\",\n\n}", "line 3: this is not JSON: "},
		{"{\"faults\":[\n\"\xff\"]}", "line 2: a byte is not UTF-8; save the file as UTF-8"},
		{one(`7`), "line 3: faults[0], an element is the number 7; it must be an object in { }"},
		{one(`{}`), "line 3: faults[0], kind is missing; it is latency, loss, "},
		{one(`{"kind":"crsh"}`), `line 3: faults[0], "crsh" is not a known kind; did you mean "crash"?`},
		{one(`{"kind":"Cut"}`), `line 3: faults[0], "Cut" is not a known kind; did you mean "cut"?`},
		{one(`{"kind":"meteorite"}`), `line 3: faults[0], "meteorite" is not a known kind; use latency, loss, `},
		{one(`{"kind":"` + long(1000) + `"}`), `line 3: faults[0], "` + long(60) + `…" is not a known kind; use latency`},
		{one(`{"kind":"cut","kind":"cut"}`), `line 3: faults[0], the field "kind" stands twice; keep one`},
		{one(`{"kind":"cut","at":"1s","at":"1s"}`), `line 3: faults[0], the field "at" stands twice; keep one`},
		{one(`{"kind":"cut","At":"1s"}`), `line 3: faults[0], "At" is not a known field; did you mean "at"?`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"ppm":0}`), "line 3: faults[0], cut: it has no field ppm; leave it out (the fields of this kind are at, for, from, to, method, dir)"},
		{one(`{"kind":"cut","from":"a","to":["b"]}`), `line 3: faults[0], from is the text "a"; it must be a list in [ ]`},
		{one(`{"kind":"cut","from":[["a"]],"to":["b"]}`), "line 3: faults[0], a name in from is a list; it must be a text in quotes"},
		{one(`{"kind":"cut","from":[7],"to":["b"]}`), "line 3: faults[0], a name in from is the number 7; it must be a text in quotes"},
		{one(`{"kind":"cut","from":[],"to":["b"]}`), `line 3: faults[0], cut: from is missing; name the nodes that send, or "*" for all`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"method":""}`), "line 3: faults[0], method is empty; fill it or leave it out"},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"at":1}`), `line 3: faults[0], at is the number 1; it must be a duration in quotes, such as "1.5s" or "300ms"`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"at":"1 s"}`), `line 3: faults[0], at is "1 s", which is not a duration; write it like "1.5s" or "300ms"`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"at":"9999999h"}`), `line 3: faults[0], at is "9999999h", which is not a duration`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"at":"99999h"}`), "line 3: faults[0], cut: at is 99999h0m0s, more than ten years; use a shorter one"},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"dir":"rply"}`), `line 3: faults[0], "rply" is not a known dir; did you mean "reply"?`},
		{one(`{"kind":"cut","from":["a"],"to":["b"],"dir":1}`), "line 3: faults[0], dir is the number 1; it must be a text in quotes"},
		{one(`{"kind":"latency","from":["a"],"to":["b"],"min":"1s","shape":"round"}`), `line 3: faults[0], "round" is not a known shape; use fixed, uniform, exponential or longtail`},
		{one(`{"kind":"loss","from":["a"],"to":["b"],"ppm":0.5}`), `line 3: faults[0], ppm is "0.5"; it must be a whole number of at most 9007199254740991`},
		{one(`{"kind":"loss","from":["a"],"to":["b"],"ppm":1e3}`), `line 3: faults[0], ppm is "1e3"; it must be a whole number of at most 9007199254740991`},
		{one(`{"kind":"loss","from":["a"],"to":["b"],"ppm":true}`), "line 3: faults[0], ppm is true; it must be a whole number"},
		{one(`{"kind":"loss","from":["a"],"to":["b"],"ppm":99999999999999999999999999999999999999999999999999}`), `line 3: faults[0], ppm is "99999999999999999999999999999999999999999999999999"; it must be a whole number of at most 9007199254740991`},
		{one(`{"kind":"drop","from":["a"],"to":["b"],"nth":-1}`), "line 3: faults[0], nth is -1; it must lie between 1 and 9007199254740991"},
		{one(`{"kind":"crash","nodes":["a"],"boot":9007199254740991}`), "line 3: faults[0], boot is 9007199254740991; it must lie between 0 and 1000000000"},
		{one(`{"kind":"cut","x":` + strings.Repeat("[", 100_000) + `}`), `line 3: faults[0], "x" is not a known field; use kind, at, for, from`},
		{strings.Repeat(`{"faults":[`, 100_000), "line 1: faults[0], "},
		{string(make([]byte, maxBytes+1)), "the schedule is 67108865 bytes long, more than 67108864; make it smaller"},
	} {
		_, err := Parse([]byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.200s\n got %v\nwant %s", c.text, err, c.want)
		} else if len(err.Error()) > 450 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.200s: not one sentence: %v", c.text, err)
		}
	}
}

func TestParseBoundsTheElements(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100,000 elements")
	}
	text := `{"faults":[` + strings.Repeat(`{"kind":"pause","nodes":["*"]},`, MaxFaults+1) + `]}`
	want := "line 1: the schedule has more than 100000 elements; make it smaller"
	if _, err := Parse([]byte(text)); err == nil || err.Error() != want {
		t.Error(err)
	}
}

// A file that was cut off anywhere must be an error, never a panic, never a
// shorter schedule.
func TestTruncatedTexts(t *testing.T) {
	for i := range len(golden) {
		if i > 700 && i < len(golden)-200 && i%7 != 0 {
			continue
		}
		if _, err := Parse([]byte(golden[:i])); err == nil {
			t.Fatalf("the first %d bytes are read as a schedule", i)
		}
	}
}

func TestElementAlone(t *testing.T) {
	var f Fault
	text := `{"kind":"pause","at":"1s","nodes":["a"]}`
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if back, err := json.Marshal(f); err != nil || string(back) != text {
		t.Errorf("%s, %v", back, err)
	}
	if err := f.UnmarshalJSON([]byte(text + "1")); err == nil || err.Error() != "line 1: something follows after the end of the element; remove it" {
		t.Errorf("trailing data: %v", err)
	}
	if _, err := json.Marshal(Fault{Kind: "x"}); err == nil {
		t.Error("an unknown kind was written")
	}
	if _, err := json.Marshal(Schedule{Quiet: -1}); err == nil {
		t.Error("an invalid schedule was written")
	}
}

// FuzzParse: whatever the bytes, Parse answers; what it takes is JSON, is valid,
// and means the same when it is written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(golden))
	for _, info := range Kinds() {
		f.Add([]byte(`{"faults":[` + info.Example + `]}`))
	}
	f.Add([]byte(`{"quiet":"1h2m3.000000004s","faults":[{"kind":"cut","from":["\u00e9"],"to":["*"],"nth":1e400}]}`))
	f.Add([]byte(`{"faults":[[[[{}]]]]} x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			if text := err.Error(); text == "" || len(text) > 1000 || strings.Contains(text, "\n") {
				t.Fatalf("not one sentence: %q", text)
			}
			return
		}
		if !json.Valid(data) {
			t.Fatal("this is no JSON")
		}
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		text := s.AppendJSON(nil, "  ")
		again, err := Parse(text)
		if err != nil || !again.Equal(s) {
			t.Fatalf("%v\n%s", err, text)
		}
		if !bytes.Equal(again.AppendJSON(nil, "  "), text) {
			t.Fatal("written differently the second time")
		}
		if lines := strings.Count(s.String(), "\n"); s.Size() > 0 && lines > s.Size() {
			t.Fatalf("%d lines of story for %d elements", lines, s.Size())
		}
		Timeline(s)
		if len(s.Keys()) != s.Size() {
			t.Fatal("keys are missing")
		}
	})
}
