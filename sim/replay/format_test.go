package replay

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
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
		for range rapid.IntRange(0, 3).Draw(t, "deviations") {
			p.Deviations = append(p.Deviations, sched.Deviation{Task: rapid.Uint64().Draw(t, "task"), Ready: rapid.Uint64Min(1).Draw(t, "ready"), Resumed: rapid.Uint64Max(2).Draw(t, "resumed"), Shift: rapid.Uint64Max(9).Draw(t, "shift")})
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
		return p
	})
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
  "version": 2,
  "test": "TestX",
  "package": "./raft",
  "seed": 18446744073709551615,
  "schedule": {"faults": [
    {"kind":"crash","at":"1.192s","for":"38ms","nodes":["n3"]},
    {"kind":"cut","at":"1.1s","from":["n0"],"to":["n1"]}
  ]},
  "idle": [1],
  "deviations": [
    {"task": "00000000000000ff", "ready": 3}
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
		{`"version": 2`, `"version": 3, "new": {}`, "it has format version 3 and this samerun (" + Samerun + ") reads up to 2; update samerun"},
		{`"version": 2`, `"version": 1e400`, `line 3: version is the number 1e400; it must be a whole number from 0 to`},
		{`"version": 2`, `"version": 0`, "it does not say its format version"},
		{`"test": "TestX"`, `"test": ""`, `the field "test" is empty`},
		{`"test": "TestX"`, `"test": 7`, `line 4: test is the number 7; it must be a text in quotes`},
		{`"test": "TestX"`, `"Test": "TestX"`, `line 4: there is no field "Test" in format version 2`},
		{`"test": "TestX",`, ``, `it lacks the field "test"`},
		{`"test": "TestX"`, `"test": "TestX", "test": "TestY"`, `line 4: the field "test" stands twice`},
		{`"./raft"`, `"../../evil"`, `the field "package" is "../../evil"; it is a folder below the module's root`},
		{`"./raft"`, `"/evil"`, "it is a folder below"},
		{`"./raft"`, `"./a/../../evil"`, "it is a folder below"},
		{`18446744073709551615`, `18446744073709551616`, `line 6: seed is the number 18446744073709551616; it must be a whole number from 0 to 18446744073709551615`},
		{`18446744073709551615`, `-1`, "it must be a whole number from 0"},
		{`18446744073709551615`, `null`, "line 6: seed is null; it must be a whole number from 0"},
		{`"kind":"crash"`, `"kind":"crush"`, "its schedule is not valid, line 8: "},
		{`"1.192s"`, `"99999999h"`, "its schedule is not valid, line 8: "},
		{`[1]`, `[2]`, "idle[0] is 2; the list has indexes of elements of the schedule (it has 2)"},
		{`[1]`, `[1,0]`, "idle[1] is 0"},
		{`[1]`, `[-1]`, "idle[0] is -1"},
		{`[1]`, `{"a":1}`, `line 11: idle is an object; it must be a list in [ ]`},
		{`"00000000000000ff"`, `"ff"`, `line 13: deviations[0], the task is "ff"; it must be named by 16 hexadecimal digits`},
		{`"ready": 3`, `"ready": 0`, "is about ready 0; a task becomes ready for the first time at 1"},
		{`"ready": 3`, `"raedy": 3`, `line 13: deviations[0], there is no field "raedy"`},
		{`"1.284s"`, `"1.284"`, `line 18: at is "1.284", which is not a duration; write it like "1.5s" or "300ms"`},
		{`"1.284s"`, `"-1s"`, "failure.at is -1s; virtual time begins at 0s"},
		{`"5c1e37d200000000"`, `"5C1E37D200000000"`, "it is 16 hexadecimal digits"},
		{`{"go": "go1.26", "samerun": "0.2.0"}`, `[]`, `line 21: made is a list; it must be an object in { }`},
		{"}\n}\n", "}\n}\nmore", "line 23: something follows after the end of the replay; remove it"},
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

func TestRead(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(goodReplay[:200]), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		bad:                        "the replay file " + bad + " cannot be used: line 8: this is not JSON: it ends too early; something is cut off (if it cannot be corrected, record the failure anew)",
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
