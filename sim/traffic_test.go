package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/host/hosttest"
	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/story"
)

// sending runs a world of two nodes whose sockets send something, and returns what its story
// would show.
func sending(t *testing.T, send func(h *hosttest.Host), fn func(w *World)) *story.Story {
	t.Helper()
	s := &story.Story{}
	hosttest.Run(t, 1, func(h *hosttest.Host) {
		var c chronicle
		r := Run(Config{Seed: 1, host: h, Trace: c.keep}, func(w *World) {
			w.Node("a").Start(func() {})
			w.Node("b").Start(func() {})
			send(h)
			fn(w)
		})
		x := c.with(r.sent, r.sentBefore)
		x.tell(s)
	})
	return s
}

// piece is one that takes a millisecond.
func piece(at time.Duration, fate traffic.TrafficFate, from, to int) traffic.TrafficEvent {
	return traffic.TrafficEvent{At: int64(at), Sent: int64(at - time.Millisecond), What: traffic.TrafficPiece, Fate: fate, From: from, To: to, Conn: 1, Nth: 1, Size: 9}
}

// Each thing that is sent is a row, which says what became of it.
func TestRowsOfTraffic(t *testing.T) {
	ms := time.Millisecond
	with := func(e traffic.TrafficEvent, f func(e *traffic.TrafficEvent)) traffic.TrafficEvent {
		f(&e)
		return e
	}
	for _, c := range []struct {
		e     traffic.TrafficEvent
		row   string
		wrong bool
	}{
		{piece(2*ms, traffic.TrafficArrives, 1, 2), `a→b "" 9 bytes #1.1`, false},
		{piece(2*ms, traffic.TrafficCut, 2, 1), `b→a "cross" 9 bytes #1.1 cut off`, true},
		{piece(2*ms, traffic.TrafficWaits, 1, 2), `a→b "waits" 9 bytes #1.1 held`, true},
		{piece(2*ms, traffic.TrafficDown, 1, 2), `a→b "cross" 9 bytes #1.1: the node is down`, true},
		{piece(2*ms, traffic.TrafficBroken, 1, 2), `a→b "cross" 9 bytes #1.1 lost by a reset`, true},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.Before = traffic.TrafficCut }), `a→b "" 9 bytes #1.1, sent again, after 1ms`, false},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.Before = traffic.TrafficWaits }), `a→b "" 9 bytes #1.1, released, after 1ms`, false},
		{with(piece(2*ms, traffic.TrafficArrives, 0, 2), func(e *traffic.TrafficEvent) { e.Head = "GET /x HTTP/1.1\r\n" }), `main→b "" GET /x #1.1`, false},
		{with(piece(2*ms, traffic.TrafficLost, 1, -1), func(e *traffic.TrafficEvent) { e.What, e.Nth = traffic.TrafficDatagram, 0 }), `a→ "cross" 9 bytes lost`, true},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.What, e.Copy, e.Wrong = traffic.TrafficDatagram, true, true }), `a→b "" 9 bytes #1 again with a wrong bit, after 1ms`, true},
		{with(piece(2*ms, traffic.TrafficNoRoom, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficDatagram }), `a→b "cross" 9 bytes #1 finds no room`, true},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficDial }), `a→b "" dial #1`, false},
		{with(piece(2*ms, traffic.TrafficRefused, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficDial }), `a→b "cross" dial #1 refused`, true},
		{with(piece(2*ms, traffic.TrafficUnanswered, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficDial }), `a→b "cross" dial #1 not answered`, true},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficEnd }), `a→b "" close #1`, false},
		{with(piece(2*ms, traffic.TrafficArrives, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficReset }), `a→b "" reset #1`, true},
		{with(piece(2*ms, traffic.TrafficBroken, 1, 2), func(e *traffic.TrafficEvent) { e.What = traffic.TrafficReset }), `a→b "link" reset #1`, true},
	} {
		// Among many others it is shown if it went wrong.
		s := sending(t, func(h *hosttest.Host) { h.Sent.Add(c.e, []byte(c.e.Head)) }, func(w *World) {
			w.Sleep(10 * ms)
			for i := range 2 * mostDiagram {
				w.Logf("%d", i)
			}
			w.Failf("so")
		})
		if got := strings.Contains(s.String(), strings.SplitN(c.row, `" `, 2)[1]); c.wrong && !got {
			t.Errorf("%s is not told:\n%s", c.row, s)
		}
		s = sending(t, func(h *hosttest.Host) { h.Sent.Add(c.e, []byte(c.e.Head)) }, func(w *World) { w.Sleep(10 * ms); w.Failf("so") })
		if len(s.Ending.Rows) != 4 {
			t.Fatalf("%s: rows %+v", c.row, s.Ending.Rows)
		}
		r := s.Ending.Rows[2]
		if got := fmt.Sprintf("%s→%s %q %s", r.From.Name, r.To.Name, r.Mark, r.Text); got != c.row || r.At != 2*ms {
			t.Errorf("%s at %v, want %s", got, r.At, c.row)
		}
	}
}

// Rows are in the order of time, those of the trace behind what arrives at their instant; what
// has not arrived, or arrives after the failure, is none; and what is the same again is counted.
func TestTrafficAmongRecords(t *testing.T) {
	ms := time.Millisecond
	s := sending(t, func(h *hosttest.Host) {
		for _, at := range []time.Duration{30 * ms, 20 * ms, 5 * ms, 40 * ms, 1000 * ms} {
			h.Sent.Add(piece(at, traffic.TrafficArrives, 1, 2), nil)
		}
		h.Sent.Add(piece(5*ms, traffic.TrafficArrives, 1, 2), nil)
		h.Sent.Add(piece(31*ms, traffic.TrafficArrives, 1, 2), nil)
	}, func(w *World) {
		w.Sleep(10 * ms)
		w.Logf("once")
		w.Sleep(10 * ms)
		w.Logf("twice")
		w.Sleep(5 * ms)
		w.Logf("twice")
		w.Sleep(10 * ms)
		w.Failf("so")
	})
	var got []string
	for _, r := range s.Ending.Rows[2:] {
		got = append(got, fmt.Sprintf("%v %s %d %v", r.At, strings.Fields(r.Text)[0], r.Times, r.Until))
	}
	want := "5ms 9 2 5ms; 10ms once 0 0s; 20ms 9 0 0s; 20ms twice 2 25ms; 30ms 9 2 31ms; 35ms fail 0 0s"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	if text := s.String(); !strings.Contains(text, "twice (2 times, until 25ms)") {
		t.Error(text)
	}
}

// Of thousands the last ones are shown, and all are counted.
func TestMuchTraffic(t *testing.T) {
	const n, logs = traffic.TrafficMost + 10, 5000
	s := sending(t, func(h *hosttest.Host) {
		for i := range n {
			e := piece(time.Duration(i)*time.Microsecond+time.Millisecond, traffic.TrafficArrives, 1+i%2, 2-i%2)
			e.Nth = uint64(i + 1)
			h.Sent.Add(e, nil)
		}
	}, func(w *World) {
		for i := range logs {
			w.Logf("%d", i)
		}
		w.Sleep(time.Second)
		w.Failf("so")
	})
	if all := 2 + n + logs + 1; s.Ending.All != all || len(s.Ending.Rows) > mostDiagram {
		t.Errorf("%d of %d rows, want %d", len(s.Ending.Rows), s.Ending.All, all)
	}
	if text := s.String(); !strings.Contains(text, fmt.Sprintf("of %d events)", s.Ending.All)) || !strings.Contains(text, fmt.Sprint(" ", logs-1, "\n")) || !strings.Contains(text, "4096 × 9 bytes") {
		t.Error(text)
	}
}

// A long run is told from its last events.
func TestRecordsForget(t *testing.T) {
	var x records
	for i := range mostEvents + 10 {
		r := Record{Seq: uint64(i + 1), What: Note, Text: "said"}
		if i%2 == 0 {
			r.Text = "other"
		}
		x.keep(r)
	}
	if len(x.events) != mostEvents/2+10 || x.left != mostEvents/2 || x.events[0].N != mostEvents/2+1 {
		t.Errorf("%d events from %d on, %d left", len(x.events), x.events[0].N, x.left)
	}
}
