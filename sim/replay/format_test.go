package replay

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/shrink"
)

// genReplay draws any replay that a failure could have left.
func genReplay() *rapid.Generator[*File] {
	return rapid.Custom(func(t *rapid.T) *File {
		text := rapid.String().Filter(func(s string) bool { return strings.ToValidUTF8(s, "") == s })
		p := &File{
			World:   Tasks,
			Test:    rapid.StringMatching(`Test[A-Za-z]{0,5}(/[ -~]{1,10})?`).Draw(t, "test"),
			Package: rapid.SampledFrom([]string{".", "./raft", "./a b/c", "./.x"}).Draw(t, "package"),
			Seed:    rapid.Uint64().Draw(t, "seed"),
			Failure: Failure{Error: text.Draw(t, "error"), At: time.Duration(rapid.Int64Min(0).Draw(t, "at"))},
			Digest:  fmt.Sprintf("%016x", rapid.Uint64().Draw(t, "digest")),
			Go:      text.Draw(t, "go"), Samerun: text.Draw(t, "samerun"),
		}
		if rapid.Bool().Draw(t, "a property") {
			p.Property = text.Draw(t, "property")
		} else {
			p.Signature = text.Draw(t, "signature")
		}
		if rapid.Bool().Draw(t, "a schedule") {
			s := fault.Chaos().Draw(rapid.Uint64().Draw(t, "chaos"), []string{"n0", "n1", "n2"}, 10*time.Second)
			p.Schedule = &s
			for i := range s.Faults {
				if rapid.Bool().Draw(t, "idle") {
					p.Idle = append(p.Idle, i)
				}
			}
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "forks") {
			p.Forks = append(p.Forks, sched.Fork{At: time.Duration(n+1) * time.Second, Seed: rapid.Uint64().Draw(t, "fork")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "deviations") {
			p.Deviations = append(p.Deviations, Deviation{Place: text.Draw(t, "place"), Turn: sched.Deviation{Task: rapid.Uint64().Draw(t, "task"), Ready: rapid.Uint64Min(1).Draw(t, "ready"), Resumed: rapid.Uint64Max(2).Draw(t, "resumed"), Shift: rapid.Uint64Max(9).Draw(t, "shift")}})
		}
		if rapid.Bool().Draw(t, "steps") {
			p.Steps = &shrink.Steps{}
			for n := range rapid.IntRange(0, 3).Draw(t, "number of steps") {
				*p.Steps = append(*p.Steps, shrink.StepID{Of: rapid.SampledFrom([]string{"a", "client0#2", "é \"x\""}).Draw(t, "of"), N: n})
			}
		}
		for n := range rapid.IntRange(0, 2).Draw(t, "sizes") {
			p.Sizes = append(p.Sizes, shrink.Size{Name: fmt.Sprint("size", n), Value: rapid.IntRange(0, 1<<31-1).Draw(t, "value")})
		}
		p.Horizon = time.Duration(rapid.Int64Min(0).Draw(t, "horizon"))
		for n := range rapid.IntRange(0, 2).Draw(t, "data") {
			p.Data = append(p.Data, Datum{Name: fmt.Sprint("d", n), Value: []byte(rapid.SampledFrom([]string{`null`, `{"a":["x"]}`, `7`}).Draw(t, "value"))})
		}
		p.Calm = shrink.Calm(rapid.IntRange(0, int(shrink.FixedLatency)).Draw(t, "calm"))
		if rapid.Bool().Draw(t, "goroutines") {
			ofGoroutines(t, p, text)
		}
		if rapid.Bool().Draw(t, "kept") {
			p.Failure, p.Kept = Failure{}, []string{}
			for range rapid.IntRange(0, 2).Draw(t, "features") {
				p.Kept = append(p.Kept, text.Draw(t, "what"))
			}
		}
		return p
	})
}

// ofGoroutines makes a replay one of goroutines.
func ofGoroutines(t *rapid.T, p *File, text *rapid.Generator[string]) {
	p.World = Goroutines
	p.Strategy = rapid.SampledFrom([]string{"", "fifo", "random", "pct:3"}).Draw(t, "strategy")
	seen := make(map[string]bool)
	p.Deviations = slices.DeleteFunc(p.Deviations, func(d Deviation) bool {
		twice := seen[fmt.Sprint(d.Turn.Task, d.Turn.Ready)]
		seen[fmt.Sprint(d.Turn.Task, d.Turn.Ready)] = true
		return twice
	})
	for i := range p.Deviations {
		p.Deviations[i].Turn.Resumed, p.Deviations[i].Turn.Shift = 0, p.Deviations[i].Turn.Shift+1
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "draws") {
		d := Draw{Of: rapid.Uint64().Draw(t, "of"), Stream: rapid.SampledFrom(Streams()).Draw(t, "stream"), Nth: uint64(n) + 1, Value: rapid.Uint64().Draw(t, "value")}
		if d.Stream == "point" || d.Stream == "stall" || d.Stream == "start" {
			d.In = rapid.SampledFrom([]string{"f", "(*Raft).tick", "(*Ĝ).ĝ"}).Draw(t, "in")
		}
		p.Deviations = append(p.Deviations, Deviation{Draw: d, Place: text.Draw(t, "place")})
	}
	if len(p.Deviations) == 0 {
		p.Deviations = nil
	} else {
		p.Strategy = "fifo"
	}
	p.Settings = Settings{
		Turn: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "turn")), Net: rapid.SampledFrom([]string{"test", "real"}).Draw(t, "net"),
		Date: "2026-11-29", Run: rapid.SampledFrom([]string{"", "^TestX$|Y"}).Draw(t, "run"), Skip: rapid.SampledFrom([]string{"", "a\"b"}).Draw(t, "skip"),
		Count: rapid.IntRange(0, 3).Draw(t, "count"), Short: rapid.Bool().Draw(t, "short"), Scenario: rapid.Bool().Draw(t, "scenario"), Race: rapid.Bool().Draw(t, "race"),
		Tags: rapid.SampledFrom([]string{"", "a,b"}).Draw(t, "tags"), Leaks: rapid.SampledFrom([]string{"", "fail"}).Draw(t, "leaks"),
	}
	if rapid.IntRange(0, 3).Draw(t, "program") == 0 {
		s := &p.Settings
		s.Run, s.Skip, s.Count, s.Short, s.Leaks = "", "", 0, false, ""
		s.Folder, s.Stdin = rapid.SampledFrom([]string{".", "../..", "a b"}).Draw(t, "folder"), rapid.SampledFrom([]string{"", "in.txt", "/é"}).Draw(t, "stdin")
	}
	for range rapid.IntRange(0, 2).Draw(t, "args") {
		p.Settings.Args = append(p.Settings.Args, rapid.StringMatching(`[ -~é]{0,5}`).Draw(t, "arg"))
	}
}

func (p *File) equal(q *File) bool {
	a, b := *p, *q
	schedules := p.SameRun(q)
	a.Schedule, b.Schedule = nil, nil
	return schedules && reflect.DeepEqual(a, b)
}

// What is written is read as it was, and written again as it was.
func TestReplayRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genReplay().Draw(t, "replay")
		data, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		q, err := Parse(data)
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if !p.equal(q) {
			t.Fatalf("read %+v\nwas  %+v\n%s", q, p, data)
		}
		again, err := q.Marshal()
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("written again: %v\n%s\nwas\n%s", err, again, data)
		}
		// Cut off anywhere, it is refused.
		at := rapid.IntRange(0, len(data)-3).Draw(t, "cut")
		if _, err := Parse(data[:at]); err == nil {
			t.Fatalf("the first %d bytes are taken for all of\n%s", at, data)
		}
	})
}

const goodReplay = `{
  "samerun": "replay",
  "version": 3,
  "world": "tasks",
  "test": "TestX",
  "package": "./raft",
  "seed": 18446744073709551615,
  "schedule": {"faults": [
    {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"]},
    {"kind":"cut","at":"1.1s","from":["n0"],"to":["n1"]}
  ]},
  "idle": [1],
  "deviations": [
    {"turn": {"of": "00000000000000ff", "ready": 3}, "place": "n0's main"}
  ],
  "failure": {
    "property": "one leader per term",
    "error": "n0 and n3 lead term 4",
    "at": "1.284s"
  },
  "digest": "5c1e37d200000000",
  "made": {"go": "go1.26", "samerun": "0.2.0"}
}
`

func TestReplayFormat(t *testing.T) {
	p, err := Parse([]byte(goodReplay))
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Marshal()
	if err != nil || string(data) != goodReplay {
		t.Errorf("%v\n%s", err, data)
	}
	want(t, "name of the file", p.fileName(1), "TestX-5c1e37d2.json")
	p.Test = "TestX/../a b" + strings.Repeat("é", 200)
	want(t, "name of the file", p.fileName(2), "TestX_.._a_b"+strings.Repeat("_", 88)+"-5c1e37d2-2.json")
}

// A bad file gets one sentence that says what is wrong with it.
func TestBadReplays(t *testing.T) {
	deep := strings.Repeat("[", 2_000_000)
	for _, c := range []struct{ old, new, want string }{
		{goodReplay, "", "it ends too early"},
		{goodReplay, "[]", "line 1: the replay is a list; it must be an object in { }"},
		{goodReplay, "{}", "it is no replay file of samerun"},
		{goodReplay, deep, "line 1: the replay is a list"},
		{goodReplay, `{"samerun":` + deep, "exceeded max depth"},
		{goodReplay, strings.Repeat(" ", 64<<20) + "{}", "it is longer than 64 MB"},
		{goodReplay, "\xff", "not UTF-8"},
		{`"replay"`, `"trace"`, `it is no replay file of samerun: those have "samerun": "replay"`},
		{`"version": 3`, `"version": 4, "new": {}`, "it has format version 4 and this samerun (" + Samerun + ") reads up to 3; update samerun"},
		{`"version": 3`, `"version": 1e400`, `line 3: version is the number 1e400; it must be a whole number from 0 to`},
		{`"version": 3`, `"version": 0`, "it does not say its format version"},
		{`"test": "TestX"`, `"test": ""`, `the field "test" is empty`},
		{`"test": "TestX"`, `"test": 7`, `line 5: test is the number 7; it must be a text in quotes`},
		{`"test": "TestX"`, `"Test": "TestX"`, `line 5: there is no field "Test" in format version 3`},
		{`"test": "TestX",`, ``, `it lacks the field "test"`},
		{`"test": "TestX"`, `"test": "TestX", "test": "TestY"`, `line 5: the field "test" stands twice`},
		{`"./raft"`, `"../../evil"`, `the field "package" is "../../evil"; it is a folder below the module's root`},
		{`"./raft"`, `"/evil"`, "it is a folder below"},
		{`"./raft"`, `"./a/../../evil"`, "it is a folder below"},
		{`18446744073709551615`, `18446744073709551616`, `line 7: seed is the number 18446744073709551616; it must be a whole number from 0 to 18446744073709551615`},
		{`18446744073709551615`, `-1`, "it must be a whole number from 0"},
		{`18446744073709551615`, `null`, "line 7: seed is null; it must be a whole number from 0"},
		{`"kind":"crash"`, `"kind":"crush"`, "its schedule is not valid, line 9: "},
		{`"1.192s"`, `"99999999h"`, "its schedule is not valid, line 9: "},
		{`[1]`, `[2]`, "idle[0] is 2; the list has indexes of elements of the schedule (it has 2)"},
		{`[1]`, `[1,0]`, "idle[1] is 0"},
		{`[1]`, `[-1]`, "idle[0] is -1"},
		{`[1]`, `{"a":1}`, `line 12: idle is an object; it must be a list in [ ]`},
		{`"00000000000000ff"`, `"ff"`, `line 14: deviations[0], the goroutine or task is "ff"; it must be named by 16 hexadecimal digits`},
		{`"ready": 3`, `"ready": 0`, "is about ready 0; a task becomes ready for the first time at 1"},
		{`"ready": 3`, `"raedy": 3`, `line 14: deviations[0], there is no field "raedy"`},
		{`"world": "tasks"`, `"world": "planets"`, `the field "world" is "planets"; it is "tasks" or "goroutines"`},
		{`  "world": "tasks",`, ``, `it lacks the field "world"`},
		{`"world": "tasks"`, `"world": "goroutines"`, `it lacks the field "settings"`},
		{`"turn":`, `"task":`, `line 14: deviations[0], there is no field "task" in format version 3`},
		{`{"turn": {"of": "00000000000000ff", "ready": 3}, "place": "n0's main"}`, `{}`, `line 14: deviations[0], a deviation is a "turn" or a "draw"`},
		{`"turn": {"of": "00000000000000ff", "ready": 3}`, `"draw": {"of": "00000000000000ff", "stream": "select", "nth": 1}`, `deviations[0] is a draw, which tasks have none of`},
		{`"turn": {"of": "00000000000000ff", "ready": 3}`, `"draw": {"of": "00000000000000ff", "nth": 1}`, `line 14: deviations[0], a draw needs a "stream"`},
		{`"digest":`, `"settings": {"turn": "1s"}, "digest":`, `the field "settings" is for a file of goroutines`},
		{`"digest":`, `"settings": {"turm": "0s"}, "digest":`, `line 21: there is no field "turm"`},
		{`"digest":`, `"settings": {"short": 1}, "digest":`, `line 21: short is the number 1; it must be true or false`},
		{`"1.284s"`, `"1.284"`, `line 19: at is "1.284", which is not a duration; write it like "1.5s" or "300ms"`},
		{`"1.284s"`, `"-1s"`, "failure.at is -1s; virtual time begins at 0s"},
		{`"5c1e37d200000000"`, `"5C1E37D200000000"`, "it is 16 hexadecimal digits"},
		{`{"go": "go1.26", "samerun": "0.2.0"}`, `[]`, `line 22: made is a list; it must be an object in { }`},
		{"}\n}\n", "}\n}\nmore", "line 24: something follows after the end of the replay; remove it"},
		{"}\n}\n", "}\n", "it ends too early"},
	} {
		data := strings.Replace(goodReplay, c.old, c.new, 1)
		_, err := Parse([]byte(data))
		if err == nil {
			t.Errorf("%.60q for %.60q is accepted", c.new, c.old)
			continue
		}
		wantIn(t, err.Error(), c.want)
		if len(err.Error()) > 300 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q for %.60q is told at length: %.400s", c.new, c.old, err)
		}
	}
}

const goodGoroutines = `{
  "samerun": "replay",
  "version": 3,
  "world": "goroutines",
  "test": "TestNumbers",
  "package": "./desk",
  "seed": 7,
  "schedule": {"faults": [
    {"kind":"cut","at":"2ms","for":"3s","from":["TestNumbers"],"to":["listener 1"]}
  ]},
  "deviations": [
    {"turn": {"of": "00000000000000ff", "ready": 3, "shift": 2}, "place": "the 3rd turn of desk.(*Desk).Next"},
    {"draw": {"of": "00000000000000ff", "stream": "point", "in": "(*Desk).Next", "nth": 1}, "place": "at desk.(*Desk).Next:31"},
    {"draw": {"of": "00000000000000ff", "stream": "delay", "nth": 4, "value": 120000}}
  ],
  "strategy": "fifo",
  "settings": {"turn": "200µs", "net": "test", "date": "2000-01-01", "tags": "a,b", "count": 2, "short": true, "race": true, "args": ["-x", "é"]},
  "failure": {
    "error": "caller 2 gets the number 6",
    "signature": "caller # gets the number #",
    "at": "5ms"
  },
  "digest": "5c1e37d200000000",
  "made": {"go": "go1.26.8", "samerun": "0.2.0"}
}
`

func TestFormatOfGoroutines(t *testing.T) {
	p, err := Parse([]byte(goodGoroutines))
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Marshal()
	if err != nil || string(data) != goodGoroutines {
		t.Errorf("%v\n%s", err, data)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"shift": 2`, `"resumed": 2`, `deviations[0] is the turn of a goroutine: it needs a "shift"`},
		{`"shift": 2`, `"shift": 4294967296`, "deviations[0] lets 4294967296 others go first; the most is 4294967295"},
		{`"in": "(*Desk).Next", `, ``, `deviations[1] is a draw for a point; "in", the function, goes with points, stalls and starts`},
		{`"in": "(*Desk).Next"`, `"in": "a b"`, `deviations[1] is in "a b", which is no name of a function`},
		{`"delay"`, `"user"`, `deviations[2] is a draw from the stream "user"; there are ["select" "timer" "point" "stall" "start" "begin" "delay"]`},
		{`"nth": 4`, `"nth": 0`, `deviations[2] is the draw number 0`},
		{`"delay", "nth": 4`, `"point", "in": "(*Desk).Next", "nth": 1`, `deviations[2] is about the same draw as one before it`},
		{`"test", "date"`, `"moon", "date"`, `settings.net is "moon"`},
		{`"2000-01-01"`, `"2000-02-30"`, `settings.date is "2000-02-30"`},
		{`"200µs"`, `"-1s"`, "settings.turn is -1s"},
		{`"a,b"`, `"a b"`, `settings.tags is "a b"`},
		{`"net"`, `"folder": "/x", "net"`, `settings.folder is "/x"; it is the working folder of a program, from the module's root`},
		{`"net"`, `"stdin": "x", "net"`, `settings.stdin is "x"; it is a file that a program reads`},
		{`"net"`, `"folder": ".", "net"`, `settings.folder says that it is of a program; run, skip, count, short and leaks are for tests`},
		{`"to":["listener 1"]`, `"to":["TestNumbers"]`, `its schedule is not valid, line 9: faults[0], cut: from and to are both "TestNumbers"`},
		{`"seed": 7`, `"seed": 7, "idle": [1]`, `idle[0] is 1; the list has indexes of elements of the schedule (it has 1)`},
		{`"fifo"`, `"lucky"`, `the field "strategy"`},
		{`"fifo"`, `"random"`, `the field "strategy" is "random"; deviations of goroutines are those from "fifo"`},
	} {
		data := strings.Replace(goodGoroutines, c.old, c.new, 1)
		_, err := Parse([]byte(data))
		if err == nil {
			t.Errorf("%q for %q is accepted", c.new, c.old)
			continue
		}
		wantIn(t, err.Error(), c.want)
	}
}

// Files of older versions are read as ever, and written in this one.
func TestOlderVersions(t *testing.T) {
	const old = `{"samerun":"replay","version":2,"test":"T","package":".","seed":0,"deviations":[{"task":"00000000000000ff","ready":3,"resumed":1,"shift":2}],"failure":{"error":"x","at":"1s"},"digest":"0123456789abcdef"}`
	p, err := Parse([]byte(old))
	if err != nil {
		t.Fatal(err)
	}
	if want := (sched.Deviation{Task: 255, Ready: 3, Resumed: 1, Shift: 2}); p.World != Tasks || len(p.Turns()) != 1 || p.Turns()[0] != want {
		t.Errorf("%+v", p)
	}
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, string(data), `"version": 3`, `{"turn": {"of": "00000000000000ff", "ready": 3, "resumed": 1, "shift": 2}}`)
	for _, c := range []string{`"world":"tasks",`, `"settings":{},`} {
		if _, err := Parse([]byte(strings.Replace(old, `"seed"`, c+`"seed"`, 1))); err == nil || !strings.Contains(err.Error(), "in format version 2") {
			t.Errorf("%s in version 2: %v", c, err)
		}
	}
}

// What a run of a saved failure comes to, in both worlds.
func TestJudgeOfGoroutines(t *testing.T) {
	p, err := Parse([]byte(goodGoroutines))
	if err != nil {
		t.Fatal(err)
	}
	like, other := &Failure{Signature: "caller # gets the number #"}, &Failure{Signature: "deadlock"}
	bare := *p
	bare.Deviations, bare.Strategy = nil, "random"
	calm := bare
	calm.Strategy = "fifo"
	faulty := bare // faults do not say which course the strategy takes
	faulty.Schedule = &fault.Schedule{Faults: []fault.Fault{{Kind: fault.Cut, From: []string{"*"}, To: []string{"*"}}}}
	for _, c := range []struct {
		p    *File
		run  Run
		want Outcome
		word string
	}{
		{p, Run{Failure: like, Digest: p.Digest}, Same, "the same run to the bit"},
		{p, Run{Failure: like, Digest: "other"}, Different, "the same failure by a different run"},
		{p, Run{Failure: like, Digest: "other", Unmet: []string{"x"}}, Different, "not met any more:\n  x"},
		{p, Run{Failure: other, Digest: p.Digest}, Other, "another failure"},
		{p, Run{Digest: "other"}, Fixed, "all 4 keys of its input were met"},
		{p, Run{Digest: "other", Unmet: []string{"x"}}, Unmet, "1 of the 4 keys of its input was not met any more, so that this proves nothing:\n  x"},
		// Without keys, another course proves nothing.
		{&bare, Run{Digest: "other"}, Unmet, "the file does not say whose turn it was, so that this proves nothing"},
		{&faulty, Run{Digest: "other"}, Unmet, "the file does not say whose turn it was"},
		{&bare, Run{Digest: p.Digest}, Fixed, "no failure any more"},
		{&calm, Run{Digest: "other"}, Fixed, "no failure any more"},
	} {
		got := c.p.Judge(&c.run)
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.run, got, c.want)
		}
		wantIn(t, c.p.Words(got, &c.run), c.word)
		if strings.Contains(c.p.Words(got, &c.run), "delete") {
			t.Errorf("advice to delete a file: %s", c.p.Words(got, &c.run))
		}
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(goodReplay[:222]), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		bad:                        "the replay file " + bad + " cannot be used: line 9: this is not JSON: it ends too early; something is cut off (if it cannot be corrected, record the failure anew)",
		filepath.Join(dir, "none"): " cannot be read: ",
		dir:                        "the replay file " + dir + " cannot be ",
	} {
		_, err := Read(path)
		if err == nil {
			t.Errorf("%s is read", path)
			continue
		}
		wantIn(t, err.Error(), text)
	}
}

// Whatever is accepted is valid, and means the same when written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(goodReplay))
	f.Add([]byte(goodGoroutines))
	f.Add([]byte(`{"samerun":"replay","version":1,"test":"T","package":".","seed":0,"failure":{"error":"x","at":"1s"},"digest":"0123456789abcdef"}`))
	f.Add([]byte(`{"samerun":"replay","version":2}`))
	f.Add([]byte(`{"samerun":{"a":[[[[]]]]},"version":1e999}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			if p != nil && p.check() == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("with the error %q comes %+v", err, p)
			}
			return
		}
		again, err := p.Marshal()
		if err != nil {
			t.Fatalf("%v: what was read cannot be written", err)
		}
		q, err := Parse(again)
		if err != nil || !p.equal(q) {
			t.Fatalf("%v: read %+v\nwas  %+v", err, q, p)
		}
	})
}
