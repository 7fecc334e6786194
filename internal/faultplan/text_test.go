package faultplan

import (
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/plan"
	"samerun/sim/fault"
)

// Each kind that sockets have comes to rules, which package testing can read; partitions to
// the cuts of their links. The times are those of the element, and end with the quiet.
func TestRulesOfEachKind(t *testing.T) {
	for _, c := range []struct{ element, want string }{
		{`{"kind":"partition","at":"1s","for":"2s","nodes":["a","b"]}`, `
cut index=0 key=K begin=1000000000 end=3000000000 from "a" "b" to all but "a" "b"
cut index=0 key=K begin=1000000000 end=3000000000 from all but "a" "b" to "a" "b"
`},
		{`{"kind":"isolate","at":"1s","nodes":["a"]}`, `
cut index=0 key=K begin=1000000000 end=10000000000 from "a" to all but "a"
cut index=0 key=K begin=1000000000 end=10000000000 from all but "a" to "a"
`},
		{`{"kind":"oneway","from":["*"],"to":["listener 1"]}`, `
cut index=0 key=K begin=0 end=10000000000 from all to "listener 1"
`},
		{`{"kind":"flapping","at":"1s","for":"1.1s","nodes":["a"],"period":"500ms"}`, `
cut index=0 key=K begin=1000000000 end=1500000000 from "a" to all but "a"
cut index=0 key=K begin=1000000000 end=1500000000 from all but "a" to "a"
cut index=0 key=K begin=2000000000 end=2100000000 from "a" to all but "a"
cut index=0 key=K begin=2000000000 end=2100000000 from all but "a" to "a"
`},
		{`{"kind":"reset","from":["TestX"],"to":["*"],"nth":5,"conn":2,"dir":"reply"}`, `
reset index=0 key=K begin=0 end=10000000000 dir=2 conn=2 nth=5 from "TestX" to all
`},
		{`{"kind":"syncfail","at":"1s","nodes":["*"],"ppm":3000}`, `
disk syncfail key=K index=0 begin=1000000000 end=10000000000 ppm=3000 file ""
`},
		{`{"kind":"slowdisk","nodes":["*"],"min":"1us","max":"3us","file":"a b/"}`, `
disk slowdisk key=K index=0 begin=0 end=10000000000 min=1000 max=3000 file "a b/"
`},
		{`{"kind":"bandwidth","from":["*"],"to":["*"],"bytes":1000,"queue":3}`, `
bandwidth index=0 key=K begin=0 end=10000000000 bytes=1000 queue=3 from all to all
`},
	} {
		s, err := fault.Parse([]byte(`{"faults":[` + c.element + `],"quiet":"10s"}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(s); err != nil {
			t.Error(err)
		}
		got := Text([]Given{{"TestX", s}})
		var lines []string
		for line := range strings.Lines(got) {
			words := strings.SplitN(line, " ", 4)
			if len(words) == 4 && words[0] == "disk" {
				_, rest, _ := strings.Cut(words[3], " ")
				words = []string{"disk", words[1], "key=K", words[2], rest}
			} else if len(words) == 4 {
				words[2] = "key=K"
			}
			lines = append(lines, strings.Join(words, " "))
		}
		if want := plan.RulesHead + "\ntest TestX" + c.want; strings.Join(lines, "") != want {
			t.Errorf("%s\n got %s\nwant %s", c.element, strings.Join(lines, ""), want)
		}
		if _, problem := plan.ParsePlan(got); problem != "" {
			t.Errorf("%s: %s", c.element, problem)
		}
	}
	for _, info := range fault.Kinds() {
		s, err := fault.Parse([]byte(`{"faults":[` + info.Example + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		f := &s.Faults[0]
		f.Method = ""
		rules, err := Rules(f, 0)
		if meant := info.ForSockets(); len(rules) == 0 && err == nil || !meant && err == nil {
			t.Errorf("%s: %d rules, %v", info.Kind, len(rules), err)
		}
		if info.Group == fault.Links || info.Group == fault.Picks || info.Group == fault.Sockets {
			if len(rules) != 1 || rules[0].Kind.String() != string(info.Kind) {
				t.Errorf("%s comes to %v, %v", info.Kind, rules, err)
			}
		}
	}
}
