package fault

import (
	"strings"
	"testing"
	"time"
)

func TestStoryLines(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{"kind":"cut","at":"1.1s","for":"300ms","from":["n0"],"to":["n1","n2"]}`, "1.100s  cut  n0 → n1 n2  until 1.400s"},
		{`{"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"]}`, "1.192s  crash  n3, restarts 1.230s"},
		{`{"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"],"boot":2}`, "+1.192s  crash  n3 (boot 2), restarts +1.230s"},
		{`{"kind":"crash","at":"1us","nodes":["@leader"]}`, "0.000001s  crash  @leader"},
		{`{"kind":"drop","from":["n0"],"to":["n3"],"method":"Raft.RequestVote","dir":"reply","nth":3}`, "drop  n0 → n3  Raft.RequestVote reply #3"},
		{`{"kind":"hold","from":["n0"],"to":["n3"],"nth":1,"min":"1.5ms"}`, "hold  n0 → n3  #1  1.5ms"},
		{`{"kind":"latency","from":["*"],"to":["n3"],"min":"1ms","max":"2s","shape":"longtail"}`, "0.000s  latency  * → n3  1ms to 2s longtail"},
		{`{"kind":"replay","from":["*"],"to":["n3"],"ppm":12345,"min":"1ms","max":"2s","for":"1h"}`, "0.000s  replay  * → n3  1.2345%  1ms to 2s  until 3600.000s"},
		{`{"kind":"bandwidth","from":["*"],"to":["n3"],"bytes":1000,"queue":5}`, "0.000s  bandwidth  * → n3  1000 bytes/s  queue 5"},
		{`{"kind":"slow","nodes":["n1"],"ppm":2500000,"max":"3ms"}`, "0.000s  slow  n1  250% slower  0s to 3ms"},
		{`{"kind":"drift","nodes":["n1"],"ppm":-200}`, "0.000s  drift  n1  -200 ppm"},
		{`{"kind":"jump","nodes":["n1"],"offset":"2s"}`, "0.000s  jump  n1  +2s"},
		{`{"kind":"offset","nodes":["n1"],"offset":"-2s"}`, "0.000s  offset  n1  -2s"},
		{`{"kind":"nospace","nodes":["n1"],"file":"a b"}`, `0.000s  nospace  n1  file "a b"  0 bytes left`},
		{`{"kind":"lose","nodes":["n1"],"nth":2,"file":"wal"}`, "lose  n1  write #2 to wal"},
		{`{"kind":"lose","nodes":["n1"],"nth":3,"file":"a/"}`, "lose  n1  change #3 of the names in a/"},
		{`{"kind":"torn","nodes":["n1"],"nth":2,"file":"wal","sectors":3}`, "torn  n1  write #2 to wal  the first 3 sectors"},
		{`{"kind":"torn","nodes":["n1"],"nth":2,"file":"wal","sectors":-6}`, "torn  n1  write #2 to wal  sectors 1 3"},
		{`{"kind":"syncfail","nodes":["n1"],"nth":4,"file":"a b"}`, `syncfail  n1  sync #4 of "a b"`},
		{`{"kind":"crashat","nodes":["n1"],"nth":7,"file":"wal","for":"5ms"}`, "crashat  n1  operation #7 on wal, restarts after 5ms"},
		{`{"kind":"short","nodes":["n1"],"ppm":1000,"file":"wal"}`, "0.000s  short  n1  file wal  0.1%"},
		{`{"kind":"short","nodes":["n1"],"nth":3,"file":"wal","bytes":100}`, "short  n1  write #3 to wal  100 bytes stored"},
		{`{"kind":"swizzle","nodes":["*"],"period":"50ms"}`, "0.000s  swizzle  *  each 50ms"},
		{`{"kind":"pause","nodes":["a","b","c","d","e","f","g","h","i","j","k","l"]}`, "0.000s  pause  a b c d e f g h i j … (12 nodes)"},
	} {
		var f Fault
		if err := f.UnmarshalJSON([]byte(c.json)); err != nil {
			t.Fatal(err)
		}
		if got := f.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestStoryInColumns(t *testing.T) {
	s := Schedule{Faults: []Fault{
		{Kind: Drop, From: []string{"n0"}, To: []string{"n3"}, Dir: Reply, Nth: 3},
		{Kind: Cut, From: []string{"n0"}, To: []string{"n1", "n2"}, At: 1100 * time.Millisecond, For: 300 * time.Millisecond},
		{Kind: Pause, Nodes: []string{"日本"}, At: 12 * time.Second, For: time.Second},
		{Kind: Crash, Nodes: []string{"n3"}, Boot: 1, At: 1192 * time.Millisecond, For: 38 * time.Millisecond},
	}, Quiet: 20 * time.Second}
	want := strings.TrimPrefix(`
         drop   n0 → n3  reply #3
 1.100s  cut    n0 → n1 n2  until 1.400s
12.000s  pause  日本          until 13.000s
+1.192s  crash  n3 (boot 1), restarts +1.230s
20.000s  quiet`, "\n")
	if got := s.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := (Schedule{}).String(); got != "no faults" {
		t.Errorf("the empty schedule is %q", got)
	}
	// What is not valid is shown all the same, on one line.
	odd := Fault{Kind: "?", Nodes: []string{"\n", ""}, At: -1, PPM: -1, Shape: 99, Dir: 99, Min: -5, Max: 7}
	if got := odd.String(); strings.Contains(got, "\n") {
		t.Errorf("%q", got)
	}
}
