package story

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// message is a call from one node to another, so many milliseconds into the run.
func message(ms, from, to int, kind, args string) Event {
	lane := func(i int) Lane { return Lane{i, fmt.Sprintf("n%d", i)} }
	return Event{Row: Row{At: time.Duration(ms) * time.Millisecond, From: lane(from), To: lane(to), Text: kind + " #1"}, What: Delivery, Kind: kind, Nth: "#1", Args: args, Took: time.Millisecond}
}

func shown(e Ending) string { return strings.Join(draw(e.Rows), "\n") }

// Of hundreds of heartbeats little is shown; the fault, what it met, the election that followed
// and the call of which the failure speaks are.
func TestPickLeavesOutWhatIsUsual(t *testing.T) {
	var events []Event
	add := func(e Event) {
		e.N = uint64(len(events) + 1)
		events = append(events, e)
	}
	for i := range 100 {
		switch i {
		case 3:
			add(message(10*i+1, 3, 1, "KV.Put", "{Key:\"x\" Value:\"c3.7\"}"))
		case 40:
			add(Event{Row: Row{At: 400 * time.Millisecond, Text: "fault  cut n1 → n2"}, What: Strike})
		case 50:
			lost := message(500, 1, 2, "Raft.Append", "{Term:1}")
			lost.What, lost.Mark = Mishap, Cross
			lost.Text += " is cut off"
			add(lost)
		case 60:
			add(message(605, 2, 1, "Raft.Vote", "{Term:2}"))
		}
		add(message(10*i+5, 1, 2, "Raft.Append", "{Term:1 Prev:0}"))
		add(message(10*i+6, 1, 3, "Raft.Append", "{Term:1 Prev:0}"))
	}
	add(Event{Row: Row{At: time.Second, Text: "fail  c3.7 is gone"}, What: Broken, Cause: uint64(len(events))})
	e := Pick(events, 5, "n2 has lost c3.7", 12)
	text := shown(e)
	for _, want := range []string{"fault  cut n1 → n2", "Append #1 is cut off", "Vote #1  Term:2", `Put #1  Key:"x" Value:"c3.7"`, "fail  c3.7 is gone", "… 78 × Append …"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if e.All != 5+len(events) || len(e.Rows) > 12 {
		t.Errorf("%d of %d rows\n%s", len(e.Rows), e.All, text)
	}
	total := 5
	for _, r := range e.Rows {
		if r.Mark != Folded {
			total += r.Count()
		}
		for _, f := range r.Fold {
			total += f.Times
		}
	}
	if total != e.All {
		t.Errorf("the rows stand for %d of %d events", total, e.All)
	}
}

// What led to the failure, cause by cause, is shown before what has only happened.
func TestPickFollowsCauses(t *testing.T) {
	var events []Event
	for i := range 60 {
		e := message(i, 1+i%2, 2-i%2, "Ring.Pass", fmt.Sprintf("{Hop:%d}", i))
		e.N = uint64(i + 1)
		events = append(events, e)
	}
	events[40].Cause, events[30].Cause = 31, 21
	events = append(events, Event{Row: Row{At: time.Second, Text: "fail"}, What: Broken, N: 61, Cause: 41})
	text := shown(Pick(events, 0, "", 9))
	for _, want := range []string{"Hop:40", "Hop:30", "Hop:20"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

// The same message to several nodes at once is one row, and so is the same from several; what
// is not said again is not shown again.
func TestPickOneRowForMany(t *testing.T) {
	reply := func(ms, from, to int, args string) Event {
		e := message(ms, from, to, "Raft.Vote", args)
		e.Reply, e.Text = true, "Raft.Vote reply #1"
		return e
	}
	odd := message(3, 1, 3, "Raft.Vote", "{Term:2 Last:0 Data:172 bytes}")
	odd.Nth, odd.Text = "#2", "Raft.Vote #2"
	e := Pick([]Event{
		message(1, 2, 1, "Raft.Vote", "{Term:1 Last:0}"), message(1, 2, 3, "Raft.Vote", "{Term:1 Last:0}"),
		reply(2, 1, 2, "{Granted:true}"), reply(2, 3, 2, "{Granted:true}"),
		message(3, 1, 2, "Raft.Vote", "{Term:2 Last:0 Data:172 bytes}"), odd,
		message(4, 1, 2, "Raft.Vote", "{Term:2 Last:5}"), message(4, 1, 3, "Raft.Vote", "{Term:2 Last:4}"),
		reply(5, 1, 2, "{Granted:false}"),
		{Row: Row{At: time.Second, From: Lane{1, "n1"}, To: Lane{2, "n2"}, Text: "Raft.Vote #9"}, What: Sending, Kind: "Raft.Vote", Nth: "#9", Args: "{Term:3 Last:4}"},
		{Row: Row{At: time.Second, From: Lane{1, "n1"}, To: Lane{3, "n3"}, Text: "Raft.Vote #8"}, What: Sending, Kind: "Raft.Vote", Nth: "#8", Settled: true},
	}, 0, "", 20)
	const want = `              n1      n2      n3
0.001000s      ◀───────●───────▶  Vote #1  Term:1
0.002000s      ●───────▶───────●  Vote reply #1  Granted:true
0.003000s      ├───────▶───────▶  Vote #1, #2  Term:2 Data:172 bytes
0.004000s      ├───────▶       │  Vote #1  Last:5
0.004000s      ├───────┼───────▶  Vote #1  Last:4
0.005000s      ├───────▶       │  Vote reply #1  Granted:false
1.000000s      ├────── │       │  Vote #9 sent  Term:3`
	if got := shown(e); got != want || e.All != 10 {
		t.Errorf("of %d:\n%s\nwant\n%s", e.All, got, want)
	}
	if got := e.Title(); got != "all that happened, each message where it arrives (▶) or is sent (╴), with what is new in it" {
		t.Error(got)
	}
}

// Fields of arguments that are no struct, that are cut, or that hold brackets in quotes.
func TestFields(t *testing.T) {
	for args, want := range map[string]string{
		`{A:1 B:{C:[1 2] D:"a b}"} E:""}`: `A:1 B:{C:[1 2] D:"a b}"}`,
		`{A:172 bytes B:2 entries of …`:   `A:172 bytes B:2 entries of …`,
		`7`:                               `7`,
		`{}`:                              ``,
		`{"a b":1}`:                       `{"a b":1}`,
		`{A:"\" :" B:nil}`:                `A:"\" :"`,
	} {
		if got := newFields(args, "", nil); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
	if got := newFields("{A:1 B:0 C:3}", "{A:1 B:2 C:4}", map[string]bool{"B": true}); got != "C:3 B:0" {
		t.Error(got)
	}
}

// Whatever happened, a story has no more rows than there is room for, none is wider than
// a story, the failure is among them, each event is shown or counted, and equal events give equal rows.
func TestPickLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Event {
			e := message(rapid.IntRange(0, 50).Draw(t, "at"), rapid.IntRange(0, 4).Draw(t, "from"), rapid.IntRange(0, 4).Draw(t, "to"), rapid.SampledFrom([]string{"", "S.Ask", "S.Tell"}).Draw(t, "kind"), rapid.SampledFrom([]string{"", "{A:1}", "{A:2 B:[", "long " + strings.Repeat("x", 120)}).Draw(t, "args"))
			e.What = What(rapid.IntRange(0, int(Broken)).Draw(t, "what"))
			e.Mark = rapid.SampledFrom([]Mark{Happens, Cross, Waits, OfLink, Remark}).Draw(t, "mark")
			e.Hash, e.Settled = rapid.Uint64Range(0, 2).Draw(t, "hash"), rapid.Bool().Draw(t, "settled")
			return e
		}), 0, 60).Draw(t, "events")
		for i := range events {
			events[i].N = uint64(i + 1)
			events[i].Cause = rapid.Uint64Range(0, uint64(i)).Draw(t, "cause")
		}
		lines := rapid.IntRange(4, 30).Draw(t, "lines")
		again := append([]Event(nil), events...)
		broken, rows := false, 0
		for _, e := range events {
			broken = broken || e.What == Broken
			if e.What != Sending || !e.Settled && e.Kind != "" {
				rows++
			}
		}
		e := Pick(events, 0, "n1 says 12", lines)
		if len(e.Rows) > lines || e.All != rows {
			t.Fatalf("%d rows in %d lines, of %d of %d", len(e.Rows), lines, e.All, rows)
		}
		failed := false
		for i := range e.Rows {
			r := &e.Rows[i]
			failed = failed || r.Mark != Folded && strings.Contains(r.Text, "#1")
			rows -= r.Count()
			if r.Mark == Folded {
				rows++
			}
			for _, f := range r.Fold {
				rows -= f.Times
			}
		}
		if rows != 0 {
			t.Fatalf("%d events are neither shown nor counted", rows)
		}
		if broken && !failed && len(e.Rows) > 0 {
			t.Fatalf("the failure is missing:\n%s", shown(e))
		}
		for _, l := range draw(e.Rows) {
			if utf8.RuneCountInString(l) > Width-margins {
				t.Fatalf("%d columns: %s", utf8.RuneCountInString(l), l)
			}
		}
		if other := Pick(again, 0, "n1 says 12", lines); shown(e) != shown(other) {
			t.Fatalf("%s\nand again\n%s", shown(e), shown(other))
		}
	})
}

// Where there was nothing but heartbeats for long, the row that stands for them says so.
func TestNothingButHeartbeats(t *testing.T) {
	a, b := Lane{Index: 1, Name: "a"}, Lane{Index: 2, Name: "b"}
	build := func(odd bool) []Event {
		var events []Event
		at := func(i int) time.Duration { return time.Duration(i) * 100 * time.Millisecond }
		for i := range 60 {
			beat := Event{Row: Row{At: at(i), From: a, To: b, Text: fmt.Sprint("Beat #", i)}, What: Delivery, Kind: "Beat"}
			back := Event{Row: Row{At: at(i), From: b, To: a, Text: fmt.Sprint("Beat reply #", i)}, What: Delivery, Kind: "Beat", Reply: true}
			if odd && i%10 == 9 {
				beat.Kind = "Other"
			}
			events = append(events, beat, back)
		}
		return append(events, Event{Row: Row{At: at(60), Text: "fail"}, What: Broken})
	}
	told := func(odd bool) string {
		e := Pick(build(odd), 0, "it fails", 8)
		return strings.Join(e.Diagram(), "\n")
	}
	if got := told(false); !regexp.MustCompile(`… for 5\.\ds nothing but \d+ × Beat, \d+ replies …`).MatchString(got) {
		t.Errorf("heartbeats:\n%s", got)
	}
	if got := told(true); strings.Contains(got, "nothing but") {
		t.Errorf("there was more:\n%s", got)
	}
}
