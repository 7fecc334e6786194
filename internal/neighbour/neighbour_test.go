package neighbour

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/tracefile"
)

// trace builds a trace of events that are a millisecond apart, unless they say when they are.
func trace(failure string, events ...tracefile.Event) *tracefile.Trace {
	var b tracefile.Builder
	at := int64(0)
	for _, e := range events {
		if at += int64(time.Millisecond); e.At == 0 {
			e.At = at
		}
		at = e.At
		b.Add(e)
	}
	if failure != "" {
		b.Add(tracefile.Event{At: at, Kind: tracefile.Fail, Text: failure})
	}
	return b.Trace(tracefile.Header{Package: "example.com/raft", Failure: failure, Virtual: at})
}

func event(kind tracefile.Kind, node, peer, method string, nth uint64) tracefile.Event {
	return tracefile.Event{Kind: kind, Node: node, Peer: peer, Method: method, Nth: nth}
}

func turn(task, where string) tracefile.Event {
	return tracefile.Event{Kind: tracefile.Turn, Task: task, Where: where}
}

func TestTell(t *testing.T) {
	send := event(tracefile.Send, "n1", "n2", "Raft.Append", 7)
	send.At = int64(3 * time.Millisecond)
	drop := event(tracefile.Drop, "n1", "n2", "Raft.Append", 7)
	drop.Fate = "cut"
	arrive := event(tracefile.Arrive, "n1", "n2", "Raft.Append", 7)
	late := arrive
	late.At, late.Fate = int64(30*time.Millisecond), "held back"
	arrive.At, drop.At = int64(4*time.Millisecond), int64(4*time.Millisecond)
	beat := event(tracefile.Send, "n0", "n1", "Raft.Beat", 3)
	beat.At = int64(6 * time.Millisecond)
	vote := event(tracefile.Send, "n2", "n0", "Raft.Vote", 1)
	leads := tracefile.Event{Kind: tracefile.Log, Node: "n2", Text: "leads term 2\nand more"}
	fault := tracefile.Event{Kind: tracefile.Fault, Text: "cut n1 → n2"}
	cut := event(tracefile.Cut, "n1", "n2", "", 0)
	crash := event(tracefile.Crash, "n2", "", "", 1)
	holds, others := send, send
	holds.Text, others.Text = "{Term:2 Entries:[a b]}", "{Term:2 Entries:[a]}"
	own := tracefile.Event{Kind: tracefile.Go, Task: "goroutine 0000abcd", Where: "example.com/raft.start:9 < example.com/raft.TestA:3", Text: "started by goroutine 00000001"}
	known := own
	known.Task = "raft.work 0000abcd"
	held := turn("raft.work 0000abcd", "sync.(*Mutex).Lock:7 < example.com/raft.(*Raft).tick:41 < example.com/raft.work:12")
	for name, tt := range map[string]struct {
		failing, passing *tracefile.Trace
		want             string
	}{
		"a message is cut off": {
			trace("f", fault, cut, send, drop, vote, leads), trace("", send, arrive, beat),
			"0.004s Append #7 from n1 to n2 is cut off, then 0.005s n2 sends Vote #1 to n0 | 0.004s it arrives, then 0.006s n0 sends Beat #3 to n1",
		},
		"it comes late, and others go on": {
			trace("f", send, beat, late, leads), trace("", send, arrive, beat),
			"0.03s Append #7 from n1 reaches n2 (held back), then 0.031s n2 says: leads term 2 | 0.004s it arrives, then nothing",
		},
		"it is not sent": {
			trace("f", beat, vote), trace("", send, beat),
			"0.006s n1 does not send Append #7 to n2, then 0.007s n2 sends Vote #1 to n0 | 0.003s it is sent, then nothing",
		},
		"it is not sent where it passes": {
			trace("f", send), trace("", beat),
			"0.003s n1 sends Append #7 to n2, then nothing | 0s it is not sent, then nothing",
		},
		"a node crashes": {
			trace("f", crash, beat), trace("", beat, late),
			"0.001s n2 crashes, then nothing | 0.03s Append #7 from n1 reaches n2 (held back), then nothing",
		},
		"it holds something else": {
			trace("f", holds), trace("", others),
			"0.003s n1 sends Append #7 to n2 with Entries:[a b], then nothing | 0.003s it is sent with Entries:[a], then nothing",
		},
		"a goroutine goes on": {
			trace("f", known, held), trace("", own),
			"0.002s the goroutine of start:9 goes on at (*Raft).tick:41, then nothing | 0s it has ended, then nothing",
		},
		"the neighbour fails":        {trace("f", drop), trace("g", arrive), "none"},
		"the failure did not happen": {trace("", drop), trace("", arrive), "none"},
		"no trace":                   {nil, trace("", arrive), "none"},
	} {
		n := Tell(tt.failing, tt.passing, "the fault")
		got := "none"
		if n != nil {
			then := func(words string, at time.Duration) string {
				if words == "" {
					return "nothing"
				}
				return fmt.Sprintf("%gs %s", at.Seconds(), words)
			}
			got = fmt.Sprintf("%gs %s, then %s | %gs %s, then %s", n.With.At.Seconds(), n.With.Words, then(n.With.Then, n.With.ThenAt), n.Without.At.Seconds(), n.Without.Words, then(n.Without.Then, n.Without.ThenAt))
		}
		if got != tt.want {
			t.Errorf("%s:\n%s, and not\n%s", name, got, tt.want)
		}
	}
}

// Services are left out of names only if no two methods are one then, and names of the
// program's have no effect on a terminal.
func TestTellNames(t *testing.T) {
	drop := event(tracefile.Drop, "n1", "n2", "Raft.Get", 1)
	other := event(tracefile.Send, "n2", "n1", "KV.Get", 1)
	n := Tell(trace("f", drop, other), trace("", other), "x")
	if n == nil || n.With.Words != "Raft.Get #1 from n1 to n2 does not arrive" {
		t.Errorf("%+v", n)
	}
	evil := event(tracefile.Drop, "n\x1b[2K1", "n2", "Ra\nft", 1)
	n = Tell(trace("f", evil), trace(""), "the \x1b[31mfault")
	if n == nil {
		t.Fatal("nothing is told")
	}
	if text := strings.Join(n.Lines(), "|"); strings.ContainsAny(text, "\x1b\n") {
		t.Errorf("%q", text)
	}
}
