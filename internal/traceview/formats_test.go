package traceview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"samerun/internal/tracefile"
)

// hostile is what payloads may be.
var hostile = []string{"</script><script>document.title='owned'</script><img src=x onerror=alert(1)>", strings.Repeat("é", 1<<19), "\xff\xfe\x00\x1b[31m", "a\nb\u2028c", `"},{"n":1`, "#;%%<>"}

// sample is a run of n messages between three nodes, each third lost, with all else now and then.
func sample(n int) *tracefile.Trace {
	var b tracefile.Builder
	nodes := []string{"n0", "n1", hostile[0]}
	for i, name := range nodes {
		b.Add(tracefile.Event{Kind: tracefile.Boot, Node: name, Nth: uint64(i + 1)})
	}
	for i := range n {
		at := int64(i) * 1_000_003
		from, to := nodes[i%3], nodes[(i+1)%3]
		payload := "entry"
		if i < len(hostile) {
			payload = hostile[i] // one of a megabyte is enough
		}
		send := b.Add(tracefile.Event{At: at, Kind: tracefile.Send, Node: from, Peer: to, Method: "Raft.AppendEntries", Nth: uint64(i + 1), Size: 90, Text: payload})
		end := tracefile.Event{At: at + 700_000, Kind: tracefile.Arrive, Cause: send, Msg: send, Node: from, Peer: to, Method: "Raft.AppendEntries", Nth: uint64(i + 1)}
		if i > len(hostile) {
			b.Add(tracefile.Event{At: at, Kind: tracefile.Log, Node: from, Text: fmt.Sprint("entry ", i)})
		}
		switch i % 3 {
		case 0:
			end.Kind, end.Fate = tracefile.Drop, "lost"
			fallthrough
		case 1:
			b.Add(end)
		}
		if i%13 == 5 && i < 130 {
			wait := b.Add(tracefile.Event{At: at, Kind: tracefile.Wait, Node: from, Task: "worker 1", Method: "Mutex.Lock", On: "Mutex 1", Text: "held by " + hostile[0]})
			call := b.Add(tracefile.Event{At: at, Kind: tracefile.Call, Node: from, Client: "client 1", Text: "put(" + hostile[0] + ")"})
			b.Add(tracefile.Event{At: at + 1000, Kind: tracefile.Woken, Node: from, Task: "worker 1", Method: "Mutex.Lock", On: "Mutex 1", Began: wait, Took: 1000})
			b.Add(tracefile.Event{At: at + 1500, Kind: tracefile.Timer, Node: from, Task: "worker 1", Method: "Sleep", Took: 500})
			b.Add(tracefile.Event{At: at + 1500, Kind: tracefile.Check, Method: "safe", Text: "always"})
			if i < 100 {
				b.Add(tracefile.Event{At: at + 600_000, Kind: tracefile.Return, Node: from, Client: "client 1", Began: call, Took: 600_000, Text: "done"})
				b.Add(tracefile.Event{At: at + 700_000, Kind: tracefile.Point, Node: from, Client: "client 1", Began: call, Nth: 1, Moment: at + 10})
			}
		}
		if i%500 == 100 {
			b.Add(tracefile.Event{At: at, Kind: tracefile.Fault, Element: i/500 + 1, Text: hostile[5]})
		}
		if i%500 == 400 {
			b.Add(tracefile.Event{At: at, Kind: tracefile.Over, Element: i/500 + 1})
		}
	}
	b.Add(tracefile.Event{At: int64(n) * 1_000_003, Kind: tracefile.Fail, Text: hostile[0]})
	return b.Trace(tracefile.Header{Tool: "x", Go: "go1", World: "tasks", Package: "p", Test: hostile[0], Seed: 7, Digest: "00ff", Virtual: int64(n) * 1_000_003, Failure: hostile[0]})
}

// written is a trace in a format.
func written(t testing.TB, f Format, x *tracefile.Trace) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, x); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Readers of each format, which know nothing of the code that writes it, count the same.
func TestFormatsAgree(t *testing.T) {
	x := sample(130)
	want := x.Count()
	if want.Messages != 130 || want.Faults != 1 || want.Arrived == 0 || want.Dropped == 0 {
		t.Fatalf("the sample has %+v", want)
	}
	for _, f := range Formats() {
		file := written(t, f, x)
		if !strings.HasPrefix(file, f.Beginning()) {
			t.Errorf("%s does not begin with %q", f, f.Beginning())
		}
		if file != written(t, f, sample(130)) {
			t.Errorf("%s of equal traces differ", f)
		}
		got := map[Format]func(*testing.T, string) tracefile.Counts{JSONL: countJSONL, HTML: countHTML, Perfetto: countPerfetto, ShiViz: countShiViz, Mermaid: countMermaid}[f](t, file)
		if f == Mermaid {
			want.Events = got.Events // turns and holds are left out, and the last lines kept
		}
		if got != want {
			t.Errorf("%s has %+v, and not %+v", f, got, want)
		}
		want = x.Count()
	}
}

// kinds counts by the kinds of events.
func kinds(all []string) (c tracefile.Counts) {
	for _, k := range all {
		c.Events++
		switch k {
		case "send":
			c.Messages++
		case "arrive":
			c.Arrived++
		case "drop":
			c.Dropped++
		case "fault":
			c.Faults++
		}
	}
	return c
}

func countJSONL(t *testing.T, file string) tracefile.Counts {
	var all []string
	for _, line := range strings.Split(strings.TrimSpace(file), "\n")[1:] {
		var e struct{ Kind string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Kind)
	}
	return kinds(all)
}

// The page has its data in one element that no payload ends.
func countHTML(t *testing.T, file string) tracefile.Counts {
	if n := strings.Count(file, "</script"); n != 2 {
		t.Errorf("%d script elements end, and there are 2", n)
	}
	data := regexp.MustCompile(`(?s)<script type="application/json" class="trace">(.*?)</script>`).FindStringSubmatch(file)
	var page struct{ Events []struct{ Kind string } }
	if err := json.Unmarshal([]byte(data[1]), &page); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range page.Events {
		all = append(all, e.Kind)
	}
	return kinds(all)
}

// Each event is one that has it as its args, each arrival ends a flow that a sending began, and
// each span that begins ends.
func countPerfetto(t *testing.T, file string) tracefile.Counts {
	var p struct {
		TraceEvents []struct {
			Ph   string
			Cat  string
			ID   int
			Ts   json.Number
			Args struct {
				N    int
				Kind string
			}
		}
	}
	if err := json.Unmarshal([]byte(file), &p); err != nil {
		t.Fatal(err)
	}
	var all []string
	type span struct {
		cat string
		id  int
	}
	flows, spans, ends := map[int]bool{}, map[span]bool{}, 0
	for _, e := range p.TraceEvents {
		if e.Args.N > 0 {
			all = append(all, e.Args.Kind)
		}
		switch e.Ph {
		case "s":
			flows[e.ID] = true
		case "f":
			if ends++; !flows[e.ID] {
				t.Errorf("the flow %d ends and has not begun", e.ID)
			}
		case "b":
			spans[span{e.Cat, e.ID}] = true
		case "e":
			if !spans[span{e.Cat, e.ID}] {
				t.Errorf("the span %d ends and has not begun", e.ID)
			}
			delete(spans, span{e.Cat, e.ID})
		}
	}
	c := kinds(all)
	if len(flows) != c.Messages || ends != c.Arrived || len(spans) != 0 {
		t.Errorf("%d flows begin and %d end, and %d spans stay open", len(flows), ends, len(spans))
	}
	return c
}

// What arrives is behind its sending by the vector clocks, and each host counts its own.
func countShiViz(t *testing.T, file string) tracefile.Counts {
	re := regexp.MustCompile(`(.*)\n(\S*) (\{.*\})\n`)
	var all []string
	own := map[string]uint64{}
	for _, m := range re.FindAllStringSubmatch(strings.TrimPrefix(file, shivizBeginning), -1) {
		var clock map[string]uint64
		if err := json.Unmarshal([]byte(m[3]), &clock); err != nil {
			t.Fatalf("%s: %v", m[3], err)
		}
		if own[m[2]]++; clock[m[2]] != own[m[2]] {
			t.Errorf("the clock of %s is %v, and it is its event %d", m[2], clock, own[m[2]])
		}
		kind, _, _ := strings.Cut(m[1], " ")
		if kind == "arrive" && len(clock) < 2 {
			t.Errorf("%s has seen nothing of its sender: %v", m[1], clock)
		}
		all = append(all, kind)
	}
	return kinds(all)
}

func countMermaid(t *testing.T, file string) tracefile.Counts {
	var c tracefile.Counts
	if _, err := fmt.Sscanf(strings.Split(file, "\n")[1], "%%%% %d events, %d messages, %d fault;", &c.Events, &c.Messages, &c.Faults); err != nil {
		t.Fatalf("%v in %q", err, strings.Split(file, "\n")[1])
	}
	c.Arrived, c.Dropped = strings.Count(file, "->>"), strings.Count(file, "-xp")
	if all := c.Arrived + c.Dropped + strings.Count(file, "--)p"); all != mostMermaidOf(file) {
		t.Errorf("%d messages are drawn in %d lines", all, mostMermaidOf(file))
	}
	x := sample(130)
	if n := len(mermaidLines(x, map[string]string{"n0": "p0", "n1": "p1", hostile[0]: "p2"})); n > mostMermaid {
		// The last lines alone are there: the counts are those of all lines.
		c.Arrived, c.Dropped = x.Count().Arrived, x.Count().Dropped
	}
	return c
}

// mostMermaidOf is how many lines of a diagram are messages.
func mostMermaidOf(file string) (n int) {
	for line := range strings.Lines(file) {
		if regexp.MustCompile(`^    p\d(->>|-x|--\))p\d: `).MatchString(line) {
			n++
		}
	}
	return n
}

func TestFormatOf(t *testing.T) {
	for _, tt := range []struct{ name, path, want string }{
		{"", "", "html"}, {"", "a/b.HTML", "html"}, {"", "x.jsonl", "jsonl"}, {"", "x.json", "perfetto"}, {"", "x.shiviz.txt", "shiviz"}, {"", "x.mmd", "mermaid"},
		{"jsonl", "x.html", "jsonl"}, {"svg", "", "svg\" is no format"}, {"", "x.pdf", "does not say by its end"},
	} {
		f, err := FormatOf(tt.name, tt.path)
		if got := string(f) + fmt.Sprint(err); !strings.Contains(got, tt.want) {
			t.Errorf("%q %q: %s", tt.name, tt.path, got)
		}
	}
}
